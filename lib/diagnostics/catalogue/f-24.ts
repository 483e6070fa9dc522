// F-24: Calico asks for BGP, which is closed.
import { openRoutes } from "../buttons";
import { routeEvidence } from "../facts";
import type { Failure } from "../failure";

export const f24: Failure = {
  id: "F-24", title: "Calico asks for BGP, which is closed", area: "network", severity: "critical",
  symptom: "BIRD is not ready: BGP not established.",
  says: [/BIRD is not ready/, /BGP not established/],
  look: (facts) => routeEvidence(facts, "calico-bird", "calico-bgp", "calico-mode"),
  cause: "BGP needs TCP 179 between all machines, which the security groups do not open.",
  fix: [{ say: "Let Calico wrap packets in VXLAN, switch the mesh off, and take BIRD out of the probes; each has its own command under Routes.", button: openRoutes }],
  source: "domain.md 4.7, F-24",
};
