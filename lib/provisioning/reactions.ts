// What to do about each thing that AWS may answer instead of what was asked: one table, by AWS' code and never by its text.
import type { AwsFault } from "@/lib/adapters/aws/errors";
import { backoffMs } from "@/lib/base/backoff";
import type { Outcome } from "@/lib/jobs/step";

export type FaultClass =
  | "throttle" | "trouble" | "unreachable" | "unknown" | "capacity" | "quota" | "permission" | "credentials" | "account"
  | "eventual" | "settings" | "dependency" | "idempotency" | "exists" | "gone" | "state";

/** What a step was about when it was refused. */
export type Verb = "create" | "change" | "remove" | "read";

export type Move =
  /** The same again, later and later. */
  | "retry"
  /** AWS has not caught up with itself: the same again soon, for a short while. */
  | "look-again"
  /** Whether it was done is not known: look for it before anything else. */
  | "resolve"
  /** None left here: another zone that the plan allows, or wait. */
  | "next-zone"
  /** It is there already: see whether it is as wanted. */
  | "read-again"
  /** There is nothing left to do. */
  | "done"
  /** Something stands in the way: find out what, and name it. */
  | "name-blocker"
  /** The request may not be repeated under its token: make a new one. */
  | "new-token"
  /** A person has to change something. */
  | "stop";

export interface Row {
  codes: readonly string[];
  /** Where AWS uses one code for two things: what else must hold. The only place where its words are read. */
  about?: RegExp;
  class: FaultClass;
  moves: Partial<Record<Verb, Move>> & { otherwise: Move };
  /** A whole sentence for a person. */
  say(fault: AwsFault, doing: string): string;
}

const id = ({ requestId }: AwsFault): string => (requestId === "" ? "" : ` (request ${requestId})`);
const same = (move: Move): Row["moves"] => ({ otherwise: move });
const eventual: Row["moves"] = { remove: "done", otherwise: "look-again" };

export const reactionTable: readonly Row[] = [
  { codes: ["RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException", "EC2ThrottledException", "SlowDown", "PriorRequestNotComplete", "TooManyUpdates"], class: "throttle", moves: same("retry"),
    say: (_, doing) => `AWS is limiting this account's requests when asked to ${doing}; it goes on by itself.` },
  { codes: ["InternalError", "InternalFailure", "InternalServerError", "Unavailable", "ServiceUnavailable", "ServiceFailure", "ServiceFailureException"], class: "trouble", moves: { create: "resolve", otherwise: "retry" },
    say: (fault, doing) => `AWS had trouble of its own when asked to ${doing}${id(fault)}; it is tried again.` },
  { codes: ["CredentialsProviderError", "TokenProviderError"], class: "credentials", moves: same("stop"),
    say: () => "No AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or an instance role for the console, then retry the step." },
  { codes: ["InvalidClientTokenId", "UnrecognizedClientException", "ExpiredToken", "ExpiredTokenException", "SignatureDoesNotMatch", "InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed", "IncompleteSignature", "MissingAuthenticationToken"], class: "credentials", moves: same("stop"),
    say: ({ name }) => `AWS does not accept the console's credentials (${name}). Renew them, and look at this machine's clock; then retry the step. What was made stays as it is.` },
  { codes: ["AuthFailure"], class: "credentials", moves: { remove: "name-blocker", otherwise: "stop" },
    say: () => "AWS rejected the credentials (AuthFailure). Check the access key, this machine's clock, and whether the region is switched on for the account; then retry the step." },
  { codes: ["PendingVerification", "OptInRequired", "Blocked"], class: "account", moves: same("stop"),
    say: ({ name, message }) => `The AWS account itself is held up (${name}): ${message}. Settle that with AWS, then retry the step.` },
  { codes: ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"], class: "permission", moves: same("stop"),
    say: ({ name }, doing) => `The console's role may not ${doing} (${name}). Give it the permission (the policy is in the provisioning guide), then retry the step.` },
  { codes: ["InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientReservedInstanceCapacity", "InsufficientCapacity", "Server.InsufficientInstanceCapacity"], class: "capacity", moves: same("next-zone"),
    say: () => "AWS has no machine of this type left in this zone." },
  { codes: ["MaxSpotInstanceCountExceeded", "SpotMaxPriceTooLow"], class: "capacity", moves: same("stop"),
    say: ({ name }) => `AWS gives no spot machine now (${name}). Take the pool off spot in the blueprint, which costs more, or retry the step later.` },
  { codes: ["Unsupported", "UnsupportedOperation"], class: "settings", moves: same("next-zone"),
    say: ({ message }) => `AWS does not offer that here: ${message}.` },
  { codes: ["VcpuLimitExceeded", "InstanceLimitExceeded"], class: "quota", moves: same("stop"),
    say: () => "The account's vCPU quota is used up. Ask for more at Service Quotas (ec2, L-1216C47A), or end other instances; then retry the step." },
  { codes: ["VpcLimitExceeded"], class: "quota", moves: same("stop"), say: () => "The account has as many networks in this region as it may. Ask for more at Service Quotas (vpc, L-F678F1CE) or delete one; then retry the step." },
  { codes: ["AddressLimitExceeded"], class: "quota", moves: same("stop"), say: () => "The account has as many elastic addresses in this region as it may. Ask for more at Service Quotas (ec2, L-0263D0A3) or release an idle one; then retry the step." },
  { codes: ["RulesPerSecurityGroupLimitExceeded", "SecurityGroupLimitExceeded", "RouteTableLimitExceeded", "InternetGatewayLimitExceeded", "SubnetLimitExceeded", "VolumeLimitExceeded", "MaxIOPSLimitExceeded", "LimitExceeded", "LimitExceededException", "ParameterLimitExceeded"], class: "quota", moves: same("stop"),
    say: ({ name, message }) => `A quota of the account is used up (${name}): ${message}. Raise it at Service Quotas or make room; then retry the step.` },
  { codes: ["InvalidParameterValue"], about: /iam ?instance ?profile/i, class: "eventual", moves: same("look-again"), say: () => "EC2 does not know the new instance profile yet; IAM tells it within two minutes." },
  { codes: ["InvalidInstanceID.NotFound", "InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidVpcID.NotFound", "InvalidSubnetID.NotFound", "InvalidRouteTableID.NotFound", "InvalidInternetGatewayID.NotFound", "InvalidAllocationID.NotFound", "InvalidNetworkInterfaceID.NotFound", "InvalidVolume.NotFound", "InvalidSecurityGroupRuleId.NotFound", "NoSuchEntity", "NoSuchEntityException", "ParameterNotFound"], class: "eventual", moves: eventual,
    say: ({ message }) => `AWS does not know it yet: ${message}.` },
  { codes: ["InvalidPermission.NotFound", "Gateway.NotAttached", "InvalidAssociationID.NotFound", "InvalidRoute.NotFound", "LoadBalancerNotFound", "LoadBalancerNotFoundException", "TargetGroupNotFound", "TargetGroupNotFoundException"], class: "gone", moves: { remove: "done", otherwise: "look-again" }, say: () => "It is gone already." },
  { codes: ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidAMIID.Malformed"], class: "settings", moves: same("stop"), say: ({ name }) => `The image that the plan pinned cannot be used any more (${name}). Make a new plan, which takes the newest image, and build that.` },
  { codes: ["InvalidKeyPair.NotFound"], class: "settings", moves: { remove: "done", otherwise: "stop" }, say: () => "The cluster's key pair is gone from AWS. Make a new plan, which makes it again, and build that." },
  { codes: ["InvalidKeyPair.Duplicate", "InvalidGroup.Duplicate", "InvalidSubnet.Conflict", "InvalidPermission.Duplicate", "RouteAlreadyExists", "Resource.AlreadyAssociated", "EntityAlreadyExists", "EntityAlreadyExistsException", "ParameterAlreadyExists"], class: "exists", moves: same("read-again"),
    say: ({ name }) => `AWS has one already (${name}).` },
  { codes: ["IdempotentParameterMismatch"], class: "idempotency", moves: same("resolve"), say: () => "AWS knows this request under other words: what it made of the first is looked for." },
  { codes: ["IdempotentInstanceTerminated"], class: "idempotency", moves: same("new-token"), say: () => "What this request made before was terminated; it is made anew." },
  { codes: ["InsufficientFreeAddressesInSubnet"], class: "settings", moves: same("stop"), say: ({ message }) => `The subnet has no free address left: ${message}. Give the blueprint a larger subnet or fewer machines.` },
  { codes: ["IncorrectInstanceState", "IncorrectState", "InvalidState", "IncorrectVolumeState"], class: "state", moves: same("look-again"), say: ({ message }) => `It is between two states: ${message}.` },
  { codes: ["OperationNotPermitted"], class: "dependency", moves: same("stop"), say: ({ message }) => `It is protected against this: ${message}. Take the protection off in AWS' console if you mean it, then retry the step.` },
  { codes: ["DependencyViolation", "InvalidIPAddress.InUse", "InvalidAddress.Locked", "VolumeInUse", "DeleteConflict", "DeleteConflictException", "ResourceInUse", "ResourceInUseException", "InvalidNetworkInterface.InUse", "InvalidGroup.InUse"], class: "dependency", moves: same("name-blocker"),
    say: ({ message }) => `Something stands in the way: ${message}.` },
  { codes: ["ConcurrentModification", "ConcurrentModificationException", "EntityTemporarilyUnmodifiable", "ConcurrentTagAccess"], class: "throttle", moves: same("retry"), say: () => "Somebody else changes it at this moment; it is tried again." },
  { codes: ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"], class: "unreachable", moves: same("retry"), say: ({ name }, doing) => `AWS cannot be reached to ${doing} (${name}). Check the network, the region and AWS_ENDPOINT_URL; it is tried again.` },
];

const silence: Row = { codes: [], class: "unknown", moves: { create: "resolve", otherwise: "retry" }, say: (_, doing) => `AWS did not answer when asked to ${doing}; whether it received it is being checked.` };
const refusal: Row = { codes: [], class: "settings", moves: same("stop"), say: ({ name, message }, doing) => `AWS refuses to ${doing} (${name}): ${message}. Correct the blueprint, make a new plan and build that.` };
const brokenOff: Row = { ...silence, class: "trouble", say: (fault, doing) => `AWS could not ${doing} (${fault.name})${id(fault)}; it is tried again.` };

export function rowOf(fault: AwsFault): Row {
  const row = reactionTable.find(({ codes, about }) => codes.includes(fault.name) && (about?.test(fault.message) ?? true));
  return row ?? (fault.status === null ? silence : fault.status >= 500 ? brokenOff : refusal);
}

/** Whether AWS surely did not do it: only then may the record of the intent be closed. */
export function surelyNotDone(fault: AwsFault): boolean {
  return !["unknown", "trouble", "exists", "idempotency"].includes(rowOf(fault).class);
}

export interface Situation { verb: Verb; doing: string; attempt: number; random: number }
export interface Reaction { class: FaultClass; move: Move; say: string; code: string }

export function react(fault: AwsFault, { verb, doing, attempt }: Pick<Situation, "verb" | "doing" | "attempt">): Reaction {
  const row = rowOf(fault);
  const move = row.moves[verb] ?? row.moves.otherwise;
  // The SDK sets its clock by the answer to a request that came too early or too late: the second one tells whether it was that.
  const clockMayBeSet = move === "stop" && row.class === "credentials" && fault.status !== null && attempt < 2;
  return { class: row.class, move: clockMayBeSet ? "retry" : move, say: row.say(fault, doing), code: fault.name };
}

const waits: Record<"throttle" | "trouble" | "soon", { baseMs: number; capMs: number }> = { throttle: { baseMs: 2_000, capMs: 30_000 }, trouble: { baseMs: 5_000, capMs: 60_000 }, soon: { baseMs: 1_000, capMs: 5_000 } };
/** So often the same way may be closed before a person is asked; a throttle never asks. */
export const maxUnreachable = 12;
/** As long as AWS may take to catch up with itself. */
export const maxEventual = 60;

/** What a reaction means for the job, where the step itself has nothing better to do. */
export function toOutcome({ class: kind, move, say, code }: Reaction, { attempt, random, pace }: { attempt: number; random: number; pace: number }): Outcome {
  const after = (wait: keyof typeof waits) => Math.round(backoffMs(waits[wait], attempt - 1, random) * pace);
  const patient = kind === "throttle" || attempt < (kind === "unreachable" ? maxUnreachable : maxEventual);
  switch (move) {
    case "done":
      return { is: "done", say };
    case "retry":
    case "resolve":
      return patient ? { is: "try-again", afterMs: after(kind === "throttle" ? "throttle" : "trouble"), say, code } : { is: "failed", say, code, userError: false };
    case "look-again":
    case "read-again":
    case "new-token":
    case "name-blocker":
      return patient ? { is: "try-again", afterMs: after("soon"), say, code } : { is: "failed", say, code, userError: false };
    case "next-zone":
    case "stop":
      return { is: "failed", say, code, userError: kind !== "idempotency" };
  }
}
