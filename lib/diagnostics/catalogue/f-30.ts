// F-30: the load balancer sends to pod addresses of an overlay.
import { openRoutes } from "../buttons";
import { routeEvidence } from "../facts";
import type { Failure } from "../failure";

export const f30: Failure = {
  id: "F-30", title: "The load balancer sends to pod addresses of an overlay", area: "ingress", severity: "critical",
  symptom: "504 from the load balancer.",
  look: (facts) => routeEvidence(facts, "ip-overlay"),
  cause: "target-type ip needs pod addresses that the VPC can route; Calico's are an overlay.",
  fix: [
    { say: "Use target-type instance.", command: "kubectl -n <namespace> annotate ingress <ingress> alb.ingress.kubernetes.io/target-type=instance --overwrite" },
    { say: "See the way.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-30",
};
