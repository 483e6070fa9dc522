// F-59: Calico's Typha cannot be reached.
import type { Failure } from "../failure";

export const f59: Failure = {
  id: "F-59", title: "Calico's Typha cannot be reached", area: "network", severity: "critical",
  symptom: "calico-node says dial tcp …:5473.",
  says: [/dial tcp \S+:5473/],
  cause: "An installation by the operator needs TCP 5473 between machines, which is closed.",
  fix: [{ say: "Open TCP 5473 between the machines, or install Calico by its manifest.", command: "aws ec2 authorize-security-group-ingress --protocol tcp --port 5473 --group-id <group> --source-group <other group>" }],
  source: "domain.md 4.7, F-59",
};
