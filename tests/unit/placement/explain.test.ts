// Why a pod is nowhere: the reference system's own cases, and each filter with its words.
import { describe, expect, it } from "vitest";
import type { Kind, ObjectsByKind, PodObject } from "@/lib/adapters/kubernetes/objects";
import { accepts, compare, explain, schedulerCounts } from "@/lib/placement/explain";
import { pictureOf } from "@/lib/placement/picture";
import { claim, csiNode, gib, mib, namespace, node, pod, resources, storageClass, volume } from "./made";
import { monitoringPods, prometheus, sevenNodeObjects } from "./seven-node";

const seven = pictureOf(sevenNodeObjects);

describe("explain", () => {
  it("F-43: Prometheus fits on 0 of 7, nearest is the monitoring node, 130m short, and the scheduler's message agrees", () => {
    const explanation = explain(seven, prometheus);
    expect(explanation.say).toBe("Fits on 0 of 7 nodes. Nearest is k8s-monitoring: cpu 130m short.");
    expect(explanation.nodes[0]?.refusals[0]?.say).toBe("Insufficient cpu: needs 1000m, 870m free");
    expect(explanation.nodes[0]?.refusals[0]?.figures).toEqual([{ resource: "cpu", unit: "millicores", needs: 1000, used: 1130, total: 2000, free: 870, short: 130 }]);
    const redis = explanation.nodes.find((verdict) => verdict.node === "k8s-redis");
    expect(redis?.refusals.map((refusal) => refusal.say)).toEqual(["Selector: workload is cache, asked is monitoring", "Insufficient memory: needs 2 Gi, 1.7 Gi free"]);
    const comparison = compare(explanation, prometheus.unscheduled?.message ?? "");
    expect(comparison).toMatchObject({ agree: true, read: true });
    expect(comparison.rows).toHaveLength(3);
  });

  it("F-43's adopted answer, 500m, fits", () => {
    const smaller: PodObject = { ...prometheus, spec: { ...prometheus.spec, requests: resources({ cpuMillis: 500, memoryBytes: 2 * gib }) } };
    expect(explain(seven, smaller)).toMatchObject({ fitting: 1, nearest: null, say: "Fits on 1 of 7 nodes." });
  });

  it("F-42: PostgreSQL on the four-node cluster, 1 cpu, 1 taint, 2 selector; a taint named as older schedulers do is the same", () => {
    const four = [
      node("k8s-master", { taints: [{ key: "node-role.kubernetes.io/control-plane", value: "", effect: "NoSchedule" }] }),
      node("k8s-worker-1", { labels: { workload: "application" } }), node("k8s-worker-2", { labels: { workload: "async-workers" } }), node("k8s-storage", { labels: { workload: "storage" } }),
      pod("rabbitmq-0", { nodeName: "k8s-storage", spec: { requests: resources({ cpuMillis: 1600 }) } }),
    ];
    const postgres = pod("postgres-0", { spec: { nodeSelector: { workload: "storage" }, requests: resources({ cpuMillis: 500, memoryBytes: gib }) } });
    const explanation = explain(pictureOf([...four, postgres]), postgres);
    const message = "0/4 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.";
    expect(compare(explanation, message).agree).toBe(true);
    expect(compare(explanation, message.replace("1 Insufficient cpu", "1 Insufficient memory"))).toMatchObject({ agree: false, read: true });
    expect(compare(explanation, "something else")).toEqual({ agree: false, read: false, rows: [] });
  });

  it("a placed pod is explained as if it stood nowhere", () => {
    const grafana = monitoringPods[3] ?? prometheus;
    expect(explain(seven, grafana)).toMatchObject({ placed: "k8s-monitoring", fitting: 1 });
    expect(accepts(seven, grafana, "k8s-monitoring")).toBe(true);
    expect(accepts(seven, grafana, "k8s-redis")).toBe(false);
    expect(accepts(seven, grafana, "nowhere")).toBe(false);
  });
});

type Case = [string, ObjectsByKind[Kind][], PodObject, Record<string, number>];
const labelled = (value: string) => ({ matchLabels: { app: value }, matchExpressions: [] });
const near = (value: string) => ({ selector: labelled(value), topologyKey: "zone", namespaces: [], namespaceSelector: null, matchLabelKeys: [], mismatchLabelKeys: [] });
const zoned = (name: string, zone: string) => node(name, { labels: { zone } });
const spread = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" as const, selector: labelled("a"), minDomains: null, nodeAffinityPolicy: "Honor" as const, nodeTaintsPolicy: "Ignore" as const, matchLabelKeys: [] };
const wants = (name: string) => ({ volumes: [{ name: "data", kind: "claim" as const, claim: name, readOnly: false }] });
const zoneTerm = (value: string) => [{ expressions: [{ key: "zone", operator: "In" as const, values: [value] }], fields: [] }];
const boundTo = (name: string) => claim("data", { volumeName: name, phase: "Bound" });

const cases: Case[] = [
  ["a cordoned node", [node("a", { unschedulable: true }), node("b", { taints: [{ key: "t", value: "", effect: "NoExecute" }] })], pod("p"), { "node(s) were unschedulable": 1, "node(s) had untolerated taint(s)": 1 }],
  ["affinity by name leaves the others unlooked at, cordoned or not", [node("a", { unschedulable: true }), node("b", { unschedulable: true })],
    pod("p", { spec: { nodeAffinity: [{ expressions: [], fields: [{ key: "metadata.name", operator: "In", values: ["b"] }] }] } }), { "node(s) were unschedulable": 1, "node(s) didn't satisfy plugin(s) [NodeAffinity]": 1 }],
  ["affinity without terms", [node("a")], pod("p", { spec: { nodeAffinity: [] } }), { "node(s) didn't match Pod's node affinity/selector": 1 }],
  ["a host port that is held", [node("a"), pod("x", { nodeName: "a", spec: { hostPorts: [{ port: 80, protocol: "TCP", hostIp: "127.0.0.1" }] } })], pod("p", { spec: { hostPorts: [{ port: 80, protocol: "TCP", hostIp: "" }] } }),
    { "node(s) didn't have free ports for the requested pod ports": 1 }],
  ["every resource that lacks", [node("a", { allocatable: resources({ cpuMillis: 100, memoryBytes: mib, ephemeralBytes: 1, pods: 1 }) }), pod("x", { nodeName: "a" })],
    pod("p", { spec: { requests: resources({ cpuMillis: 200, memoryBytes: gib, ephemeralBytes: 2, extended: { "nvidia.com/gpu": 1 } }) } }),
    { "Too many pods": 1, "Insufficient cpu": 1, "Insufficient memory": 1, "Insufficient ephemeral-storage": 1, "Insufficient nvidia.com/gpu": 1 }],
  ["a volume in another place", [zoned("a", "1"), zoned("b", "2"), boundTo("v"), volume("v", { nodeAffinity: zoneTerm("3") })], pod("p", { spec: wants("data") }), { "node(s) didn't match PersistentVolume's node affinity": 2 }],
  ["a class whose topology excludes the node", [zoned("a", "1"), claim("data"), storageClass("gp3", { allowedTopologies: zoneTerm("2") })], pod("p", { spec: wants("data") }), { "node(s) didn't find available persistent volumes to bind": 1 }],
  ["a driver at its limit", [node("a"), csiNode("a", [{ name: "ebs.csi.aws.com", limit: 1, topologyKeys: [] }]), claim("data"), claim("other"), storageClass("gp3"), pod("x", { nodeName: "a", spec: wants("other") })],
    pod("p", { spec: wants("data") }), { "node(s) exceed max volume count": 1 }],
  ["a claim for one pod that is in use", [node("a"), node("b"), { ...boundTo("v"), accessModes: ["ReadWriteOncePod"] }, volume("v"), pod("x", { nodeName: "a", spec: wants("data") })], pod("p", { spec: wants("data") }),
    { "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod": 2 }],
  ["a volume whose label names another zone", [node("a", { labels: { "topology.kubernetes.io/zone": "1" } }), boundTo("v"), volume("v", { labels: { "topology.kubernetes.io/zone": "2__3" } })], pod("p", { spec: wants("data") }), { "node(s) had no available volume zone": 1 }],
  ["a spread that would tip", [zoned("a", "1"), zoned("b", "2"), node("c"), pod("x", { nodeName: "a", labels: { app: "a" } }), pod("y", { nodeName: "b", labels: { app: "a" } }), pod("z", { nodeName: "b", labels: { app: "a" }, deletedAt: 1 })],
    pod("p", { labels: { app: "a" }, spec: { spread: [{ ...spread, minDomains: 3 }] } }), { "node(s) didn't match pod topology spread constraints": 2, "node(s) didn't match pod topology spread constraints (missing required label)": 1 }],
  ["nobody to be near", [zoned("a", "1"), node("b")], pod("p", { spec: { podAffinity: [near("web")] } }), { "node(s) didn't match pod affinity rules": 2 }],
  ["near one's own kind: the first may go anywhere the topology exists", [node("b")], pod("p", { labels: { app: "web" }, spec: { podAffinity: [near("web")] } }), { "node(s) didn't match pod affinity rules": 1 }],
  ["away from others, and others away from it", [zoned("a", "1"), zoned("b", "2"), pod("x", { nodeName: "a", labels: { app: "web" } }), pod("y", { nodeName: "b", spec: { podAntiAffinity: [near("me")] } })],
    pod("p", { labels: { app: "me" }, spec: { podAntiAffinity: [near("web")] } }), { "node(s) didn't match pod anti-affinity rules": 1, "node(s) didn't satisfy existing pods anti-affinity rules": 1 }],
];

describe("each filter", () => {
  it.each(cases)("%s", (_, objects, subject, counts) => {
    const explanation = explain(pictureOf([...objects, subject]), subject);
    expect(explanation).toMatchObject({ stop: null, fitting: 0 });
    expect(Object.fromEntries(schedulerCounts(explanation).counts)).toEqual(counts);
    expect(explanation.nodes.every((verdict) => verdict.refusals.every((refusal) => refusal.say !== "" && refusal.short !== ""))).toBe(true);
  });

  it.each<[string, ObjectsByKind[Kind][], PodObject, string]>([
    ["a gate", [], pod("p", { spec: { schedulingGates: ["wait/for"] } }), "Scheduling is blocked due to non-empty scheduling gates"],
    ["a claim that is missing", [], pod("p", { spec: wants("nope") }), 'persistentvolumeclaim "nope" not found'],
    ["F-40: a claim that nothing will bind", [claim("data")], pod("p", { spec: wants("data") }), "pod has unbound immediate PersistentVolumeClaims"],
    ["a volume that is gone", [boundTo("v")], pod("p", { spec: wants("data") }), 'persistentvolume "v" not found'],
    ["names that contradict each other", [], pod("p", { spec: { nodeAffinity: [{ expressions: [], fields: [{ key: "metadata.name", operator: "In", values: ["a"] }, { key: "metadata.name", operator: "In", values: ["b"] }] }] } }), "pod affinity terms conflict"],
  ])("%s stops the pod before any node is asked", (_, objects, subject, reason) => {
    const explanation = explain(pictureOf([node("a"), ...objects, subject]), subject);
    expect(explanation).toMatchObject({ fitting: 0, nearest: null, stop: { reason } });
    expect(schedulerCounts(explanation)).toMatchObject({ remarks: [reason] });
  });

  it("a namespace selector reaches into the namespaces that it selects", () => {
    const term = { ...near("web"), namespaceSelector: { matchLabels: { team: "a" }, matchExpressions: [] } };
    const objects = [zoned("a", "1"), zoned("b", "2"), namespace("one", { team: "a" }), namespace("two"), pod("x", { namespace: "one", nodeName: "a", labels: { app: "web" } }), pod("y", { namespace: "two", nodeName: "b", labels: { app: "web" } })];
    const subject = pod("p", { spec: { podAffinity: [term] } });
    expect(explain(pictureOf([...objects, subject]), subject).nodes.filter((verdict) => verdict.fits).map((verdict) => verdict.node)).toEqual(["a"]);
  });
});
