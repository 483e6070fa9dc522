// Each refusal of AWS is answered as the failure table says: by its code, with a sentence, and with the right end state.
import { describe, expect, it } from "vitest";
import type { AwsFault } from "@/lib/adapters/aws/errors";
import { maxEventual, maxUnreachable, react, reactionTable, rowOf, surelyNotDone, toOutcome, type FaultClass, type Move, type Verb } from "@/lib/provisioning/reactions";

const fault = (name: string, { status = 400, message = "its own words" }: { status?: number | null; message?: string } = {}): AwsFault => ({ name, message, status, requestId: "req-1" });
const about = { doing: "make vpc/main", attempt: 3 };

/** provisioning.md §4, row by row: the code, what it is, and what is done about it when making and when removing. */
const table: [code: string, status: number | null, kind: FaultClass, create: Move, remove: Move][] = [
  ["RequestLimitExceeded", 503, "throttle", "retry", "retry"], ["Throttling", 400, "throttle", "retry", "retry"], ["ThrottlingException", 400, "throttle", "retry", "retry"],
  ["InternalError", 500, "trouble", "resolve", "retry"], ["Unavailable", 503, "trouble", "resolve", "retry"], ["ServiceUnavailable", 503, "trouble", "resolve", "retry"],
  ["TimeoutError", null, "unknown", "resolve", "retry"], ["ECONNRESET", null, "unknown", "resolve", "retry"], ["EPIPE", null, "unknown", "resolve", "retry"],
  ["InsufficientInstanceCapacity", 500, "capacity", "next-zone", "next-zone"], ["InsufficientHostCapacity", 500, "capacity", "next-zone", "next-zone"],
  ["Unsupported", 400, "settings", "next-zone", "next-zone"], ["MaxSpotInstanceCountExceeded", 400, "capacity", "stop", "stop"],
  ["VcpuLimitExceeded", 400, "quota", "stop", "stop"], ["InstanceLimitExceeded", 400, "quota", "stop", "stop"], ["VpcLimitExceeded", 400, "quota", "stop", "stop"], ["AddressLimitExceeded", 400, "quota", "stop", "stop"],
  ["RulesPerSecurityGroupLimitExceeded", 400, "quota", "stop", "stop"], ["SecurityGroupLimitExceeded", 400, "quota", "stop", "stop"], ["RouteTableLimitExceeded", 400, "quota", "stop", "stop"], ["InternetGatewayLimitExceeded", 400, "quota", "stop", "stop"],
  ["PendingVerification", 400, "account", "stop", "stop"], ["OptInRequired", 401, "account", "stop", "stop"], ["Blocked", 403, "account", "stop", "stop"],
  ["UnauthorizedOperation", 403, "permission", "stop", "stop"], ["AccessDenied", 403, "permission", "stop", "stop"],
  ["AuthFailure", 401, "credentials", "stop", "name-blocker"],
  ["InvalidClientTokenId", 403, "credentials", "stop", "stop"], ["ExpiredToken", 400, "credentials", "stop", "stop"], ["SignatureDoesNotMatch", 403, "credentials", "stop", "stop"], ["RequestExpired", 400, "credentials", "stop", "stop"],
  ["CredentialsProviderError", null, "credentials", "stop", "stop"],
  ["InvalidInstanceID.NotFound", 400, "eventual", "look-again", "done"], ["InvalidGroup.NotFound", 400, "eventual", "look-again", "done"], ["InvalidVpcID.NotFound", 400, "eventual", "look-again", "done"], ["InvalidSubnetID.NotFound", 400, "eventual", "look-again", "done"],
  ["InvalidRouteTableID.NotFound", 400, "eventual", "look-again", "done"], ["InvalidAllocationID.NotFound", 400, "eventual", "look-again", "done"], ["NoSuchEntity", 404, "eventual", "look-again", "done"],
  ["InvalidVpc.Range", 400, "settings", "stop", "stop"], ["InvalidSubnet.Range", 400, "settings", "stop", "stop"], ["InvalidParameterValue", 400, "settings", "stop", "stop"], ["MissingParameter", 400, "settings", "stop", "stop"],
  ["InvalidSubnet.Conflict", 400, "exists", "read-again", "read-again"], ["InsufficientFreeAddressesInSubnet", 400, "settings", "stop", "stop"],
  ["InvalidAMIID.NotFound", 400, "settings", "stop", "stop"], ["InvalidAMIID.Unavailable", 400, "settings", "stop", "stop"], ["InvalidAMIID.Malformed", 400, "settings", "stop", "stop"],
  ["InvalidKeyPair.NotFound", 400, "settings", "stop", "done"], ["InvalidKeyPair.Duplicate", 400, "exists", "read-again", "read-again"],
  ["IdempotentParameterMismatch", 400, "idempotency", "resolve", "resolve"], ["IdempotentInstanceTerminated", 400, "idempotency", "new-token", "new-token"],
  ["InvalidPermission.Duplicate", 400, "exists", "read-again", "read-again"], ["RouteAlreadyExists", 400, "exists", "read-again", "read-again"], ["Resource.AlreadyAssociated", 400, "exists", "read-again", "read-again"], ["InvalidGroup.Duplicate", 400, "exists", "read-again", "read-again"], ["EntityAlreadyExists", 409, "exists", "read-again", "read-again"],
  ["InvalidPermission.NotFound", 400, "gone", "look-again", "done"], ["Gateway.NotAttached", 400, "gone", "look-again", "done"], ["InvalidAssociationID.NotFound", 400, "gone", "look-again", "done"],
  ["IncorrectInstanceState", 400, "state", "look-again", "look-again"], ["OperationNotPermitted", 400, "dependency", "stop", "stop"],
  ["DependencyViolation", 400, "dependency", "name-blocker", "name-blocker"], ["InvalidIPAddress.InUse", 400, "dependency", "name-blocker", "name-blocker"], ["InvalidAddress.Locked", 400, "dependency", "name-blocker", "name-blocker"], ["VolumeInUse", 400, "dependency", "name-blocker", "name-blocker"], ["DeleteConflict", 409, "dependency", "name-blocker", "name-blocker"],
  ["ENOTFOUND", null, "unreachable", "retry", "retry"], ["SomethingNew", 400, "settings", "stop", "stop"], ["SomethingNew", 500, "trouble", "resolve", "retry"],
];

describe("the failure table", () => {
  it.each(table)("%s (%s) is %s: %s when making, %s when removing", (code, status, kind, create, remove) => {
    for (const [verb, move] of [["create", create], ["remove", remove]] as const) {
      const reaction = react(fault(code, { status }), { ...about, verb });
      expect(reaction).toMatchObject({ class: kind, move, code });
      expect(reaction.say).toMatch(/^[A-Z].*[.…]$/);
    }
  });

  it("has every row tried above, and no code in two rows but by what it is about", () => {
    const tried = new Set(table.map(([code]) => rowOf(fault(code))));
    const untried = reactionTable.filter((row) => !row.about && !tried.has(row));
    expect(untried.map(({ codes }) => codes[0])).toEqual(["ConcurrentModification"]);
    const all = reactionTable.filter(({ about: words }) => !words).flatMap(({ codes }) => codes);
    expect(all.length).toBe(new Set(all).size);
  });

  it("a profile that EC2 does not know yet is waited for; any other wrong value is a mistake", () => {
    const words = "Value (prod-worker) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
    expect(react(fault("InvalidParameterValue", { message: words }), { ...about, verb: "create" })).toMatchObject({ class: "eventual", move: "look-again" });
    expect(react(fault("InvalidParameterValue", { message: "Invalid availability zone" }), { ...about, verb: "create" })).toMatchObject({ class: "settings", move: "stop" });
  });

  it("the words of an answer decide nothing else: a throttle that speaks of a quota is a throttle", () => {
    expect(react(fault("RequestLimitExceeded", { status: 503, message: "VpcLimitExceeded DependencyViolation" }), { ...about, verb: "create" })).toMatchObject({ class: "throttle" });
  });

  it("a clock that is wrong is set by AWS' answer and the request sent once more; a second refusal stops", () => {
    for (const code of ["SignatureDoesNotMatch", "RequestExpired", "AuthFailure"]) {
      expect(react(fault(code, { status: 403 }), { ...about, verb: "create", attempt: 1 }).move, code).toBe("retry");
      expect(react(fault(code, { status: 403 }), { ...about, verb: "create", attempt: 2 }).move, code).toBe("stop");
    }
    expect(react(fault("CredentialsProviderError", { status: null }), { ...about, verb: "create", attempt: 1 }).move).toBe("stop");
  });

  it("an intent is closed only when AWS surely did nothing", () => {
    const unsure = table.filter(([code, status]) => !surelyNotDone(fault(code, { status }))).map(([, , kind]) => kind);
    expect(new Set(unsure)).toEqual(new Set(["trouble", "unknown", "exists", "idempotency"]));
  });
});

describe("what it means for the job", () => {
  const outcome = (code: string, { verb, attempt = 1, status = 400 }: { verb: Verb; attempt?: number; status?: number | null }) => toOutcome(react(fault(code, { status }), { doing: "make it", verb, attempt }), { attempt, random: 0.5, pace: 1 });

  it("a throttle never asks for a person, however long it lasts, and waits longer each time up to half a minute", () => {
    const waits = [1, 2, 3, 8, 500].map((attempt) => outcome("RequestLimitExceeded", { verb: "create", attempt, status: 503 }));
    expect(waits).toMatchObject([1500, 3000, 6000, 22500, 22500].map((afterMs) => ({ is: "try-again", afterMs, code: "RequestLimitExceeded" })));
  });

  it("quota, permission, credentials, account and settings stop at once and are for a person to change", () => {
    for (const code of ["VcpuLimitExceeded", "UnauthorizedOperation", "ExpiredToken", "PendingVerification", "InvalidAMIID.NotFound"]) expect(outcome(code, { verb: "create", attempt: 2 }), code).toMatchObject({ is: "failed", code, userError: true });
  });

  it("what is gone already is done; what is not there yet is looked at again for a while, then asked about", () => {
    expect(outcome("InvalidVpcID.NotFound", { verb: "remove" })).toMatchObject({ is: "done" });
    expect(outcome("InvalidVpcID.NotFound", { verb: "create" })).toMatchObject({ is: "try-again" });
    expect(outcome("InvalidVpcID.NotFound", { verb: "create", attempt: maxEventual })).toMatchObject({ is: "failed", userError: false });
  });

  it("an AWS that cannot be reached is tried for minutes, then a person is asked", () => {
    expect(outcome("ECONNREFUSED", { verb: "create", status: null })).toMatchObject({ is: "try-again" });
    expect(outcome("ECONNREFUSED", { verb: "create", status: null, attempt: maxUnreachable })).toMatchObject({ is: "failed" });
  });
});
