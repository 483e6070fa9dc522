// F-70: a VPC does not go.
import { openBuild } from "../buttons";
import type { Failure } from "../failure";

export const f70: Failure = {
  id: "F-70", title: "A VPC does not go", area: "teardown", severity: "warning",
  symptom: "aws_vpc: Still destroying for minutes.",
  says: [/aws_vpc\.\S+: Still destroying/, /DependencyViolation[\s\S]*\bvpc-/, /vpc '?vpc-\w+'? has dependencies/i],
  cause: "What Kubernetes made outside Terraform's state stands in it: load balancers, k8s-* groups, interfaces, volumes.",
  fix: [{ say: "Remove these first; the console's teardown does it in that order.", button: openBuild }],
  source: "domain.md 4.7, F-70",
};
