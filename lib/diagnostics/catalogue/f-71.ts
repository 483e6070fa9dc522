// F-71: groups of the load balancer controller name each other.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f71: Failure = {
  id: "F-71", title: "Groups of the load balancer controller name each other", area: "teardown", severity: "warning",
  symptom: "DependencyViolation of a k8s-* security group.",
  says: [/DependencyViolation[\s\S]*\bk8s-/],
  cause: "k8s-<group> and k8s-traffic-<cluster> have rules that refer to one another.",
  fix: [
    { say: "Revoke the rules of both, then delete both.", command: "aws ec2 revoke-security-group-ingress --group-id <group> --security-group-rule-ids <rules>" },
    { say: "Retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-71",
};
