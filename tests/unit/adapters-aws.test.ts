// AWS' objects and refusals as the console reads them: nothing missing breaks it, nothing refused goes unexplained.
import { describe, expect, it } from "vitest";
import { faultOf, toAwsError } from "@/lib/adapters/aws/errors";
import { instanceIdOf, toInstance } from "@/lib/adapters/aws/objects";
import { AppError } from "@/lib/base/errors";

describe("instances", () => {
  it("an instance of which AWS says nothing is read as empty, not as an error", () => {
    expect(toInstance({})).toEqual({ id: "", type: "", state: "unknown", zone: "", privateIp: "", publicIp: "", launchedAt: null, tags: {}, imageId: "", vpcId: "", subnetId: "", securityGroups: [], keyName: "", instanceProfile: "", rootVolumeId: "", volumeIds: [], stateReason: "", clientToken: "", metadata: { tokenRequired: false, hopLimit: 1 }, sourceDestCheck: true, spot: false });
    expect(toInstance({ LaunchTime: new Date("never"), Tags: [{}] })).toMatchObject({ launchedAt: null, tags: { "": "" } });
  });

  it.each([
    ["aws:///ap-northeast-2a/i-0123456789abcdef0", "i-0123456789abcdef0"], ["aws:///ap-northeast-2a/i-01234567", "i-01234567"],
    ["aws:///i-0123456789abcdef0", "i-0123456789abcdef0"], ["", null], ["kwok://node-1", null], ["gce://project/zone/i-0123456789abcdef0", null],
    ["aws:///ap-northeast-2a/i-0123456789abcdef0/more", null], ["aws:///ap-northeast-2a/i-XYZ", null],
  ])("the instance of the providerID %j is %j", (providerId, expected) => expect(instanceIdOf(providerId)).toBe(expected));
});

describe("refusals", () => {
  const fault = (name: string, status: number | null = 400): Error => Object.assign(new Error("its own words"), { name, $metadata: status === null ? {} : { httpStatusCode: status } });

  it.each([
    ["AuthFailure", 401, "unavailable", "does not accept the credentials"], ["ExpiredToken", 403, "unavailable", "does not accept the credentials"],
    ["UnauthorizedOperation", 403, "forbidden", "not allowed to list instances"], ["RequestLimitExceeded", 503, "too-many", "limiting"],
    ["InvalidInstanceID.NotFound", 400, "not-found", "its own words"], ["InvalidParameterValue", 400, "invalid", "its own words"],
    ["TimeoutError", null, "unavailable", "in time"], ["AbortError", null, "gone", "cancelled"], ["CredentialsProviderError", null, "unavailable", "No AWS credentials"],
    ["Error", null, "unavailable", "cannot be reached"], ["InternalError", 500, "unavailable", "InternalError"],
  ])("%s (%s) is %s and says so", (name, status, code, words) => {
    const error = toAwsError(fault(name, status), "list instances");
    expect(error).toMatchObject({ code, say: expect.stringContaining(words) });
    expect(error.say).toMatch(/^[A-Z].*\.$/);
  });

  it("what was said before is not said over again, and anything thrown has a name", () => {
    const said = new AppError("conflict", "It is so.");
    expect(toAwsError(said, "do it")).toBe(said);
    for (const thrown of [undefined, null, "text", 7, {}]) expect(faultOf(thrown)).toMatchObject({ name: "Error", status: null });
  });
});
