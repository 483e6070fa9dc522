// Guarantees of telling a change: its kind, what differs, which image and commit it is, by which keys CI finds it, and who did it.
import { describe, expect, it } from "vitest";
import { claimsOf, surest, type Claim } from "@/lib/deployments/rules/actor";
import { syncBehind } from "@/lib/deployments/rules/application";
import { changeOf, environmentOf, type ChangeAsked } from "@/lib/deployments/rules/change-kind";
import { csvLine } from "@/lib/deployments/rules/csv";
import { binds, freezeVerdict, type FreezeWindow } from "@/lib/deployments/rules/freeze";
import { commitInTag, keysOf, mainImage, parseImage, versionOf } from "@/lib/deployments/rules/images";
import { canonical, differences, plainTemplate, restartAnnotation, withoutRestart } from "@/lib/deployments/rules/template";
import type { DeploymentRecord } from "@/lib/deployments/model";

const id = (core: string, restart = "") => ({ core, digest: restart === "" ? core : `${core}.${restart}` });
const asked = (over: Partial<ChangeAsked>): ChangeAsked => ({ after: id("b"), imagesAfter: ["app:2"], before: { ...id("a"), revision: 1, outcome: "succeeded", images: ["app:1"] }, earlier: [], earlierNumbers: [], ...over });

describe("a change", () => {
  it("is a release by its image, and a change of configuration without", () => {
    expect(changeOf(asked({}))).toEqual({ change: "release", returnsTo: null });
    expect(changeOf(asked({ imagesAfter: ["app:1"] })).change).toBe("config");
  });
  it("is a restart when nothing but its mark differs", () => expect(changeOf(asked({ after: id("a", "r1"), imagesAfter: ["app:1"] })).change).toBe("restart"));
  it("is a rollback to the newest good revision of the same template", () => {
    const earlier = [{ ...id("b"), revision: 1, outcome: "succeeded" as const }, { ...id("b"), revision: 3, outcome: "unknown" as const }];
    expect(changeOf(asked({ before: { ...id("a"), revision: 4, outcome: "failed", images: ["app:1"] }, earlier }))).toEqual({ change: "rollback", returnsTo: 3 });
  });
  it("to what had failed is that once more, and no rollback", () => expect(changeOf(asked({ earlier: [{ ...id("b"), revision: 1, outcome: "failed" }], before: { ...id("a"), revision: 2, outcome: "succeeded", images: ["app:1"] } })).change).toBe("release"));
  it("is a rollback by the ReplicaSet's own numbers when no record is left", () => expect(changeOf(asked({ earlierNumbers: [2, 5] }))).toEqual({ change: "rollback", returnsTo: 5 }));
  it("of which nothing before is known is a release", () => expect(changeOf(asked({ before: null })).change).toBe("release"));
});

describe("a template", () => {
  it("is the same however a controller or a patch wrote it", () => {
    const one = { metadata: { creationTimestamp: null, labels: { app: "x", "pod-template-hash": "1" } }, spec: { containers: [{ name: "a", image: "i" }] } };
    const other = { $patch: "replace", spec: { containers: [{ image: "i", name: "a" }] }, metadata: { labels: { "controller-revision-hash": "z", app: "x" } } };
    expect(canonical(plainTemplate(one))).toBe(canonical(plainTemplate(other)));
  });
  it("without its restart is what it was before", () => {
    const before = plainTemplate({ metadata: { labels: { app: "x" } }, spec: {} });
    expect(canonical(withoutRestart(plainTemplate({ metadata: { labels: { app: "x" }, annotations: { [restartAnnotation]: "now" } }, spec: {} })))).toBe(canonical(withoutRestart(before)));
  });
  it("differs in named places, and a list is compared by name and not by order", () => {
    const before = { spec: { containers: [{ name: "a", image: "i:1" }, { name: "b", image: "j" }] } };
    const after = { spec: { containers: [{ name: "b", image: "j" }, { name: "a", image: "i:2", env: [{ name: "MODE", value: "fast" }] }] } };
    expect(differences(before, after)).toEqual([{ path: "spec.containers[a].image", before: "i:1", after: "i:2" }, { path: "spec.containers[a].env", before: "", after: '[{"name":"MODE","value":"fast"}]' }]);
  });
});

describe("an image", () => {
  it.each([
    ["registry:5000/team/app:1.2@sha256:ab", { repository: "registry:5000/team/app", tag: "1.2", digest: "sha256:ab" }, "1.2"], ["registry:5000/team/app", { repository: "registry:5000/team/app", tag: "", digest: "" }, "no tag"],
    ["app@sha256:0123456789abcdef", { repository: "app", tag: "", digest: "sha256:0123456789abcdef" }, "0123456789ab"], ["", { repository: "", tag: "", digest: "" }, "no tag"],
  ])("%j is taken apart, and without a tag it says so", (text, parts, version) => {
    expect(parseImage("c", text)).toMatchObject(parts);
    expect(versionOf(parseImage("c", text))).toBe(version);
  });
  it("that does the work is the one named as the workload", () => expect(mainImage([parseImage("proxy", "p:1"), parseImage("web", "w:2")], "web")?.tag).toBe("2"));
  it("names its commit only where the tag holds letters and digits of a hash", () => {
    expect([commitInTag("main-1a2b3c4"), commitInTag("1a2b3c4d"), commitInTag("1.2.3"), commitInTag("20261126"), commitInTag("deadbeef")]).toEqual(["1a2b3c4", "1a2b3c4d", null, null, null]);
  });
  it("is found by what does not move: no key for latest, none for no tag", () => {
    expect(keysOf({ images: [parseImage("a", "r/app:latest"), parseImage("b", "r/other")], commit: null })).toEqual([]);
    expect(keysOf({ images: [parseImage("a", "r/App:v1.2.0")], commit: "1A2B3C4D5E" })).toEqual(["image:r/app:v1.2.0", "tag:app:1.2.0", "commit:1a2b3c4"]);
  });
});

describe("who did it", () => {
  const claim = (source: Claim["source"], name: string): Claim => ({ source, name, kind: "user", detail: "", note: "" });
  it("is told by the surest source: console, CI, annotation, GitOps, field owner", () => {
    const all = (["managed-fields", "gitops", "annotation", "ci", "console"] as const).map((source) => claim(source, source));
    for (let left = all.length; left > 0; left -= 1) expect(surest(all.slice(0, left))?.source).toBe(all[left - 1]?.source);
    expect(surest([claim("console", ""), claim("ci", "x")])?.source).toBe("ci");
    expect(surest([])).toBeNull();
  });
  const object = (annotations: Record<string, string>, more: object = {}) => ({ metadata: { namespace: "shop", name: "web", annotations, ...more } });
  const none = { template: {}, templateBefore: {}, before: null, isNewest: true };
  it("is not a word that was copied from the revision before", () => {
    const workload = object({ "kubernetes.io/change-cause": "old", "quarterdeck.dev/actor": "kim" });
    expect(claimsOf({ ...none, workload, before: object({ "kubernetes.io/change-cause": "old", "quarterdeck.dev/actor": "kim" }) }).claims).toEqual([]);
    expect(claimsOf({ ...none, workload, before: object({ "quarterdeck.dev/actor": "lee" }) }).claims[0]).toMatchObject({ source: "annotation", name: "kim", note: "old" });
  });
  it("is no Application whose tracking id names another object", () => {
    expect(claimsOf({ ...none, workload: object({ "argocd.argoproj.io/tracking-id": "app:apps/Deployment:shop/other" }) }).application).toBeNull();
    expect(claimsOf({ ...none, workload: object({ "argocd.argoproj.io/tracking-id": "app:apps/Deployment:shop/web" }) })).toMatchObject({ application: "app", claims: [{ source: "gitops", name: "argocd" }] });
  });
  it("is who asked Argo CD for the sync in whose time the template was written, and its commit; nobody where none was, or where it syncs by itself", () => {
    const at = (second: number) => new Date(second * 1000).toISOString();
    const by = (username: string, automated = false) => ({ username, automated });
    const whole = (status: object) => ({ metadata: {}, spec: {}, status });
    const history = [{ id: 1, revision: "1A2B3C4", deployStartedAt: at(100), deployedAt: at(110), initiatedBy: by("kim") }, { id: 2, revision: "2b3c4d5", deployStartedAt: at(200), deployedAt: at(210), initiatedBy: by("", true) }];
    const running = whole({ history, operationState: { startedAt: at(300), operation: { initiatedBy: by("jisoo") }, syncResult: { revision: "1.4.2" } } });
    expect([105, 205, 301, 900].map((second) => syncBehind(running, second * 1000))).toEqual([{ commit: "1a2b3c4", by: "kim" }, { commit: "2b3c4d5", by: null }, { commit: null, by: "jisoo" }, { commit: null, by: "jisoo" }]);
    expect([90, 150, 250].map((second) => syncBehind(running, second * 1000))).toEqual([null, null, null]);
    expect([null, {}, whole({}), whole({ history: [{ id: 3, revision: "abc1234", deployedAt: at(5) }] })].map((raw) => syncBehind(raw, 5_000))).toEqual([null, null, null, null]);
  });
  it("is the tool that wrote the template last, by the API server's books", () => {
    const managedFields = [{ manager: "helm", time: "2026-01-01T00:00:00Z", fieldsV1: { "f:spec": { "f:template": {} } } }, { manager: "kubectl-set", time: "2026-01-02T00:00:00Z", fieldsV1: { "f:spec": { "f:template": {} } } }, { manager: "hpa", time: "2026-01-03T00:00:00Z", fieldsV1: { "f:spec": { "f:replicas": {} } } }];
    expect(claimsOf({ ...none, workload: object({}, { managedFields }) }).claims).toMatchObject([{ source: "managed-fields", name: "kubectl-set", kind: "tool" }]);
  });
});

describe("a freeze", () => {
  const window = (over: Partial<FreezeWindow>): FreezeWindow => ({ id: "f", cluster: "c", tiers: [2, 3], namespaces: [], mode: "block", why: "sale", startsAt: 100, until: 200, createdBy: "kim", endedBy: null, endedAt: null, ...over });
  const subject = { tier: 2, namespace: "shop" };
  it("binds from its start up to its end, or to the moment in which it was ended", () => {
    expect([99, 100, 199, 200].map((now) => freezeVerdict([window({})], subject, now).verdict)).toEqual(["free", "blocked", "blocked", "free"]);
    expect(freezeVerdict([window({ endedAt: 150 })], subject, 150).verdict).toBe("free");
  });
  it("binds only the tiers and namespaces that it names, all where it names none, and what has no tier only then", () => {
    expect([binds(window({}), { tier: 1, namespace: "x" }), binds(window({ tiers: [] }), { tier: null, namespace: "x" }), binds(window({}), { tier: null, namespace: "x" }), binds(window({ namespaces: ["y"] }), { tier: 2, namespace: "x" })]).toEqual([false, true, false, false]);
  });
  it("that blocks counts over one that warns", () => expect(freezeVerdict([window({ mode: "warn" }), window({ why: "audit" })], subject, 150)).toMatchObject({ verdict: "blocked", say: expect.stringContaining("audit") }));
});

it("only production counts, by a label before the namespace's name", () => {
  expect([environmentOf({ namespace: "shop", labels: {} }), environmentOf({ namespace: "shop-staging", labels: {} }), environmentOf({ namespace: "shop-staging", labels: { environment: "Production" } }), environmentOf({ namespace: "contest", labels: {} })]).toEqual(["production", "staging", "production", "production"]);
});

it("a cell of CSV runs nothing in a spreadsheet", () => {
  const record = { id: "1", name: "=HYPERLINK(1)", reason: 'a "b", c', leadMs: -5 } as Partial<DeploymentRecord> as DeploymentRecord;
  expect(csvLine(record)).toContain(`'=HYPERLINK(1)`);
  expect(csvLine(record)).toContain(`"a ""b"", c"`);
  expect(csvLine(record)).toContain(",-5,");
});
