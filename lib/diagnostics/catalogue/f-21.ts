// F-21: Calico starts before kube-proxy.
import { openPod } from "../buttons";
import { about, type Failure } from "../failure";

export const f21: Failure = {
  id: "F-21", title: "Calico starts before kube-proxy", area: "network", severity: "critical",
  symptom: "calico's install-cni says dial tcp 10.96.0.1:443: i/o timeout.",
  says: [/dial tcp 1\d+\.\d+\.\d+\.\d+:443: i\/o timeout/],
  means: about(/\/calico-node/),
  cause: "Nothing translates the address of the API server's Service yet: there is no kube-proxy on the machine.",
  fix: [
    { say: "Install kube-proxy first; calico-node recovers by itself.", command: "kubeadm init phase addon kube-proxy --kubeconfig /etc/kubernetes/admin.conf" },
    { say: "Look at the pod's log.", button: openPod },
  ],
  source: "domain.md 4.7, F-21",
};
