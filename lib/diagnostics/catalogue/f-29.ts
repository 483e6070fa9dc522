// F-29: a Service without a port on the machines stands behind the load balancer.
import { openRoutes } from "../buttons";
import { routeEvidence } from "../facts";
import type { Failure } from "../failure";

export const f29: Failure = {
  id: "F-29", title: "A Service without a port on the machines stands behind the load balancer", area: "ingress", severity: "critical",
  symptom: "503; the target group is empty; the Service is ClusterIP.",
  look: (facts) => routeEvidence(facts, "cluster-ip"),
  cause: "The Ingress registers machines (target-type instance), and a ClusterIP Service has no port on them.",
  fix: [
    { say: "Make the Service a NodePort.", command: "kubectl -n <namespace> patch service <service> -p '{\"spec\":{\"type\":\"NodePort\"}}'" },
    { say: "See the way.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-29",
};
