// Every failure of the catalogue is recognised by its own facts, no other is raised with it, and the catalogue is found by what people see.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { all, failureOf } from "@/lib/diagnostics/catalogue";
import { decisions } from "@/lib/diagnostics/decisions";
import { diagnose } from "@/lib/diagnostics/diagnose";
import { createGathering, isUnwell, saidOf } from "@/lib/diagnostics/gather";
import { searchCatalogue } from "@/lib/diagnostics/search";
import { pictureOf } from "@/lib/placement/picture";
import { pod } from "../placement/made";
import { factsOf, scenarios, wellFacts } from "../../fixtures/diagnosis";

/** The ids of domain.md 4.7, written down from it. */
const ranges = [[1, 46], [50, 63], [70, 73]] as const;
const known = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => `F-${String(from + at).padStart(2, "0")}`));

describe("the catalogue", () => {
  it("has every failure of the reference system, each once, in a file of its own", () => {
    expect(known.length).toBe(64);
    expect(all.filter(({ id }) => id.startsWith("F-")).map(({ id }) => id)).toEqual(known);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id } of all) expect(readFileSync(`lib/diagnostics/catalogue/${id.toLowerCase()}.ts`, "utf8")).toContain(`id: "${id}"`);
  });

  it("says of each what is seen, why, and how it is mended, and can recognise it", () => {
    for (const { id, title, symptom, cause, fix, source, says = [], look } of all) {
      expect([title, symptom, cause, source].every((text) => text.length > 8), id).toBe(true);
      expect(fix.length > 0 && fix.every(({ say }) => say.length > 8), id).toBe(true);
      expect(says.length > 0 || look !== undefined, id).toBe(true);
    }
  });

  it("has a scenario for each", () => {
    expect(all.map(({ id }) => id).filter((id) => !scenarios.some((one) => one.id === id))).toEqual([]);
  });

  it("answers a pasted text of any kind in little time", () => {
    const begun = performance.now();
    for (const text of ["a".repeat(20_000), "dial tcp ".repeat(2_000), "DependencyViolation ".repeat(900), "timed out waiting for the condition ".repeat(500)]) searchCatalogue(text);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("gives each decision its question, its alternative and its price", () => {
    for (const one of Object.values(decisions)) expect(Object.values(one).every((text) => text.length > 2)).toBe(true);
    expect(Object.values(decisions).map(({ question }) => question)).toEqual(expect.arrayContaining(["Why not EKS?", "Why NodePort?"]));
  });
});

describe("a look at a cluster", () => {
  it("finds nothing where all is well", () => {
    expect(diagnose(wellFacts)).toEqual([]);
    expect(diagnose(factsOf())).toEqual([]);
  });

  it.each(scenarios.map(({ id, say, facts }) => [id, say, facts] as const))("recognises %s (%s), and nothing else with it", (id, _say, facts) => {
    const found = diagnose(facts);
    expect([...new Set(found.map(({ failure }) => failure))]).toEqual([id]);
    expect(found.every(({ evidence, key }) => evidence.length > 0 && key.startsWith(`${id}/`))).toBe(true);
  });

  it("stands worst first, and counts what it does not list", () => {
    const many = Array.from({ length: 80 }, (_, at) => pod(`web-${at}`, { namespace: "shop", nodeName: "w1", ready: false, containers: [{ name: "main", ready: false, restarts: 3, state: "waiting", reason: "ErrImagePull", exitCode: null, lastReason: "" }] }));
    const found = diagnose(factsOf({ objects: many, over: { lastSnapshotAt: null } }));
    expect(found.map(({ severity }) => severity).indexOf("warning")).toBe(50);
    expect(found.filter(({ failure }) => failure === "W-11").reduce((sum, { more }) => sum + more, 0)).toBe(30);
  });

  it("is fed by touched pods alone", () => {
    const gathering = createGathering();
    const ill = pod("a", { nodeName: "n", ready: false });
    gathering.rebuild(pictureOf([ill, pod("b", { nodeName: "n" })]));
    expect(gathering.unwell().map(({ name }) => name)).toEqual(["a"]);
    gathering.touch([{ kind: "Pod", key: "default/a", before: ill, after: { ...ill, ready: true } }, { kind: "Pod", key: "default/c", before: null, after: pod("c") }]);
    expect(gathering.unwell().map(({ name }) => name)).toEqual(["c"]);
    expect(isUnwell(pod("d", { nodeName: "n", deletedAt: 1, ready: false }))).toBe(false);
  });

  it("does not hear what was said of a pod that is well again, or long ago", () => {
    const { picture, unwell, now } = scenarios.find(({ id }) => id === "F-53")?.facts ?? factsOf();
    expect(saidOf(picture, unwell, now).length).toBe(1);
    expect(saidOf(picture, [], now)).toEqual([]);
    expect(saidOf(picture, unwell, now + 3_600_000)).toEqual([]);
  });
});

describe("the search", () => {
  it.each([
    ["ImagePullBackOff", ["W-11", "F-58"]], ["F-28", ["F-28"]], ["awselb 503 target list empty", ["F-28", "F-29"]],
    ["Error: listing load balancers: providerID is not specified for node: k8s-redis", ["F-28"]],
    ["E1105 10:01:02 [ERROR CRI]: container runtime is not running: rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService", ["F-10"]],
  ])("of %s finds the right ones first", (text, ids) => {
    expect(searchCatalogue(text).slice(0, 3).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });

  it("of nothing gives all, and of nonsense none", () => {
    expect(searchCatalogue(" ").length).toBe(all.length);
    expect(searchCatalogue("qwertzuiop")).toEqual([]);
    expect(failureOf("F-99")).toBeUndefined();
  });
});
