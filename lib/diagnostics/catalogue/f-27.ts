// F-27: a name leads to a machine and not to the load balancer.
import { openRoutes } from "../buttons";
import { routeEvidence } from "../facts";
import type { Failure } from "../failure";

export const f27: Failure = {
  id: "F-27", title: "A name leads to a machine and not to the load balancer", area: "ingress", severity: "critical",
  symptom: "The site shows an old page or none; DNS answers with the control plane's elastic address.",
  look: (facts) => routeEvidence(facts, "dns"),
  cause: "The record of Route 53 was written before there was a load balancer.",
  fix: [
    { say: "Make it an alias of the load balancer and wait out the old record's lifetime (TTL 300)." },
    { say: "Compare the answers.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-27",
};
