// F-02: a machine is not known to Session Manager.
import type { Failure } from "../failure";

export const f02: Failure = {
  id: "F-02", title: "A machine is not known to Session Manager", area: "access", severity: "warning",
  symptom: "SSM says TargetNotConnected.",
  says: [/TargetNotConnected/],
  cause: "The instance has no instance profile with SSM's policy, or its agent has not registered yet, which takes two to five minutes.",
  fix: [
    { say: "Wait five minutes after the machine's start." },
    { say: "Attach the instance profile with AmazonSSMManagedInstanceCore and restart the agent.", command: "aws ec2 associate-iam-instance-profile --instance-id <instance> --iam-instance-profile Name=<profile>" },
  ],
  source: "domain.md 4.7, F-02",
};
