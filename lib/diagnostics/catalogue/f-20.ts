// F-20: a machine keeps the state of an earlier join.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f20: Failure = {
  id: "F-20", title: "A machine keeps the state of an earlier join", area: "runtime", severity: "critical",
  symptom: "kubeadm's preflight says that files exist or that port 10250 is in use.",
  says: [/\[ERROR (FileAvailable|DirAvailable)--(etc-kubernetes|var-lib)/, /\[ERROR Port-10250\]/],
  cause: "An earlier run joined it halfway.",
  fix: [
    { say: "Reset the machine, which deletes its state; never on one that has a running control plane.", command: "kubeadm reset -f && rm -rf /etc/cni/net.d /var/lib/cni /var/lib/kubelet" },
    { say: "Then retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-20",
};
