// F-18: kube-proxy's configuration is malformed.
import type { Failure } from "../failure";

export const f18: Failure = {
  id: "F-18", title: "kube-proxy's configuration is malformed", area: "runtime", severity: "critical",
  symptom: "kube-proxy crashes with an error about its configuration; the control plane becomes unreachable from pods.",
  says: [/kubeproxy\.config\.k8s\.io[\s\S]*(no kind|strict decoding error|unknown field)/, /(decode|load)\w*[\s\S]{0,80}KubeProxyConfiguration/i],
  cause: "The ConfigMap was written by hand.",
  fix: [{ say: "Let kubeadm write it.", command: "kubeadm init phase addon kube-proxy --kubeconfig /etc/kubernetes/admin.conf && kubectl -n kube-system rollout restart daemonset kube-proxy" }],
  source: "domain.md 4.7, F-18",
};
