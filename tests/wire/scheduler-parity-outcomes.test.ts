// What-if and remedies held against what the real scheduler then does: bounds that contain it, remedies that place the pod.
import { describe, expect, it } from "vitest";
import { machineTypes } from "@/lib/clusters/machine-types";
import { explain } from "@/lib/placement/explain";
import { keyOf, layerOver } from "@/lib/placement/picture";
import { remediesFor, type Remedy } from "@/lib/placement/remedies";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { whatIf, type Question, type WhatIfAnswer } from "@/lib/placement/what-if";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { at, isObject, listAt, textAt, type Json, type JsonObject } from "../../infra/sandbox/json.ts";
import { until } from "./kubernetes-api";
import type { Oracle } from "./scheduler-parity-oracle";
import { batchOf, Random } from "./scheduler-parity-random";
import { clear, oracleForFile, raise } from "./scheduler-parity-run";

const seed = Number(process.env.PARITY_SEED ?? Date.now() % 2_147_483_647);
let oracle: Oracle;
oracleForFile((started) => void (oracle = started));

const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const remove = (pod: { namespace: string; name: string }) => oracle.remove(pod);

/** A pod of a workload (so that it comes back), with one container and no volumes: what a remedy changes can then be changed exactly. */
function plain(body: JsonObject, over: { name?: string; spec?: JsonObject } = {}): JsonObject {
  const { initContainers, volumes, schedulingGates, ...spec } = asObject(body.spec);
  void [initContainers, volumes, schedulingGates];
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "parity", uid: "11111111-2222-3333-4444-555555555555", controller: true };
  return { ...body, metadata: { ...asObject(body.metadata), ...(over.name === undefined ? {} : { name: over.name }), ownerReferences: [owner] }, spec: { ...spec, ...over.spec } };
}

const tierLabels = ["application", "async-workers", "database"] as const;

/** A cluster with pods on it; the bodies of those that were placed, by their keys. */
async function populated(random: Random, id: number): Promise<{ placed: Map<string, JsonObject>; pending: JsonObject[]; nodes: JsonObject[] }> {
  const batch = batchOf(random, id);
  const nodes = batch.nodes.map((node): JsonObject => {
    const metadata = asObject(node.metadata);
    return { ...node, metadata: { ...metadata, labels: { ...asObject(metadata.labels), workload: random.pick(tierLabels), "node.kubernetes.io/instance-type": random.pick(["t3.small", "t3.medium"]) } } };
  });
  await raise(oracle, { nodes, csiNodes: [], classes: [], volumes: [], claims: [] }, id);
  const placed = new Map<string, JsonObject>();
  const pending: JsonObject[] = [];
  for (const each of batch.pods) {
    const body = plain(each);
    const { pod, decision } = await oracle.submit(body);
    if (decision.node !== null) placed.set(keyOf(pod), body);
    else {
      pending.push(body);
      await remove(pod);
    }
  }
  return { placed, pending, nodes };
}

/** Lets the pods look for places all at once, until every one has one or fits nowhere by the state that has come about. */
async function letThemLook(bodies: readonly JsonObject[]): Promise<number> {
  const looking = new Map<string, PodObject>();
  await Promise.all(bodies.map(async (body) => {
    const { pod } = await oracle.submit(body);
    looking.set(keyOf(pod), pod);
  }));
  const left = () => {
    const picture = oracle.picture();
    return [...looking].filter(([key]) => !picture.store("Pod").get(key)).map(([, pod]) => ({ pod, fitting: explain(picture, pod).fitting }));
  };
  await until(() => left().every(({ fitting }) => fitting === 0), { withinMs: 25_000, tell: () => left().map(({ pod, fitting }) => `${pod.name} fits on ${fitting}`) });
  return left().length;
}

function onNodes(placed: ReadonlyMap<string, JsonObject>, names: readonly string[]): { keys: string[]; bodies: JsonObject[] } {
  const picture = oracle.picture();
  const keys = [...placed.keys()].filter((key) => names.includes(picture.store("Pod").get(key)?.nodeName ?? ""));
  return { keys, bodies: keys.map((key, i) => plain(placed.get(key) ?? {}, { name: `again-${i}-${key.split("/")[1] ?? ""}` })) };
}

/** With the taint that the node lifecycle controller, which does not run here, would add: it counts for spread. Answers with how to undo it. */
async function cordon(name: string): Promise<() => Promise<void>> {
  const taints = listAt(await oracle.api.get(`/api/v1/nodes/${name}`), "spec", "taints");
  await oracle.patch("Node", `/api/v1/nodes/${name}`, { spec: { unschedulable: true, taints: [...taints, { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] } });
  return () => oracle.patch("Node", `/api/v1/nodes/${name}`, { spec: { unschedulable: null, taints } });
}

async function loseNodes(names: readonly string[], placed: ReadonlyMap<string, JsonObject>, how: "cordon" | "delete"): Promise<number> {
  const { keys, bodies } = onNodes(placed, names);
  for (const name of names) {
    if (how === "cordon") await cordon(name);
    else {
      await oracle.api.delete(`/api/v1/nodes/${name}`);
      oracle.forgetNode(name);
    }
  }
  for (const key of keys) {
    const [namespace = "", name = ""] = key.split("/");
    await remove({ namespace, name });
  }
  return letThemLook(bodies);
}

async function actually(question: Question, world: Awaited<ReturnType<typeof populated>>, template: JsonObject): Promise<number> {
  switch (question.kind) {
    case "drain": return loseNodes([question.node], world.placed, "cordon");
    case "lose-node": return loseNodes([question.node], world.placed, "delete");
    case "lose-tier": {
      const label = tierLabels[question.tier - 2] ?? "";
      return loseNodes(world.nodes.filter((node) => at(node, "metadata", "labels", "workload") === label).map((node) => textAt(node, "metadata", "name")), world.placed, "delete");
    }
    case "add": return letThemLook(Array.from({ length: question.replicas }, (_, i) => plain(template, { name: `more-${i}` })));
    case "change": return 0;
  }
}

/** A question that the cluster has an answer to. */
function questionFor(random: Random, world: Awaited<ReturnType<typeof populated>>, template: JsonObject): { question: Question; answer: WhatIfAnswer } | null {
  const node = textAt(world.nodes[random.int(0, world.nodes.length - 1)], "metadata", "name");
  const workload = `Deployment/${textAt(template, "metadata", "namespace")}/what-if`;
  const question = random.pick<Question>([{ kind: "drain", node }, { kind: "drain", node }, { kind: "lose-node", node }, { kind: "lose-tier", tier: random.pick([2, 3, 4]) }, { kind: "add", workload, replicas: random.int(2, 9) }]);
  oracle.remember("Deployment", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "what-if", namespace: textAt(template, "metadata", "namespace") }, spec: { template: { metadata: { labels: asObject(at(template, "metadata", "labels")) }, spec: asObject(template.spec) } } });
  const answer = whatIf(oracle.picture(), question, { policy: defaultTierPolicy });
  oracle.forget(["Deployment"]);
  return answer && answer.pods > 0 ? { question, answer } : null;
}

describe("what-if", () => {
  it("holds what then happens within its bounds, and equals it where they agree", async () => {
    const random = new Random(seed);
    const lines: string[] = [];
    const wrong: string[] = [];
    for (let id = 0; lines.length < 20; id += 1) {
      const world = await populated(random, 10_000 + id);
      const template = plain([...world.placed.values()][0] ?? {});
      const asked = questionFor(random, world, template);
      if (asked) {
        const left = await actually(asked.question, world, template);
        const { best, worst, exact, pods } = asked.answer;
        lines.push(`${asked.question.kind}: ${pods} pods, ${best} to ${worst} would stay pending${exact ? " (exact)" : ""}; ${left} did`);
        if (left < best || left > worst) wrong.push(`${lines.at(-1)} ${JSON.stringify(asked.question)}`);
      }
      await clear(oracle);
    }
    process.stdout.write(`what-if, seed ${seed}\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
    expect(wrong, `seed ${seed}`).toEqual([]);
  });
});

/** Applies what a remedy proposes; gives the pod as it must now be made, and who else must find a place again. */
async function apply({ change }: Remedy, body: JsonObject): Promise<{ body: JsonObject; undo: () => Promise<void> }> {
  const nothing = { body, undo: () => Promise.resolve() };
  if (!change) return nothing;
  const node = "node" in change ? `/api/v1/nodes/${change.node}` : "";
  const before = node === "" ? null : await oracle.api.get(node);
  switch (change.kind) {
    case "request": {
      const [container] = listAt(body, "spec", "containers");
      const requests = { ...asObject(at(container, "resources", "requests")), ...(change.cpuMillis === undefined ? {} : { cpu: `${change.cpuMillis}m` }), ...(change.memoryBytes === undefined ? {} : { memory: String(change.memoryBytes) }) };
      return { ...nothing, body: plain(body, { spec: { containers: [{ ...asObject(container), resources: { ...asObject(at(container, "resources")), requests } }] } }) };
    }
    case "drop-selector": return { ...nothing, body: plain(body, { spec: { nodeSelector: {}, affinity: { ...asObject(at(body, "spec", "affinity")), nodeAffinity: null } } }) };
    case "tolerate": return { ...nothing, body: plain(body, { spec: { tolerations: [...listAt(body, "spec", "tolerations"), { key: change.key, operator: "Equal", value: change.value, effect: change.effect }] } }) };
    case "label-node": {
      await oracle.patch("Node", node, { metadata: { labels: change.labels } });
      const labels = Object.fromEntries(Object.keys(change.labels).map((key) => [key, at(before ?? {}, "metadata", "labels", key) ?? null]));
      return { body, undo: () => oracle.patch("Node", node, { metadata: { labels } }) };
    }
    case "uncordon":
      await oracle.patch("Node", node, { spec: { unschedulable: null } });
      return { body, undo: () => oracle.patch("Node", node, { spec: { unschedulable: true } }) };
    case "resize-node": {
      const machine = machineTypes.find((each) => each.name === change.type);
      const amounts = { cpu: `${machine?.cpuMillis ?? 0}m`, memory: String(machine?.memoryBytes ?? 0) };
      await oracle.patch("Node", `${node}/status`, { status: { capacity: amounts, allocatable: amounts } });
      const was = at(before ?? {}, "status", "allocatable");
      return { body, undo: () => oracle.patch("Node", `${node}/status`, { status: { capacity: was, allocatable: was } }) };
    }
    default: return nothing;
  }
}

describe("remedies", () => {
  it("every one that is said to work is applied, and the real scheduler places the pod", async () => {
    const random = new Random(seed + 1);
    const tried = new Map<string, number>();
    const wrong: string[] = [];
    for (let id = 0, total = 0; total < 40; id += 1) {
      const world = await populated(random, 20_000 + id);
      for (const pending of world.pending.slice(0, 4)) {
        const { pod, decision } = await oracle.submit(pending);
        await remove(pod);
        if (decision.node !== null) continue;
        const remedies = remediesFor(layerOver(oracle.picture(), [pod], []), pod, machineTypes).filter((remedy) => remedy.works);
        for (const remedy of remedies) {
          total += 1;
          tried.set(remedy.id, (tried.get(remedy.id) ?? 0) + 1);
          if (!(await carriedOut(remedy, pending, world.placed))) wrong.push(`${remedy.title}: ${remedy.say} ${JSON.stringify(pending)}`);
        }
      }
      await clear(oracle);
    }
    process.stdout.write(`remedies, seed ${seed}: ${[...tried].map(([kind, count]) => `${kind} ${count}`).join(", ")}\n`);
    expect(wrong, `seed ${seed}`).toEqual([]);
  });
});

async function carriedOut(remedy: Remedy, pending: JsonObject, placed: Map<string, JsonObject>): Promise<boolean> {
  if (remedy.change?.kind === "move") return moved(remedy.change.pod, pending, placed);
  const { body, undo } = await apply(remedy, pending);
  const left = await letThemLook([body]);
  await remove({ namespace: textAt(body, "metadata", "namespace"), name: textAt(body, "metadata", "name") });
  await undo();
  return left === 0;
}

/** As the remedy says: cordon, delete, let it find another place, uncordon. */
async function moved(key: string, pending: JsonObject, placed: Map<string, JsonObject>): Promise<boolean> {
  const [namespace = "", name = ""] = key.split("/");
  const body = placed.get(key);
  const node = oracle.picture().store("Pod").get(key)?.nodeName ?? "";
  if (!body || node === "") return false;
  const again = plain(body, { name: `${name}-m` });
  const uncordon = await cordon(node);
  await remove({ namespace, name });
  placed.delete(key);
  const neighbourLeft = await letThemLook([again]);
  placed.set(`${namespace}/${name}-m`, again);
  await uncordon();
  const left = await letThemLook([pending]);
  await remove({ namespace: textAt(pending, "metadata", "namespace"), name: textAt(pending, "metadata", "name") });
  return left + neighbourLeft === 0;
}
