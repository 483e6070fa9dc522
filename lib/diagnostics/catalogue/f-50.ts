// F-50: cert-manager's webhook does not answer yet.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f50: Failure = {
  id: "F-50", title: "cert-manager's webhook does not answer yet", area: "components", severity: "warning",
  symptom: "failed calling webhook webhook.cert-manager.io: connection refused or context deadline exceeded.",
  says: [/webhook\.cert-manager\.io[\s\S]*(connection refused|deadline exceeded|no endpoints available)/],
  cause: "Its certificate and endpoints take about a minute after the start.",
  fix: [
    { say: "Wait for the endpoints and sixty seconds more, then try again, up to five times.", command: "kubectl -n cert-manager get endpoints cert-manager-webhook" },
    { say: "Retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-50",
};
