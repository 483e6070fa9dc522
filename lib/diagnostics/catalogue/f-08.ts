// F-08: the account has no vCPUs left.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f08: Failure = {
  id: "F-08", title: "The account has no vCPUs left", area: "access", severity: "critical",
  symptom: "VcpuLimitExceeded when machines are started.",
  says: [/VcpuLimitExceeded/, /vCPU capacity than your current vCPU limit/, /L-1216C47A[\s\S]*(exceed|too (low|small)|not enough)/],
  cause: "Running On-Demand instances of the standard families are limited by the quota L-1216C47A.",
  fix: [
    { say: "Ask for a higher quota before building.", command: "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 64" },
    { say: "Retry the step when it is granted.", button: openJob },
  ],
  source: "domain.md 4.7, F-08",
};
