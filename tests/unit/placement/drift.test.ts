// Each check of order finds what the reference system suffered from, and is silent when all is in order.
import { describe, expect, it } from "vitest";
import type { IngressObject, Kind, ObjectsByKind, ServiceObject } from "@/lib/adapters/kubernetes/objects";
import { findDrift } from "@/lib/placement/drift";
import { pictureOf } from "@/lib/placement/picture";
import { defaultTierPolicy, policyChanges } from "@/lib/placement/tier-policy";
import { gib, node, owned, pod, resources, spec, workload } from "./made";
import { sevenNodeObjects } from "./seven-node";

const found = (objects: ObjectsByKind[Kind][]) => findDrift(pictureOf(objects), defaultTierPolicy);
const replicated = (name: string, namespace: string, template = spec()) => {
  const deployment = workload("Deployment", name, { namespace, template, replicas: 2 });
  const set = workload("ReplicaSet", `${name}-1`, { namespace, owner: owned(deployment) });
  return { deployment, set, on: (suffix: string, nodeName: string) => pod(`${name}-1-${suffix}`, { namespace, nodeName, owner: owned(set), labels: { app: name }, spec: template }) };
};
const application = (name: string, zone: string) => node(name, { labels: { workload: "application", zone } });

describe("drift", () => {
  it("a workload off its tier, with the label that would bind it", () => {
    const argocd = replicated("argocd-server", "argocd");
    const [first] = found([application("w1", "a"), argocd.deployment, argocd.set, argocd.on("x", "w1")]);
    expect(first).toMatchObject({ id: "off-tier/Deployment/argocd/argocd-server", check: "off-tier", title: "argocd-server is off its tier" });
    expect(first?.fix).toContain("nodeSelector workload=control-plane");
  });

  it("all replicas on one node, though another would be allowed", () => {
    const auth = replicated("auth", "auth", spec({ nodeSelector: { workload: "application" } }));
    const objects = [application("w1", "a"), application("w2", "b"), auth.deployment, auth.set, auth.on("x", "w1")];
    expect(found([...objects, auth.on("y", "w1")])).toMatchObject([{ check: "one-node", severity: "warning" }]);
    expect(found([...objects, auth.on("y", "w2")])).toEqual([]);
  });

  it("a spread that has tipped since", () => {
    const spread = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" as const, selector: { matchLabels: { app: "auth" }, matchExpressions: [] }, minDomains: null, nodeAffinityPolicy: "Honor" as const, nodeTaintsPolicy: "Ignore" as const, matchLabelKeys: [] };
    const auth = replicated("auth", "auth", spec({ spread: [spread] }));
    const objects = [application("w1", "a"), application("w2", "b"), application("w3", "a"), auth.deployment, auth.set, auth.on("x", "w1"), auth.on("y", "w3")];
    expect(found(objects)).toMatchObject([{ check: "broken-spread", what: "a: 2, b: 0; at most 1 apart over zone was asked." }]);
    expect(found([...objects, auth.on("z", "w2")])).toEqual([]);
  });

  it("storage machines without a taint, worse with guests on them", () => {
    const db = node("k8s-postgresql", { labels: { workload: "database" } });
    expect(found([db])).toMatchObject([{ check: "no-taint", severity: "info" }]);
    expect(found([db, pod("guest", { nodeName: "k8s-postgresql" })])).toMatchObject([{ check: "no-taint", severity: "warning" }]);
    expect(found([node("k8s-postgresql", { labels: { workload: "database" }, taints: [{ key: "domain", value: "db", effect: "NoSchedule" }] })])).toEqual([]);
  });

  it("a limit above the machine's memory, and limits that add up to more", () => {
    const redis = (name: string, limit: number) => pod(name, { nodeName: "n", spec: { limits: resources({ memoryBytes: limit }) } });
    const small = node("n", { allocatable: resources({ memoryBytes: 1.8 * gib, cpuMillis: 2000, pods: 110 }) });
    expect(found([small, redis("redis", 2 * gib)]).map((finding) => [finding.check, finding.severity])).toEqual([["memory-limit", "critical"], ["memory-overcommit", "info"]]);
    expect(found([small, redis("a", gib), redis("b", gib)]).map((finding) => finding.check)).toEqual(["memory-overcommit"]);
  });

  it("F-29: an ALB backend that is not NodePort, F-34: one that is not in its namespace", () => {
    const meta = { uid: "u", resourceVersion: "1", labels: {}, createdAt: 0, deletedAt: null, owner: null, broken: null };
    const ingress = (annotations: Record<string, string> = {}): IngressObject => ({ ...meta, kind: "Ingress", name: "api", namespace: "default", className: "alb", annotations, rules: [{ host: "", path: "/", pathType: "Prefix", service: "web", port: "80" }], addresses: [], tls: false });
    const service = (type: string): ServiceObject => ({ ...meta, kind: "Service", name: "web", namespace: "default", type, selector: {}, clusterIp: "", ports: [], annotations: {} });
    expect(found([ingress(), service("ClusterIP")])).toMatchObject([{ check: "alb-backend", severity: "critical" }]);
    expect(found([ingress()])).toMatchObject([{ check: "alb-backend", title: "api leads to web, which does not exist" }]);
    expect(found([ingress(), service("NodePort")])).toEqual([]);
    expect(found([ingress({ "alb.ingress.kubernetes.io/target-type": "ip" }), service("ClusterIP")])).toEqual([]);
  });

  it("C-02: a tier 1 workload that the control plane's taint keeps out", () => {
    const master = node("m", { labels: { "node-role.kubernetes.io/control-plane": "" }, taints: [{ key: "node-role.kubernetes.io/control-plane", value: "", effect: "NoSchedule" }] });
    const grafana = replicated("grafana", "monitoring");
    expect(found([master, grafana.deployment, grafana.set])).toMatchObject([{ check: "no-toleration", severity: "warning" }]);
    const tolerant = replicated("grafana", "monitoring", spec({ tolerations: [{ key: "", operator: "Exists", value: "", effect: "", tolerationSeconds: null }] }));
    expect(found([master, tolerant.deployment, tolerant.set])).toEqual([]);
  });

  it("every finding of the seven-node cluster says why and how, under an id of its own", () => {
    const findings = found(sevenNodeObjects);
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map((finding) => finding.id)).size).toBe(findings.length);
    for (const finding of findings) for (const words of [finding.title, finding.what, finding.why, finding.fix]) expect(words).not.toBe("");
  });
});

describe("policyChanges", () => {
  it("names what a new policy would move, and nothing else", () => {
    const after = { ...defaultTierPolicy, nodes: [{ label: "workload", value: "database", tier: 3 as const }, ...defaultTierPolicy.nodes] };
    expect(policyChanges(defaultTierPolicy, after, { nodes: [node("db", { labels: { workload: "database" } }), node("w", { labels: { workload: "application" } })], workloads: [] })).toEqual([{ kind: "node", key: "db", name: "db", before: 4, after: 3 }]);
  });
});
