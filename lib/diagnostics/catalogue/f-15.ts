// F-15: a join token was asked for too early.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f15: Failure = {
  id: "F-15", title: "A join token was asked for too early", area: "runtime", severity: "warning",
  symptom: "kubeadm token create says: timed out waiting for the condition.",
  says: [/token[\s\S]*timed out waiting for the condition/i, /timed out waiting for the condition[\s\S]*token/i],
  cause: "The API server does not answer yet.",
  fix: [
    { say: "Wait until /healthz answers, then try up to three times.", command: "kubectl get --raw /healthz" },
    { say: "Retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-15",
};
