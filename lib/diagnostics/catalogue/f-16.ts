// F-16: a joining node cannot reach the API server.
import type { Failure } from "../failure";

export const f16: Failure = {
  id: "F-16", title: "A joining node cannot reach the API server", area: "runtime", severity: "critical",
  symptom: "couldn't validate the identity of the API Server.",
  says: [/couldn't validate the identity of the API Server/i],
  cause: "The security group does not let the workers in on TCP 6443 of the control plane.",
  fix: [{ say: "Add the rule and join again.", command: "aws ec2 authorize-security-group-ingress --group-id <control plane's group> --protocol tcp --port 6443 --source-group <workers' group>" }],
  source: "domain.md 4.7, F-16",
};
