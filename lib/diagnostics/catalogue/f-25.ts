// F-25: UDP 4789 is closed between machines.
import { openRoutes } from "../buttons";
import { routeEvidence } from "../facts";
import { fromCluster, type Failure } from "../failure";

export const f25: Failure = {
  id: "F-25", title: "UDP 4789 is closed between machines", area: "network", severity: "critical",
  symptom: "Pods on different machines do not reach each other; DNS times out on some.",
  says: [/lookup \S+ on \S+:53: [\s\S]*i\/o timeout/, /read udp \S+->\S+:53: i\/o timeout/],
  means: fromCluster,
  look: (facts) => routeEvidence(facts, "vxlan-closed"),
  cause: "A security group does not let VXLAN's packets in.",
  fix: [
    { say: "Open UDP 4789 inside and between the groups of control plane and workers.", command: "aws ec2 authorize-security-group-ingress --protocol udp --port 4789 --group-id <group> --source-group <other group>" },
    { say: "See which machines.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-25",
};
