// F-57: metrics-server is never ready.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";

const patienceMs = 120_000;

export const f57: Failure = {
  id: "F-57", title: "metrics-server is never ready", area: "components", severity: "warning",
  symptom: "metrics-server is 0/1; autoscalers have no data.",
  look: (facts) => facts.unwell.flatMap((pod) =>
    pod.name.startsWith("metrics-server-") && pod.phase === "Running" && !pod.ready && facts.now - pod.createdAt > patienceMs ? [{ subject: podSubject(pod), say: `${pod.name} runs and has not been ready since its start.`, since: pod.createdAt }] : []),
  cause: "It does not trust the kubelets' own certificates.",
  fix: [
    { say: "Let it take them as they are, or give kubelets certificates of the cluster (serverTLSBootstrap).", command: "kubectl -n kube-system patch deployment metrics-server --type json -p '[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/args/-\",\"value\":\"--kubelet-insecure-tls\"}]'" },
    { say: "See the pod.", button: openPod },
  ],
  source: "domain.md 4.7, F-57",
};
