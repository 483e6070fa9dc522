// The projection: rows from objects, and the same rows by any order of changes as by a rebuild.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kind, NodeObject, ObjectsByKind, PodObject, WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { applyDelta, diffTables } from "@/lib/placement/delta";
import type { PlacementTables } from "@/lib/placement/model";
import { keyOf, pictureOf, type Touched } from "@/lib/placement/picture";
import { createProjection } from "@/lib/placement/project";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { gib, node, owned, pod, resources, workload } from "./made";

const rows = (objects: ObjectsByKind[Kind][]) => createProjection(defaultTierPolicy).rebuild(pictureOf(objects));

describe("rows", () => {
  it("a pod of a Deployment is found through its ReplicaSet, and drifts when its node is of another tier", () => {
    const deployment = workload("Deployment", "grafana", { namespace: "monitoring", replicas: 1 });
    const set = workload("ReplicaSet", "grafana-7d9", { namespace: "monitoring", owner: owned(deployment) });
    const tables = rows([
      node("k8s-worker-1", { labels: { workload: "application" } }), deployment, set,
      pod("grafana-7d9-x1", { namespace: "monitoring", owner: owned(set), nodeName: "k8s-worker-1", spec: { requests: resources({ cpuMillis: 500, memoryBytes: gib }) } }),
    ]);
    expect(tables.pods.get("monitoring/grafana-7d9-x1")).toMatchObject({ workload: "Deployment/monitoring/grafana", app: "grafana", declared: 1, actual: 2, drift: true, state: "running" });
    expect(tables.workloads.get("Deployment/monitoring/grafana")).toMatchObject({ wanted: 1, pods: 1, drift: 1, declared: 1 });
    expect(tables.workloads.has("ReplicaSet/monitoring/grafana-7d9")).toBe(false);
    expect(tables.nodes.get("k8s-worker-1")).toMatchObject({ tier: 2, pods: 1, requestedCpuMillis: 500, requestedMemoryBytes: gib });
  });

  it("DaemonSets and static pods never drift", () => {
    const daemon = workload("DaemonSet", "node-exporter", { namespace: "monitoring" });
    const tables = rows([
      node("k8s-redis", { labels: { workload: "cache" } }), daemon,
      pod("node-exporter-a", { namespace: "monitoring", owner: owned(daemon), nodeName: "k8s-redis" }),
      pod("kube-proxyish-k8s-redis", { namespace: "kube-system", mirror: true, owner: { kind: "Node", name: "k8s-redis", uid: "n" }, labels: { tier: "control-plane" }, nodeName: "k8s-redis" }),
    ]);
    expect(tables.pods.get("monitoring/node-exporter-a")).toMatchObject({ declared: 1, actual: 4, drift: false, everywhere: true });
    expect(tables.pods.get("kube-system/kube-proxyish-k8s-redis")).toMatchObject({ app: "kube-proxyish", workload: "", drift: false, everywhere: true });
  });

  it("an owner of a kind that we do not read makes a workload of its own, and a pod without owner none", () => {
    const tables = rows([pod("a-0", { owner: { kind: "Workflow", name: "a", uid: "w" } }), pod("bare")]);
    expect(tables.workloads.get("Workflow/default/a")).toMatchObject({ pods: 1, wanted: 1 });
    expect(tables.pods.get("default/bare")?.workload).toBe("");
    expect(tables.workloads.size).toBe(1);
  });

  it("figures that cannot be read take no part in sums, and the row goes on", () => {
    const tables = rows([
      node("n", { allocatable: resources({ cpuMillis: Number.NaN }), broken: ["status.allocatable.cpu: -x"] }),
      pod("p", { nodeName: "n", spec: { requests: resources({ cpuMillis: Number.NaN, memoryBytes: 5 }) } }),
    ]);
    expect(tables.nodes.get("n")).toMatchObject({ cpuMillis: Number.NaN, requestedCpuMillis: 0, requestedMemoryBytes: 5, pods: 1, broken: ["status.allocatable.cpu: -x"] });
  });

  it("finished pods take no room and are no replicas", () => {
    const tables = rows([node("n"), pod("p", { nodeName: "n", phase: "Succeeded", spec: { requests: resources({ cpuMillis: 100 }) } })]);
    expect(tables.nodes.get("n")).toMatchObject({ pods: 0, requestedCpuMillis: 0 });
  });
});

/** A small world in which everything refers to everything, so that a wrong shortcut shows. */
const names = ["a", "b", "c"];
const anyName = fc.constantFrom(...names);
const anyObject: fc.Arbitrary<ObjectsByKind[Kind]> = fc.oneof(
  fc.record({ name: anyName, tier: fc.constantFrom("application", "cache", "none"), ready: fc.constantFrom("True" as const, "Unknown" as const) }).map(
    ({ name, tier, ready }): NodeObject => node(name, { labels: { workload: tier }, conditions: [{ type: "Ready", status: ready, reason: "", message: "", at: 0 }] })),
  fc.record({ name: anyName, app: anyName, replicas: fc.nat(3) }).map(
    ({ name, app, replicas }): WorkloadObject => workload("Deployment", name, { replicas, templateLabels: { app } })),
  fc.record({ name: anyName, above: fc.option(anyName) }).map(
    ({ name, above }): WorkloadObject => workload("ReplicaSet", name, { owner: above === null ? null : { kind: "Deployment", name: above, uid: `uid-Deployment-default-${above}` } })),
  fc.record({ name: fc.constantFrom("p1", "p2", "p3", "p4"), on: fc.constantFrom("", ...names), set: fc.option(anyName), cpu: fc.nat(5), done: fc.boolean() }).map(
    ({ name, on, set, cpu, done }): PodObject => pod(name, {
      nodeName: on, phase: done ? "Succeeded" : on === "" ? "Pending" : "Running", spec: { requests: resources({ cpuMillis: cpu * 100 }) },
      owner: set === null ? null : { kind: "ReplicaSet", name: set, uid: `uid-ReplicaSet-default-${set}` },
    })),
);
const policy = { ...defaultTierPolicy, workloads: [{ name: "a", tier: 2 as const }, { label: { key: "app", value: "b" }, tier: 4 as const }] };

function clone(tables: PlacementTables): PlacementTables {
  return { nodes: new Map(tables.nodes), pods: new Map(tables.pods), workloads: new Map(tables.workloads), events: new Map(tables.events), kinds: new Map(tables.kinds) };
}

describe("touch", () => {
  it("after any batches of changes gives the rows of a rebuild, and its delta carries a viewer's copy there", () => {
    fc.assert(fc.property(fc.array(fc.array(fc.tuple(anyObject, fc.boolean()), { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (batches) => {
      const held = new Map<string, ObjectsByKind[Kind]>();
      const projection = createProjection(policy);
      const viewer = clone(projection.rebuild(pictureOf([])));
      for (const batch of batches) {
        const touched: Touched[] = [];
        for (const [object, goes] of batch) {
          const at = `${object.kind}/${keyOf(object)}`;
          const before = held.get(at) ?? null;
          if (goes && !before) continue;
          if (goes) held.delete(at);
          else held.set(at, object);
          touched.push({ kind: object.kind, key: keyOf(object), before, after: goes ? null : object });
        }
        const now = pictureOf(held.values());
        applyDelta(viewer, projection.touch(now, touched));
        const rebuilt = createProjection(policy).rebuild(now);
        expect(diffTables(projection.tables, rebuilt)).toEqual({});
        expect(diffTables(viewer, rebuilt)).toEqual({});
      }
    }), { numRuns: 300 });
  });

  it("a heartbeat of a node changes nothing, and one changed pod touches itself, its node and its workload alone", () => {
    const set = workload("StatefulSet", "s");
    const pods = Array.from({ length: 50 }, (_, i) => pod(`s-${i}`, { owner: owned(set), nodeName: i % 2 ? "a" : "b" }));
    const first = pods[0] ?? pod("none");
    const nodes = [node("a"), node("b")];
    const projection = createProjection(policy);
    projection.rebuild(pictureOf([...nodes, set, ...pods]));
    const beat = node("a", { conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "", at: 99 }] });
    expect(projection.touch(pictureOf([beat, node("b"), set, ...pods]), [{ kind: "Node", key: "a", before: nodes[0] ?? null, after: beat }])).toEqual({});
    const failed: PodObject = { ...first, phase: "Failed", ready: false, spec: first.spec };
    const delta = projection.touch(pictureOf([beat, node("b"), set, failed, ...pods.slice(1)]), [{ kind: "Pod", key: "default/s-0", before: first, after: failed }]);
    expect(delta.pods?.put.map((row) => row.key)).toEqual(["default/s-0"]);
    expect(delta.nodes).toBeUndefined();
    expect(delta.workloads).toBeUndefined();
  });
});
