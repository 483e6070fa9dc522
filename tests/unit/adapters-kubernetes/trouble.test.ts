// Trouble in words: what kind it is, and a sentence that a person can act on.
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/base/errors";
import { networkTrouble, refusalError, refusalOf } from "@/lib/adapters/kubernetes/trouble";
import { SilentServer, type Answer } from "@/lib/adapters/kubernetes/transport";

const withCode = (code: string) => Object.assign(new Error(`oh no ${code}`), { code });
const answer = (status: number, body: string): Answer => ({ status, retryAfterMs: 3_000, discard: () => undefined, body: (async function* () { yield Buffer.from(body); })() });

describe("trouble on the way to a server", () => {
  it.each([
    [withCode("CERT_HAS_EXPIRED"), "certificate", /has expired/],
    [withCode("CERT_NOT_YET_VALID"), "certificate", /not valid yet/],
    [withCode("ERR_TLS_CERT_ALTNAME_INVALID"), "certificate", /another name/],
    [withCode("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "certificate", /not signed by the CA/],
    [withCode("SELF_SIGNED_CERT_IN_CHAIN"), "certificate", /not signed by the CA/],
    [withCode("DEPTH_ZERO_SELF_SIGNED_CERT"), "certificate", /not signed by the CA/],
    [withCode("ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED"), "certificate", /does not accept our client certificate/],
    [withCode("EPROTO"), "unreachable", /does not speak TLS/],
    [withCode("ECONNREFUSED"), "unreachable", /nothing listens/],
    [withCode("ENOTFOUND"), "unreachable", /name is not known/],
    [withCode("EHOSTUNREACH"), "unreachable", /no way to its address/],
    [new SilentServer("no answer within 5 ms"), "unreachable", /no answer within 5 ms/],
    [new AppError("invalid", "The kubeconfig is odd."), "malformed", /odd/],
    [new AppError("signed-out", "No credentials."), "signed-out", /No credentials/],
    ["thrown text", "unreachable", /thrown text/],
  ])("%s is %s", (thrown, code, words) => {
    const trouble = networkTrouble(thrown, "https://a");
    expect(trouble.code).toBe(code);
    expect(trouble.say).toMatch(words);
    expect(trouble.say).toMatch(/\.$/);
  });
});

describe("an address", () => {
  it.each([
    [withCode("EPROTO")],
    [withCode("ECONNREFUSED")],
    [new Error("connect EADDRNOTAVAIL 10.1.2.3:6443 - Local (10.9.9.9:0)")],
    [new Error("socket hang up at https://api.shop.internal:6443/api?x=1")],
    [new Error("connect EACCES fd00:12::7:6443, [fd00:12::7]:6443")],
    [new Error("dial tcp: lookup api.shop.internal: no such host")],
    [new AppError("signed-out", "The kubeconfig's credentials cannot be had: https://sts.shop.internal/token answered 500.")],
  ])("is not in the sentence, whatever was thrown (%s)", (thrown) => {
    const { say } = networkTrouble(thrown, "https://api.shop.internal:6443");
    expect(say).not.toMatch(/10\.1\.2\.3|10\.9\.9\.9|shop\.internal|fd00|6443/);
    expect(say).toMatch(/\.$/);
  });
});

describe("what a server refuses", () => {
  it.each([[400, "invalid"], [401, "signed-out"], [403, "forbidden"], [404, "not-found"], [409, "conflict"], [410, "gone"], [422, "invalid"], [429, "too-many"], [500, "unavailable"], [503, "unavailable"]])("%d becomes %s, with the server's own words in the sentence", async (status, code) => {
    const error = refusalError("do it", await refusalOf(answer(status, JSON.stringify({ kind: "Status", message: "because." }))));
    expect(error.code).toBe(code);
    expect(error.say).toMatch(/^Could not do it: .*\.$/);
    expect(error.say).not.toMatch(/\.\.$/);
  });

  it("is read whatever it is: a Status, plain text, nothing, nonsense", async () => {
    expect(await refusalOf(answer(429, JSON.stringify({ message: "no", details: { causes: [{ message: "The budget b needs 2." }] } })))).toEqual({ status: 429, message: "no", causes: ["The budget b needs 2."], retryAfterMs: 3_000 });
    expect((await refusalOf(answer(500, "[-]etcd failed: reason withheld"))).message).toContain("etcd");
    expect((await refusalOf(answer(502, ""))).message).toBe("");
    expect((await refusalOf(answer(502, "null"))).message).toBe("");
  });
});
