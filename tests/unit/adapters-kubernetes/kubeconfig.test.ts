// Kubeconfigs from people: what works, and what is refused with a word that names the field and the way out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { isLinkLocal } from "@/lib/adapters/kubernetes/addresses";
import { createCredentials } from "@/lib/adapters/kubernetes/credentials";
import { openCluster } from "@/lib/adapters/kubernetes/cluster";
import { chooseContext, parseKubeconfig } from "@/lib/adapters/kubernetes/kubeconfig";
import { inClusterKubeconfig } from "@/lib/adapters/kubernetes/in-cluster";
import { AppError } from "@/lib/base/errors";

interface Parts { cluster?: object; user?: object; current?: string | null; contexts?: object[] }

const source = ({ cluster = {}, user = { token: "t" }, current = "a", contexts = [{ name: "a", context: { cluster: "c", user: "u" } }] }: Parts = {}): string =>
  stringify({ apiVersion: "v1", kind: "Config", ...(current === null ? {} : { "current-context": current }), contexts, clusters: [{ name: "c", cluster: { server: "https://10.0.0.1:6443", ...cluster } }], users: [{ name: "u", user }] });

const refusal = (text: string, trusted = false): string => {
  try {
    parseKubeconfig(text, { trusted });
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    return thrown instanceof AppError ? thrown.say : "";
  }
  return "";
};

describe("a kubeconfig", () => {
  it("tells its contexts and the current one", () => {
    expect(parseKubeconfig(source(), { trusted: false })).toMatchObject({ contexts: [{ name: "a", server: "https://10.0.0.1:6443", cluster: "c", user: "u" }], current: "a" });
  });

  it.each([
    ["exec", { user: { exec: { command: "aws" } } }],
    ["auth-provider", { user: { "auth-provider": { name: "oidc" } } }],
    ["client-certificate", { user: { "client-certificate": "/etc/passwd" } }],
    ["client-key", { user: { "client-key": "/etc/shadow" } }],
    ["tokenFile", { user: { tokenFile: "/var/run/token" } }],
    ["token-file", { user: { "token-file": "/var/run/token" } }],
    ["certificate-authority", { cluster: { "certificate-authority": "/etc/ca" } }],
    ["proxy-url", { cluster: { "proxy-url": "http://inside:3128" } }],
    ["insecure-skip-tls-verify", { cluster: { "insecure-skip-tls-verify": true } }],
  ])("with %s is refused when uploaded, naming the field, and allowed as the server's own", (field, parts) => {
    expect(refusal(source(parts))).toContain(field);
    expect(refusal(source(parts), true)).toBe("");
  });

  it("may leave the server's certificate unchecked when the person has said so", () => {
    expect(parseKubeconfig(source({ cluster: { "insecure-skip-tls-verify": true } }), { trusted: false, allowInsecure: true }).contexts).toHaveLength(1);
  });

  it.each([
    "https://169.254.169.254", "https://169.254.1.1:6443", "https://[fe80::1]:6443", "https://[::ffff:169.254.169.254]", "https://0xA9FEA9FE", "https://2852039166", "https://169.254.43518",
    "https://metadata.google.internal", "https://METADATA.google.internal.", "https://[fd00:ec2::254]",
  ])("to the link-local or metadata address %s is refused", (server) => {
    expect(refusal(source({ cluster: { server } }))).toMatch(/link-local|metadata/);
  });

  it.each(["https://10.0.0.1", "https://127.0.0.1:6443", "https://api.example.com", "https://[2001:db8::1]:6443", "https://192.168.0.1", "https://170.254.0.1"])("to %s is not", (server) => {
    expect(refusal(source({ cluster: { server } }))).toBe("");
  });

  it.each(["http://10.0.0.1:8080", "http://api.example.com", "http://localhost.example.com", "http://[2001:db8::1]:8080", "http://128.0.0.1", "HTTP://10.0.0.1", "http://[::ffff:10.0.0.1]"])("to %s, without TLS and beyond this machine, is refused in words when uploaded, and allowed as the server's own", (server) => {
    expect(refusal(source({ cluster: { server } }))).toMatch(/points to http:\/\/.*which is refused: without TLS anyone.*https:\/\/ address/);
    expect(refusal(source({ cluster: { server } }), true)).toBe("");
  });

  it.each(["http://127.0.0.1:8001", "http://127.9.9.9", "http://localhost:8001", "http://LOCALHOST.:8001", "http://[::1]:8001", "http://[::ffff:127.0.0.1]:8001"])("to %s, which never leaves this machine, is not", (server) => {
    expect(refusal(source({ cluster: { server } }))).toBe("");
  });

  it.each([
    ["no current-context, with several to choose from", source({ current: null, contexts: ["a", "b"].map((name) => ({ name, context: { cluster: "c", user: "u" } })) }), /names no current-context.*"a", "b"/],
    ["a current-context that it does not have", source({ current: "zz" }), /current-context "zz" is not among/],
    ["no contexts", source({ contexts: [] }), /no contexts/],
    ["a context to a cluster that is not there", source({ contexts: [{ name: "a", context: { cluster: "x", user: "u" } }] }), /points to the cluster "x"/],
    ["a context to a user that is not there", source({ contexts: [{ name: "a", context: { cluster: "c", user: "x" } }] }), /points to the user "x"/],
    ["a server that is no address", source({ cluster: { server: "nowhere" } }), /no usable server address/],
    ["a server of another protocol", source({ cluster: { server: "file:///etc/passwd" } }), /no usable server address/],
    ["a password in its address", source({ cluster: { server: "https://a:b@10.0.0.1" } }), /password in its server address/],
    ["more than a megabyte", `# ${"x".repeat(1_000_001)}`, /larger than 1 MB/],
    ["broken YAML", "a: [", /not valid YAML/],
    ["something else in it", "hello: world", /no kubeconfig/],
    ["nothing in it", "", /no kubeconfig/],
    ["two entries of one name", source({ contexts: [1, 2].map(() => ({ name: "a", context: { cluster: "c", user: "u" } })) }), /two entries called "a"/],
  ])("with %s is refused in clear words", (_what, text, words) => {
    const say = refusal(text) || (() => { try { chooseContext(parseKubeconfig(text, { trusted: false }), undefined); return ""; } catch (thrown) { return thrown instanceof AppError ? thrown.say : String(thrown); } })();
    expect(say).toMatch(words);
  });

  it("made to explode by aliases is refused quickly", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]", ..."bcdefghi".split("").map((letter, n) => `${letter}: &${letter} [${Array(9).fill(`*${"abcdefghi"[n]}`).join(", ")}]`), "clusters: [*i]", "contexts: []"].join("\n");
    expect(refusal(bomb)).toMatch(/too many YAML aliases/);
  });

  it("cannot hide a field behind a YAML merge key from the check: what is loaded holds only what is allowed", () => {
    const hidden = ["x: &x", "  exec: {command: touch}", "clusters: [{name: c, cluster: {server: 'https://10.0.0.1'}}]", "users: [{name: u, user: {<<: *x, token: t}}]", "contexts: [{name: a, context: {cluster: c, user: u}}]", "current-context: a"].join("\n");
    expect(JSON.parse(parseKubeconfig(hidden, { trusted: false }).safe).users).toEqual([{ name: "u", user: { token: "t" } }]);
  });

  it("of any content gives a kubeconfig or an AppError, nothing else", () => {
    const parts = fc.oneof(fc.string(), fc.jsonValue().map((value) => stringify(value)), fc.record({ clusters: fc.jsonValue(), contexts: fc.jsonValue(), users: fc.jsonValue() }).map((value) => stringify(value)));
    fc.assert(fc.property(parts, (text) => {
      try {
        parseKubeconfig(text, { trusted: false });
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
      }
    }), { numRuns: 500 });
  });
});

describe("credentials", () => {
  it("are the token of the chosen context, with the server's certificate checked", async () => {
    const identity = await createCredentials({ kubeconfig: source({ user: { token: "secret" } }), trusted: false }, () => 0).identity();
    expect(identity.headers).toEqual({ authorization: "Bearer secret" });
    expect(identity.tls.rejectUnauthorized).toBe(true);
  });

  it("never come from a name that leads to a link-local address", () => {
    expect(isLinkLocal("169.254.169.254")).toBe(true);
    expect(isLinkLocal("fe80::1%eth0")).toBe(true);
    expect(isLinkLocal("::ffff:a9fe:a9fe")).toBe(true);
    expect(isLinkLocal("10.0.0.1")).toBe(false);
  });
});

describe("opening a cluster with a kubeconfig that cannot be used", () => {
  it("returns at once, says why, and closes", async () => {
    const cluster = openCluster({ kubeconfig: source({ user: { exec: { command: "x" } } }), trusted: false });
    expect(cluster.freshness().state).toBe("connecting");
    await expect(cluster.client.check()).resolves.toMatchObject({ ok: false, code: "malformed", say: expect.stringContaining("exec") });
    await expect(cluster.client.cordon({ node: "n", unschedulable: true })).rejects.toThrow(/exec/);
    await cluster.close();
  });
});

describe("the kubeconfig of a pod", () => {
  it.each([["10.96.0.1", "https://10.96.0.1:443"], ["fd00::1", "https://[fd00::1]:443"]])("leads to %s with the mounted authority and token", (host, server) => {
    const text = inClusterKubeconfig({ host, port: 443, folder: "/mounted" });
    expect(parseKubeconfig(text, { trusted: true })).toMatchObject({ current: "in-cluster", contexts: [{ name: "in-cluster", server }] });
    expect(text).toContain("/mounted/ca.crt");
    expect(() => parseKubeconfig(text, { trusted: false })).toThrow(/file on the server/);
  });
});
