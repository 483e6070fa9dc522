// What would happen, and what would help: bounds that hold, remedies that were tried.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { machineTypes } from "@/lib/clusters/machine-types";
import type { Kind, NodeObject, ObjectsByKind, PodObject } from "@/lib/adapters/kubernetes/objects";
import { previewDrain } from "@/lib/placement/drain-preview";
import { fits, groundOf, sceneOf } from "@/lib/placement/filters";
import { keyOf, pictureOf } from "@/lib/placement/picture";
import { remediesFor, roundDown } from "@/lib/placement/remedies";
import { settle } from "@/lib/placement/settle";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { whatIf, type Question } from "@/lib/placement/what-if";
import { budget, container, gib, mib, node, owned, pod, resources, workload, spec } from "./made";
import { prometheus, sevenNodeObjects } from "./seven-node";

const seven = pictureOf(sevenNodeObjects);
const ask = (objects: ObjectsByKind[Kind][], question: Question) => whatIf(pictureOf(objects), question, { policy: defaultTierPolicy, machines: machineTypes });
const deployment = workload("Deployment", "web", { template: spec({ requests: resources({ cpuMillis: 600 }) }), templateLabels: { app: "web" } });
const set = workload("ReplicaSet", "web-1", { owner: owned(deployment) });
const web = (name: string, on: string, cpuMillis = 600) => pod(name, { nodeName: on, owner: owned(set), labels: { app: "web" }, spec: { requests: resources({ cpuMillis }), containers: [container()] } });

describe("what if", () => {
  it("a drained node's pods find places, the daemons stay, a bare pod is lost, a budget blocks, a last replica is named", () => {
    const daemon = workload("DaemonSet", "agent");
    const objects = [
      node("a"), node("b"), deployment, set, daemon, web("web-1-x", "a"), pod("bare", { nodeName: "a" }), pod("agent-a", { nodeName: "a", owner: owned(daemon) }),
      budget("web", { selector: { matchLabels: { app: "web" }, matchExpressions: [] } }),
    ];
    const answer = ask(objects, { kind: "drain", node: "a" });
    expect(answer).toMatchObject({ pods: 1, best: 0, worst: 0, exact: true, say: "The pod would find a place.", lost: ["default/bare"], lastReplicas: ["Deployment/default/web"] });
    expect(answer?.blocked).toMatchObject([{ pod: "default/web-1-x", budget: "default/web" }]);
    expect(answer?.placed).toEqual([{ pod: "default/web-1-x", node: "b" }]);
    const preview = previewDrain(pictureOf(objects), "a");
    expect(preview?.counts).toEqual({ moves: 1, skipped: 1, nowhere: 0, blocked: 1, lastReplicas: 1, dataLost: 0, bare: 1 });
    expect(preview?.pods.find((each) => each.key === "default/web-1-x")).toMatchObject({ nodes: ["b"], nowhere: "", lastReplica: true, fate: "replaced" });
    expect(previewDrain(pictureOf(objects), "nope")).toBeNull();
  });

  it("three pods of 600m and room for two: one stays pending, whatever the order", () => {
    const objects = [node("a"), node("b", { allocatable: resources({ cpuMillis: 1300, memoryBytes: gib, pods: 110 }) }), deployment, set, web("x", "a"), web("y", "a"), web("z", "a")];
    expect(ask(objects, { kind: "lose-node", node: "a" })).toMatchObject({ pods: 3, best: 1, worst: 1, exact: true, say: "1 of 3 pods would stay pending." });
  });

  it("where order decides, both ends are told", () => {
    const objects = [node("a"), node("b", { allocatable: resources({ cpuMillis: 1000, memoryBytes: gib, pods: 110 }) }), deployment, set, web("big", "a", 1000), web("s1", "a", 500), web("s2", "a", 500)];
    expect(ask(objects, { kind: "drain", node: "a" })).toMatchObject({ best: 1, worst: 2, exact: true, say: "Between 1 and 2 of 3 pods would stay pending, depending on order and ties." });
  });

  it("a tier is lost, replicas are added, and what does not exist is null", () => {
    expect(ask([...sevenNodeObjects], { kind: "lose-tier", tier: 1 })).toMatchObject({ pods: 1, best: 1, worst: 1 });
    expect(ask([node("a"), deployment], { kind: "add", workload: "Deployment/default/web", replicas: 5 })).toMatchObject({ pods: 5, best: 2, worst: 2 });
    expect(ask([node("a")], { kind: "add", workload: "Deployment/default/web", replicas: 1 })).toBeNull();
    expect(ask([node("a")], { kind: "drain", node: "b" })).toBeNull();
    expect(ask([node("a")], { kind: "lose-tier", tier: 3 })).toBeNull();
  });

  it("the last of a StatefulSet on a lost node is said to come back only later", () => {
    const answer = ask([node("a"), node("b"), pod("s-0", { nodeName: "a", owner: { kind: "StatefulSet", name: "s", uid: "s" } })], { kind: "lose-node", node: "a" });
    expect(answer?.notes.join()).toContain("StatefulSet");
  });
});

/** Small enough that any order can be played out, large enough for order to matter. */
const anyPod = fc.record({ cpu: fc.integer({ min: 1, max: 12 }), memory: fc.integer({ min: 0, max: 8 }), label: fc.constantFrom("a", "b"), apart: fc.boolean(), wants: fc.option(fc.constantFrom("1", "2"), { nil: undefined }) });
const anyNode = fc.record({ cpu: fc.integer({ min: 4, max: 24 }), memory: fc.integer({ min: 4, max: 16 }), group: fc.constantFrom("1", "2") });

function randomWorld(nodes: { cpu: number; memory: number; group: string }[], pods: { cpu: number; memory: number; label: string; apart: boolean; wants: string | undefined }[]) {
  const machines = nodes.map(({ cpu, memory, group }, i): NodeObject => node(`n${i}`, { labels: { group }, allocatable: resources({ cpuMillis: cpu * 100, memoryBytes: memory * mib, pods: 110 }) }));
  const looking = pods.map(({ cpu, memory, label, apart, wants }, i): PodObject => pod(`p${i}`, {
    labels: { app: label },
    spec: {
      requests: resources({ cpuMillis: cpu * 100, memoryBytes: memory * mib }), nodeSelector: wants === undefined ? {} : { group: wants },
      podAntiAffinity: apart ? [{ selector: { matchLabels: { app: label }, matchExpressions: [] }, topologyKey: "kubernetes.io/hostname", namespaces: [], namespaceSelector: null, matchLabelKeys: [], mismatchLabelKeys: [] }] : [],
    },
  }));
  return { ground: groundOf(pictureOf([...machines, ...looking])), looking };
}

/** One end: pods in the order and on the nodes that `choose` picks, until none fits any more. */
function playOut({ ground, looking }: ReturnType<typeof randomWorld>, choose: (count: number) => number): number {
  const copy = ground.copy();
  let left = [...looking];
  for (;;) {
    const moves = left.flatMap((each) => {
      const scene = sceneOf(copy, each);
      return [...copy.rooms.values()].filter((room) => fits(scene, room)).map((room) => ({ each, name: room.node.name }));
    });
    const move = moves[choose(moves.length)];
    if (!move) return left.length;
    copy.put(move.each, move.name);
    left = left.filter((each) => each !== move.each);
  }
}

describe("bounds", () => {
  it("hold for any order and any ties, exact or proven", () => {
    fc.assert(fc.property(fc.array(anyNode, { minLength: 1, maxLength: 4 }), fc.array(anyPod, { minLength: 1, maxLength: 14 }), fc.infiniteStream(fc.nat()), (nodes, pods, random) => {
      const world = randomWorld(nodes, pods);
      const settled = settle(world.ground, world.looking);
      expect(settled.best).toBeLessThanOrEqual(settled.worst);
      expect(settled.likely.left.length).toBeGreaterThanOrEqual(settled.best);
      expect(settled.likely.left.length).toBeLessThanOrEqual(settled.worst);
      for (let run = 0; run < 5; run += 1) {
        const left = playOut(world, (count) => (count === 0 ? 0 : (random.next().value ?? 0) % count));
        expect(left).toBeGreaterThanOrEqual(settled.best);
        expect(left).toBeLessThanOrEqual(settled.worst);
      }
      for (const key of settled.never) expect(settled.likely.left.map(keyOf)).toContain(key);
    }), { numRuns: 150 });
  });

  it("many small pods on a wide cluster are proven to find places without trying all orders", () => {
    const nodes = Array.from({ length: 200 }, (_, i) => node(`n${i}`));
    const pods = Array.from({ length: 60 }, (_, i) => pod(`p${i}`, { spec: { requests: resources({ cpuMillis: 100 + i, memoryBytes: mib }) } }));
    expect(settle(groundOf(pictureOf([...nodes, ...pods])), pods)).toMatchObject({ best: 0, worst: 0 });
  });
});

describe("remedies", () => {
  const remedies = remediesFor(seven, prometheus, machineTypes);
  const of = (id: string) => remedies.find((remedy) => remedy.id === id);

  it("F-43: a smaller request runs, t3.xlarge runs for +$60, moving Grafana only pends Grafana, another label helps nowhere", () => {
    expect(of("request")).toMatchObject({ works: true, title: "Request 750m instead of 1000m", say: "runs on k8s-monitoring, 120m cpu spare" });
    expect(of("machine")).toMatchObject({ works: true, title: "Resize k8s-monitoring to t3.xlarge", say: "runs, +$60 / month", monthlyUsd: 60 });
    expect(of("neighbour")).toMatchObject({ works: false });
    expect(of("label")?.works).toBe(true);
    expect(remedies.map((remedy) => remedy.works)).toEqual([...remedies.map((remedy) => remedy.works)].toSorted((a, b) => Number(b) - Number(a)));
  });

  it("each remedy that is said to work does, on the same picture", () => {
    for (const remedy of remedies.filter((each) => each.works && each.change)) {
      const answer = remedy.change && whatIf(seven, { kind: "change", pod: "monitoring/prometheus-0", change: remedy.change }, { policy: defaultTierPolicy, machines: machineTypes });
      expect(answer).toMatchObject({ worst: 0 });
    }
  });

  it("a neighbour that fits elsewhere is moved; one that fits nowhere else only changes places with the pod", () => {
    const small = node("a", { labels: { disk: "ssd" }, allocatable: resources({ cpuMillis: 1000, memoryBytes: gib, pods: 10 }) });
    const asking = pod("p", { spec: { requests: resources({ cpuMillis: 800 }), nodeSelector: { disk: "ssd" } } });
    const objects = [small, node("b"), deployment, set, web("x", "a"), asking];
    expect(remediesFor(pictureOf(objects), asking, machineTypes).find((remedy) => remedy.id === "neighbour")).toMatchObject({ works: true, title: "Move x (600m, 0 B) to another node", say: "runs; cordon a, delete x, uncordon" });
    expect(ask(objects, { kind: "change", pod: "default/p", change: { kind: "move", pod: "default/x" } })).toMatchObject({ pods: 2, best: 0, worst: 0, placed: [{ pod: "default/x", node: "b" }, { pod: "default/p", node: "a" }] });
    expect(ask([small, deployment, set, web("x", "a"), asking], { kind: "change", pod: "default/p", change: { kind: "move", pod: "default/x" } })).toMatchObject({ best: 1, worst: 1, pending: [{ pod: "default/x" }] });
  });

  it("a neighbour that tolerates a cordon may come back to its seat, so moving it is not said to work", () => {
    const tiny = (name: string) => node(name, { labels: { disk: "ssd" }, allocatable: resources({ cpuMillis: 1000, memoryBytes: gib, pods: 1 }) });
    const stubborn = web("x", "a", 100);
    stubborn.spec = { ...stubborn.spec, tolerations: [{ key: "", operator: "Exists", value: "", effect: "", tolerationSeconds: null }] };
    const asking = pod("p", { spec: { requests: resources({ cpuMillis: 100 }), nodeSelector: { disk: "ssd" } } });
    const answer = ask([tiny("a"), node("b"), deployment, set, stubborn, asking], { kind: "change", pod: "default/p", change: { kind: "move", pod: "default/x" } });
    expect(answer).toMatchObject({ best: 0, worst: 1 });
  });

  it("a pod that fits has none, and one that is stopped by a missing claim is told that no node can help", () => {
    const small = pod("small");
    expect(remediesFor(pictureOf([node("a"), small]), small, machineTypes)).toEqual([]);
    const stuck = pod("stuck", { spec: { volumes: [{ name: "d", kind: "claim", claim: "none", readOnly: false }] } });
    expect(remediesFor(pictureOf([node("a"), stuck]), stuck, machineTypes)).toMatchObject([{ works: false, change: null }]);
  });

  it("a taint in the way, and a cordon in the way, are named as such", () => {
    const tainted = remediesFor(pictureOf([node("a", { taints: [{ key: "domain", value: "db", effect: "NoSchedule" }] }), pod("p")]), pod("p"), machineTypes);
    expect(tainted[0]).toMatchObject({ id: "taint", works: true, title: "Tolerate domain=db:NoSchedule" });
    expect(remediesFor(pictureOf([node("a", { unschedulable: true }), pod("p")]), pod("p"), machineTypes)[0]).toMatchObject({ id: "uncordon", works: true });
  });

  it("round figures are below what is free, and never above", () => {
    fc.assert(fc.property(fc.integer({ min: -1000, max: 100_000 }), (free) => {
      const offered = roundDown(free, { coarse: 250, fine: 50 });
      expect(offered).toBeLessThanOrEqual(Math.max(free, 0));
      expect(offered).toBeGreaterThanOrEqual(0);
    }));
  });
});
