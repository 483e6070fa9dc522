// F-17: kube-proxy's phase ran before the API server was ready.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f17: Failure = {
  id: "F-17", title: "kube-proxy's phase ran before the API server was ready", area: "runtime", severity: "warning",
  symptom: "malformed header: missing HTTP content-type.",
  says: [/malformed header: missing HTTP content-type/],
  cause: "The API server had just started when kubeadm installed its add-on.",
  fix: [
    { say: "Run the phase again, up to five times.", command: "kubeadm init phase addon kube-proxy --kubeconfig /etc/kubernetes/admin.conf" },
    { say: "Retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-17",
};
