// F-63: a security group is still in use.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f63: Failure = {
  id: "F-63", title: "A security group is still in use", area: "teardown", severity: "warning",
  symptom: "DependencyViolation when a security group is deleted.",
  says: [/DependencyViolation[\s\S]*\bsg-/],
  means: ({ text }) => !/\bk8s-/.test(text),
  cause: "An interface has it, or another group's rule names it.",
  fix: [
    { say: "See what holds it; the teardown names it.", button: openJob },
    { say: "Revoke the rules that name it, then delete again.", command: "aws ec2 describe-security-group-rules --filters Name=referenced-group-id,Values=<group>" },
  ],
  source: "domain.md 4.7, F-63",
};
