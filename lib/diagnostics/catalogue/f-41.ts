// F-41: the volume driver may not make volumes.
import type { Failure } from "../failure";

export const f41: Failure = {
  id: "F-41", title: "The volume driver may not make volumes", area: "storage", severity: "critical",
  symptom: "UnauthorizedOperation for ec2:CreateVolume.",
  says: [/(UnauthorizedOperation|not authorized)[\s\S]*(CreateVolume|AttachVolume|DetachVolume)/, /(CreateVolume|AttachVolume)[\s\S]*(UnauthorizedOperation|not authorized)/],
  cause: "The machines' role lacks the actions of EBS; a new policy takes 30 to 120 seconds to hold.",
  fix: [{ say: "Give the role the driver's policy, wait two minutes, restart the driver.", command: "kubectl -n kube-system rollout restart deployment ebs-csi-controller" }],
  source: "domain.md 4.7, F-41",
};
