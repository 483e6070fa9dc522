// The instance profile that a launch names: EC2 learns of what IAM made or changed only after a while.
// Source: provisioning.md, failure table (hashicorp/terraform-provider-aws#13199): one code for both, a real mistake and one too early.
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { Parameters } from "../query.ts";
import type { InstanceProfile, State } from "../state.ts";

export function profileArn({ accountId }: State, profile: InstanceProfile): string {
  return `arn:aws:iam::${accountId}:instance-profile${profile.path}${profile.name}`;
}

export function profileFor(cloud: Cloud, parameters: Parameters): InstanceProfile | null {
  const [name, arn] = [parameters.get("IamInstanceProfile.Name"), parameters.get("IamInstanceProfile.Arn")];
  if (name === undefined && arn === undefined) return null;
  if (name !== undefined && arn !== undefined) throw new AwsError("InvalidParameterCombination", "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'");
  const found = Object.values(cloud.state.profile).find((one) => name === undefined ? profileArn(cloud.state, one) === arn : one.name === name);
  if (!found || found.changedAtMs + cloud.settings.profileReachMs > cloud.clock.nowMs()) {
    throw new AwsError("InvalidParameterValue", name === undefined ? `Value (${arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN` : `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`);
  }
  if (found.roleName === null) throw new AwsError("InvalidParameterValue", `IAM Instance Profile "${profileArn(cloud.state, found)}" has no associated IAM Roles`);
  return found;
}
