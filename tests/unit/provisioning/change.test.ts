// Changes of a living cluster: each is a sound blueprint, touches only what it is about, and never gives a new machine an old one's name.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelLines, taintLines, toSettings } from "@/components/provisioning/cluster/settings-text";
import { checkBlueprint } from "@/lib/provisioning/blueprint";
import { certificateRows, certificateState } from "@/lib/provisioning/certificates";
import { toDiskCertificates } from "@/lib/provisioning/boot/certificates";
import { actsOfChange, applyChange } from "@/lib/provisioning/change";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { machinesOf } from "@/lib/provisioning/machines";
import type { Blueprint, BuildInput, Change, ChangeInput } from "@/lib/provisioning/model";
import { differences, setLabels } from "@/lib/provisioning/plan/compare";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { changeSteps } from "@/lib/provisioning/steps/change";
import { settingsPatch } from "@/lib/provisioning/steps/node";
import { anyBlueprint, carriedOut, changedBy, four, idIn, nothing, pins } from "./made";

const built = (blueprint: Blueprint) => { const graph = resourceGraph(blueprint, pins); return carriedOut(graph, makePlan(graph, nothing), nothing); };
const done = (blueprint: Blueprint, change: Change) => {
  const applied = applyChange(blueprint, change);
  if (!applied.ok) throw new Error(applied.say);
  return applied.changed;
};
const pool = "k8s-worker-1";

describe("a change", () => {
  it("of any kind to any blueprint leads to a sound one, and names come and go as it says", () => {
    fc.assert(fc.property(anyBlueprint, fc.array(fc.record({ kind: fc.constantFrom("add-node", "remove-node", "replace-node"), which: fc.nat() }), { maxLength: 8 }), (blueprint, wishes) => {
      let now = blueprint;
      const ever = new Set(machinesOf(now).map(({ name }) => name));
      for (const { kind, which } of wishes) {
        const workers = machinesOf(now).filter((machine) => machine.pool.role === "worker");
        const chosen = workers[which % Math.max(1, workers.length)];
        if (!chosen) return;
        const applied = applyChange(now, kind === "add-node" ? { kind, pool: chosen.pool.name } : { kind, node: chosen.name });
        if (!applied.ok) continue;
        const { changed } = applied;
        const [before, after] = [machinesOf(now), machinesOf(changed.blueprint)].map((machines) => machines.map(({ name }) => name));
        expect([after?.filter((name) => !before?.includes(name)), before?.filter((name) => !after?.includes(name))]).toEqual([changed.comes, changed.goes]);
        for (const name of changed.comes) expect(ever.has(name), `${name} was there before`).toBe(false);
        for (const name of changed.comes) ever.add(name);
        // Only room may be missing for ever more machines.
        const checked = checkBlueprint(changed.blueprint);
        expect(checked.ok ? [] : checked.faults.filter(({ say }) => !/addresses for|blocks of/.test(say))).toEqual([]);
        now = changed.blueprint;
      }
    }), { numRuns: 80 });
  });

  it("does only what it is about: drift that was there before is left, and counted", () => {
    const world = changedBy(built(four), idIn(built(four), "subnet", "public-ap-northeast-2a"), (found) => found);
    const drifted = { ...world, found: world.found.map((found) => (found.kind === "internet-gateway" ? { ...found, fields: { ...found.fields, vpc: null } } : found)) };
    const { blueprint } = done(four, { kind: "add-node", pool });
    const { items, drift } = actsOfChange(makePlan(resourceGraph(four, pins), drifted), makePlan(resourceGraph(blueprint, pins), drifted));
    expect([items.map(({ id, act }) => `${act} ${id}`), drift]).toEqual([[`create instance/${pool}-2`, `create node/${pool}-2`], 1]);
  });
});

const inputOf = (blueprint: Blueprint, acts: BuildInput["acts"]): ChangeInput => ({ cluster: blueprint.name, digest: "", blueprint, pins, acts, title: "", over: 1, by: "a test", consent: { emptyDir: false, bare: false } });

describe("the job of a change", () => {
  it("has steps for what is touched and for no other, and a node leaves only when the new one is Ready", () => {
    const { blueprint } = done(four, { kind: "replace-node", node: pool });
    const plan = makePlan(resourceGraph(blueprint, pins), built(four));
    const old = plan.items.find(({ kind, act }) => kind === "node" && act === "delete")?.id.slice("node/".length) ?? "";
    const steps = changeSteps(inputOf(blueprint, plan.items.map(({ id, act }) => ({ id, act }))));
    expect(steps.map(({ name }) => name)).toEqual(["blueprint", "join-material", `instance/${pool}-2`, `boot/${pool}-2`, `node/${pool}-2`, `look/${old}`, `cordon/${old}`, `evict/${old}`, `forget/${old}`, "obsolete"]);
    const needs = new Map(steps.map((step) => [step.name, step.needs ?? []]));
    expect(needs.get(`look/${old}`)).toContain(`node/${pool}-2`);
    expect(needs.get("obsolete")).toContain(`forget/${old}`);
    expect(needs.get(`instance/${pool}-2`)).toContain("join-material");
    for (const [name, needed] of needs) for (const need of needed) expect(needs.has(need), `${name} needs ${need}`).toBe(true);
  });
});

describe("a node's settings", () => {
  const node = { metadata: { resourceVersion: "7", labels: { "kubernetes.io/os": "linux", workload: "application", role: "old" } }, spec: { taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }, { key: "mine", value: "a", effect: "NoExecute" }] } };

  it("are patched where they differ, guarded by the version that was read; Kubernetes' own taints and others' labels stay", () => {
    expect(settingsPatch(node, { labels: { workload: "application", "example.org/x": "1" }, taints: [] }, { workload: "application", role: "old" })).toEqual([
      { op: "test", path: "/metadata/resourceVersion", value: "7" }, { op: "add", path: "/metadata/labels/example.org~1x", value: "1" }, { op: "remove", path: "/metadata/labels/role" },
      { op: "add", path: "/spec/taints", value: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] },
    ]);
    expect(settingsPatch(node, { labels: { workload: "application" }, taints: [{ key: "mine", value: "a", effect: "NoExecute" }] }, {})).toEqual([]);
  });

  it("show as drift when a label that we set is wanted no more, and not when somebody else set it", () => {
    const world = built(four);
    const found = world.found.find(({ awsId }) => awsId === idIn(world, "node", pool));
    const resource = resourceGraph(four, pins).resources.find(({ id }) => id === `node/${pool}`);
    if (!found || !resource) throw new Error("no node");
    const seen = (labels: Record<string, string>, set: Record<string, string>) => differences(resource, { ...found, fields: { ...found.fields, labels, [setLabels]: set } }, () => null).map(({ field }) => field);
    const own = { workload: "application", role: "application" };
    expect(seen({ ...own, theirs: "1" }, own)).toEqual([]);
    expect(seen({ ...own, ours: "1" }, { ...own, ours: "1" })).toEqual(["labels"]);
  });
});

describe("labels and taints as text", () => {
  it("are read as they are written, and what is none is named", () => {
    const taints = [{ key: "dedicated", value: "api", effect: "NoSchedule" as const }, { key: "alone", value: "", effect: "NoExecute" as const }];
    const labels = { workload: "application", "example.org/team": "" };
    expect(toSettings(labelLines(labels), taintLines(taints))).toEqual({ ok: true, labels, taints });
    expect(toSettings("=x", "")).toMatchObject({ ok: false, say: expect.stringContaining("is no label") });
    expect(toSettings("", "a=b:Sometimes")).toMatchObject({ ok: false, say: expect.stringContaining("is no taint") });
    expect(toSettings("a=1\na=2", "")).toMatchObject({ ok: false, say: expect.stringContaining("twice") });
  });
});

describe("certificates", () => {
  it("are told soonest first, authorities last, and how near their end is", () => {
    const told = toDiskCertificates({ data: { master: JSON.stringify({ certificates: [{ name: "apiserver", expirationDate: "2027-01-02T00:00:00Z" }, { name: "admin.conf", expirationDate: null, missing: true }], certificateAuthorities: [{ name: "ca", expirationDate: "2026-01-01T00:00:00Z" }] }), broken: "{" } });
    expect(certificateRows([{ what: "serving", until: Date.parse("2027-01-01T00:00:00Z") }], told).map(({ name, renewable }) => `${name} ${renewable}`)).toEqual(["API server, as it is served now true", "apiserver true", "ca false"]);
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect([-1, 6, 29, 31].map((days) => certificateState(now + days * 86_400_000, now))).toEqual(["over", "urgent", "soon", "good"]);
  });
});
