// Objects at the door: what is read of them, what is shared, and that nothing an API server sends can throw.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kinds, projections } from "@/lib/adapters/kubernetes/kinds";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { createPools, Pool, Strings } from "@/lib/adapters/kubernetes/project/pools";
import { keyOf } from "@/lib/adapters/kubernetes/store";

const pools = createPools();
const gi = 1024 ** 3;

const rawPod = (name: string, spec: object = {}, status: object = {}) => ({
  metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: "7", creationTimestamp: "2026-11-23T10:00:00Z", labels: { app: "web" }, ownerReferences: [{ kind: "Node", name: "n", uid: "x" }, { kind: "ReplicaSet", name: "web-1", uid: "rs-1", controller: true }] },
  spec: { nodeName: "n1", containers: [{ name: "main", image: "web:1", resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "2Gi" } } }], volumes: [{ name: `kube-api-access-${name.padStart(5, "x").slice(-5)}`, projected: {} }], ...spec },
  status: { phase: "Running", startTime: "2026-11-23T10:00:05Z", podIP: "10.1.1.1", conditions: [{ type: "Ready", status: "True" }], ...status },
});
const pod = (raw: object): PodObject => projections.Pod({ ...raw }, pools);

describe("a pod", () => {
  it("is read with its times, owner, amounts and state", () => {
    expect(pod(rawPod("a"))).toMatchObject({
      kind: "Pod", name: "a", namespace: "shop", nodeName: "n1", phase: "Running", ready: true, podIp: "10.1.1.1", broken: null, deletedAt: null, mirror: false, unscheduled: null,
      createdAt: Date.UTC(2026, 10, 23, 10), startedAt: Date.UTC(2026, 10, 23, 10, 0, 5), owner: { kind: "ReplicaSet", name: "web-1", uid: "rs-1" },
      spec: { schedulerName: "default-scheduler", nodeAffinity: null, requests: { cpuMillis: 250, memoryBytes: gi, pods: 1 }, limits: { memoryBytes: 2 * gi, pods: 0 } },
    });
  });

  it("shares spec, labels, owner and container states with its siblings", () => {
    const [a, b] = [pod(rawPod("a")), pod(rawPod("b"))];
    expect(a.spec).toBe(b.spec);
    expect(a.labels).toBe(b.labels);
    expect(a.owner).toBe(b.owner);
    expect(a.containers).toBe(b.containers);
  });

  it.each([
    ["image", { containers: [{ name: "main", image: "web:2" }] }],
    ["toleration", { tolerations: [{ key: "x", operator: "Exists" }] }],
    ["node selector", { nodeSelector: { a: "b" } }],
    ["claim", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] }],
    ["gate", { schedulingGates: [{ name: "g" }] }],
    ["host port", { containers: [{ name: "main", image: "web:1", ports: [{ hostPort: 80, containerPort: 80 }] }] }],
    ["priority", { priority: 5 }],
  ])("does not share its spec with a pod of another %s", (_what, spec) => {
    expect(pod(rawPod("a", spec)).spec).not.toBe(pod(rawPod("b")).spec);
  });

  const one = (name: string, cpu: string, more: object = {}) => ({ name, image: "i", resources: { requests: { cpu } }, ...more });
  const always = { restartPolicy: "Always" };
  it.each([
    ["containers add up", { containers: [one("a", "1"), one("b", "500m")] }, 1500],
    ["a large init container is the peak", { initContainers: [one("i", "3")], containers: [one("a", "1")] }, 3000],
    ["a sidecar runs with the containers", { initContainers: [one("s", "1", always)], containers: [one("a", "1")] }, 2000],
    ["an init container after a sidecar runs beside it", { initContainers: [one("s", "1", always), one("i", "3")], containers: [one("a", "1")] }, 4000],
    ["an init container before a sidecar does not", { initContainers: [one("i", "3"), one("s", "1", always)], containers: [one("a", "1")] }, 3000],
    ["overhead comes on top", { overhead: { cpu: "100m" }, containers: [one("a", "1")] }, 1100],
    ["amounts of the pod stand for the sum", { resources: { requests: { cpu: "2" } }, containers: [one("a", "1")] }, 2000],
    ["a limit stands for a missing request", { containers: [{ name: "a", image: "i", resources: { limits: { cpu: "700m" } } }] }, 700],
  ])("counts for the scheduler what it counts: %s", (_what, spec, cpuMillis) => {
    expect(pod(rawPod("a", spec)).spec.requests.cpuMillis).toBe(cpuMillis);
  });

  it("names unreadable and negative amounts, and does not let them make its total unreadable", () => {
    const broken = pod(rawPod("a", { containers: [one("a", "lots"), one("b", "-1"), one("c", "2")] }));
    expect(broken.broken).toEqual(["spec.containers[a].resources.requests.cpu: lots", "spec.containers[b].resources.requests.cpu: -1"]);
    expect(broken.spec.containers[0]?.requests.cpuMillis).toBeNaN();
    expect(broken.spec.requests.cpuMillis).toBe(1000);
    expect(pod(rawPod("b", { containers: [one("a", "lots"), one("b", "-1"), one("c", "2")] })).broken).toEqual(broken.broken);
  });

  it("tells why it has no node, and the states of its containers", () => {
    const waiting = pod(rawPod("a", { nodeName: undefined }, {
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/7 nodes", lastTransitionTime: "2026-11-23T10:00:00Z" }],
      containerStatuses: [{ name: "main", ready: false, restartCount: 4, state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } } }],
    }));
    expect(waiting).toMatchObject({ nodeName: "", unscheduled: { reason: "Unschedulable", message: "0/7 nodes" }, containers: [{ state: "waiting", reason: "CrashLoopBackOff", restarts: 4, lastReason: "OOMKilled", exitCode: null }] });
  });

  it("holds host ports of containers and sidecars, and every port on the node's network", () => {
    const ports = (spec: object) => pod(rawPod("a", spec)).spec.hostPorts;
    const port = { containerPort: 80, hostPort: 8080 };
    expect(ports({ containers: [{ name: "a", ports: [port, { containerPort: 81 }] }], initContainers: [{ name: "i", ports: [port] }] })).toEqual([{ port: 8080, protocol: "TCP", hostIp: "" }]);
    expect(ports({ hostNetwork: true, containers: [{ name: "a", ports: [{ containerPort: 81, protocol: "UDP" }] }] })).toEqual([{ port: 81, protocol: "UDP", hostIp: "" }]);
  });
});

describe("other kinds", () => {
  it("keep a Rollout's generation, which is written as text", () => {
    expect(projections.Rollout({ metadata: { name: "r", generation: 3 }, spec: { replicas: 2 }, status: { observedGeneration: "3", readyReplicas: 1 } }, pools)).toMatchObject({ kind: "Rollout", generation: 3, observedGeneration: 3, replicas: 2, readyReplicas: 1 });
  });

  it("tell the pods wanted by a DaemonSet from its status", () => {
    expect(projections.DaemonSet({ metadata: { name: "d" }, spec: {}, status: { desiredNumberScheduled: 7, numberReady: 6 } }, pools)).toMatchObject({ replicas: 7, readyReplicas: 6 });
  });

  it("tell an empty selector (everything) from none (nothing)", () => {
    const selectorOf = (selector: unknown) => projections.PodDisruptionBudget({ metadata: { name: "b" }, spec: { selector } }, pools).selector;
    expect(selectorOf(undefined)).toBeNull();
    expect(selectorOf({})).toEqual({ matchLabels: {}, matchExpressions: [] });
  });

  it("count endpoints of unknown readiness as ready", () => {
    const slice = projections.EndpointSlice({ metadata: { name: "s", labels: { "kubernetes.io/service-name": "web" } }, endpoints: [{ addresses: ["10.0.0.1"], conditions: {} }, { addresses: ["10.0.0.2"], conditions: { ready: false } }] }, pools);
    expect(slice).toMatchObject({ service: "web", endpoints: [{ ready: true }, { ready: false }] });
  });

  it("take an event's newest time, whichever way it is written", () => {
    const at = (event: object) => projections.Event({ metadata: { name: "e", creationTimestamp: "2026-11-23T10:00:00Z" }, ...event }, pools).lastAt;
    expect(at({})).toBe(Date.UTC(2026, 10, 23, 10));
    expect(at({ lastTimestamp: "2026-11-23T10:00:01Z" })).toBe(Date.UTC(2026, 10, 23, 10, 0, 1));
    expect(at({ eventTime: "2026-11-23T10:00:02.123456Z", lastTimestamp: null })).toBe(Date.UTC(2026, 10, 23, 10, 0, 2, 123));
    expect(at({ eventTime: "2026-11-23T10:00:02Z", series: { lastObservedTime: "2026-11-23T10:00:03Z" } })).toBe(Date.UTC(2026, 10, 23, 10, 0, 3));
  });

  it("leave kubectl's copy of the object out of annotations", () => {
    expect(projections.Service({ metadata: { name: "s", annotations: { a: "1", "kubectl.kubernetes.io/last-applied-configuration": "{…}" } } }, pools).annotations).toEqual({ a: "1" });
  });
});

describe("anything at all", () => {
  /** JSON of the right outline with wrong values in it, which is likelier to hurt than plain nonsense. */
  const { tree: shaped } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 5 }, fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(null, "-1Gi", "1e999", "<b>x</b>", -0, "2026-99-99T00:00:00Z", "__proto__"), fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("metadata", "spec", "status", "name", "namespace", "uid", "labels", "ownerReferences", "creationTimestamp", "containers", "initContainers", "resources", "requests", "limits", "cpu", "memory", "affinity", "nodeAffinity", "podAntiAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms", "matchExpressions", "values", "tolerations", "topologySpreadConstraints", "labelSelector", "volumes", "persistentVolumeClaim", "conditions", "containerStatuses", "state", "lastState", "taints", "allocatable",
        "capacity", "images", "names", "template", "selector", "rules", "http", "paths", "backend", "endpoints", "addresses", "drivers", "allocatedTopologies", "__proto__", "constructor"), tie("tree"), { maxKeys: 8 })),
  }));

  it.each(kinds.map((kind) => [kind]))("as a %s never throws and gives the whole shape", (kind) => {
    fc.assert(fc.property(fc.oneof(shaped, fc.jsonValue()), (value) => {
      const raw = Object(value);
      const object = projections[kind](raw, pools);
      expect(object.kind).toBe(kind);
      for (const field of ["uid", "name", "namespace", "resourceVersion"] as const) expect(typeof object[field]).toBe("string");
      expect(Number.isFinite(object.createdAt)).toBe(true);
      expect(typeof keyOf(object)).toBe("string");
      JSON.stringify(object);
    }), { numRuns: 150 });
  });

  it("keeps names with markup as they are, and labels called like a prototype as labels", () => {
    const odd = pod(JSON.parse('{"metadata":{"name":"<img src=x onerror=alert(1)>","labels":{"__proto__":"evil","constructor":"c"}}}'));
    expect(odd.name).toBe("<img src=x onerror=alert(1)>");
    expect(Object.keys(odd.labels)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(odd.labels)).toBe(Object.prototype);
  });
});

describe("a pool", () => {
  it("gives one object per key, however long the key", () => {
    const pool = new Pool<{ n: number }>();
    const long = "x".repeat(5_000);
    expect(pool.share(long, () => ({ n: 1 }))).toBe(pool.share(long, () => ({ n: 2 })));
    expect(pool.share(`${long}y`, () => ({ n: 3 }))).toEqual({ n: 3 });
  });

  it("of strings forgets what was not met for long, so that it cannot grow for ever", () => {
    const strings = new Strings();
    for (let n = 0; n < 200_000; n++) expect(strings.share(`s${n}`)).toBe(`s${n}`);
    expect(strings.size).toBeLessThanOrEqual(100_000);
  });
});
