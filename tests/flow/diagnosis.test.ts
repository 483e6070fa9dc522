// A world that breaks in many ways at once and is mended again: every failure is recognised about the right thing, none beside it is raised, and what is over goes into the history.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as catalogueRoute from "@/app/api/clusters/[cluster]/health/catalogue/route";
import * as endRoute from "@/app/api/clusters/[cluster]/health/silences/[id]/end/route";
import * as healthRoute from "@/app/api/clusters/[cluster]/health/route";
import * as historyRoute from "@/app/api/clusters/[cluster]/health/history/route";
import * as routesRoute from "@/app/api/clusters/[cluster]/routes/route";
import * as silencesRoute from "@/app/api/clusters/[cluster]/health/silences/route";
import { managedAnnotation } from "@/infra/sandbox/machines/nodes";
import { startWorld, type World } from "@/infra/sandbox/world";
import { openAws } from "@/lib/adapters/aws/door";
import { startClusterLoops } from "@/lib/clusters/loops";
import { findConnection } from "@/lib/clusters/connections";
import { watchOf } from "@/lib/diagnostics/loops";
import { healthAnswer, historyAnswer } from "@/lib/diagnostics/model";
import { jobDatabase } from "@/lib/jobs/database";
import { enqueue } from "@/lib/jobs/store";
import { drainKindOver } from "@/lib/placement/steps/drain";
import { routesAnswer } from "@/lib/routes/model";
import { database } from "@/lib/runtime";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import { signedIn } from "../fixtures/people";
import { plainApi, type PlainApi } from "../wire/kubernetes-api";

const slowMs = 240_000;
const cluster = "sesac-prod";
const params = { cluster };
let home: string;
let world: World;
let server: TestServer & { url: string };
let clusters: AbortController;
let api: PlainApi;
/** The looks are made as if it were later: past the patience with what has only just begun. */
const aheadMs = 150_000;

async function look(): Promise<string[]> {
  const watch = await watchOf(cluster);
  await watch.look(Date.now() + aheadMs, true);
  return [...new Set(watch.findings().map(({ failure, subject }) => `${failure} ${subject.key}`))].toSorted();
}
/** Names of pods change; what stands for one is its beginning. */
const plain = (found: readonly string[]): string[] => [...new Set(found.map((one) => one.replace(/(-[0-9a-f]{6,10})?-[a-z0-9]{5}$/, "")))].toSorted();
const settledAt = (what: string, wanted: readonly string[]) => until(what, async () => (JSON.stringify(plain(await look())) === JSON.stringify([...new Set(wanted)].toSorted()) ? true : null)).catch(async (cause: unknown) => {
  expect(plain(await look())).toEqual([...new Set(wanted)].toSorted());
  throw cause;
});
const checks = async (): Promise<string[]> => {
  await look();
  const answer = await (await signedIn("viewer")).who.call(routesRoute.GET, undefined, { params, method: "GET" });
  return [...new Set(routesAnswer.parse(answer.body).findings.map(({ check }) => check))].toSorted();
};
const checkedAs = (what: string, wanted: readonly string[], before: () => Promise<unknown> = async () => undefined) => until(what, async () => (await before(), JSON.stringify(await checks()) === JSON.stringify([...wanted].toSorted()) ? true : null)).catch(async (cause: unknown) => {
  expect(await checks()).toEqual([...wanted].toSorted());
  throw cause;
});

const deployment = (namespace: string, name: string, { image = "registry.example/app:1", behaviour = "", cpu = "10m", memory = "16Mi", selector = {} as Record<string, string> } = {}) => api.must("POST", `/apis/apps/v1/namespaces/${namespace}/deployments`, {
  metadata: { name }, spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name, ...(behaviour ? { "sandbox.quarterdeck.dev/behaviour": behaviour } : {}) } }, spec: { nodeSelector: selector, containers: [{ name: "main", image, resources: { requests: { cpu, memory } } }] } } },
});
const ingress = (namespace: string, name: string, at: { path: string; service: string; notes?: Record<string, string>; className?: string }) => api.must("POST", `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, {
  metadata: { name, annotations: Object.fromEntries(Object.entries({ "group.name": "growbin-alb", "group.order": "50", scheme: "internet-facing", "target-type": "instance", "healthcheck-path": "/health", "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', "ssl-redirect": "443", ...at.notes }).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value])) },
  spec: { ingressClassName: at.className ?? "alb", rules: [{ host: "growbin.app", http: { paths: [{ path: at.path, pathType: "Prefix", backend: { service: { name: at.service, port: { number: 80 } } } }] } }] },
});
const gone = async (...paths: string[]) => void (await Promise.all(paths.map((one) => api.must("DELETE", one))));
const apps = (namespace: string, name: string, kind = "deployments") => `/apis/apps/v1/namespaces/${namespace}/${kind}/${name}`;
const routeTo = (namespace: string, name: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}`;
const calicoPath = (plural: string, name: string) => `/apis/crd.projectcalico.org/v1/${plural}/${name}`;
const event = (namespace: string, regarding: { kind: string; name: string }, reason: string, message: string) => api.must("POST", `/api/v1/namespaces/${namespace}/events`, {
  metadata: { name: `${regarding.name}-${reason.toLowerCase()}` }, type: "Warning", reason, message, count: 2, firstTimestamp: new Date().toISOString(), lastTimestamp: new Date().toISOString(), involvedObject: { ...regarding, namespace, apiVersion: "v1" }, source: { component: "test" },
});

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-diagnosis-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), pace: "fast", prometheus: false, traffic: false }), useFreshDatabase()]);
  Object.assign(process.env, { KUBECONFIG: world.kubeconfigPath, AWS_ENDPOINT_URL: world.awsUrl ?? "", AWS_ACCESS_KEY_ID: world.awsCredential?.accessKeyId ?? "", AWS_SECRET_ACCESS_KEY: world.awsCredential?.secretAccessKey ?? "", QUARTERDECK_DNS_SERVERS: "none" });
  api = plainApi(world.kubeconfigPath);
  clusters = new AbortController();
  startClusterLoops(clusters.signal);
  await until("the cluster", async () => (findConnection(cluster)?.handle.freshness().state === "live" ? true : null), slowMs);
}, slowMs);
afterAll(async () => {
  clusters?.abort();
  api?.close();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

/** What the reference system's own drift is found to be before anybody breaks anything. */
const atFirst = ["F-57 kube-system/metrics-server", "W-01 cluster", "W-06 k8s-master"];
const oneTarget = ["one-target"];

describe("the diagnosis", () => {
  it("finds in the reference cluster what really was wrong there, and nothing else", async () => {
    await settledAt("the first findings", atFirst);
    await checkedAs("the first checks", oneTarget);
  }, slowMs);

  it("recognises failures of pods, storage, nodes and rights, each about its own subject, and raises none beside them", async () => {
    await Promise.all([
      deployment("default", "db-heavy", { cpu: "5", selector: { workload: "database" } }), deployment("monitoring", "prometheus-heavy", { cpu: "9", selector: { workload: "monitoring" } }), deployment("monitoring", "prometheus-large", { memory: "64Gi", selector: { workload: "monitoring" } }),
      deployment("default", "lost", { selector: { disktype: "ssd" } }), deployment("default", "greedy", { cpu: "9", selector: { workload: "application" } }),
      deployment("messaging", "bitnami", { image: "docker.io/bitnami/rabbitmq:4.1.3-debian-12-r1", behaviour: "bad-image" }), deployment("default", "nameless", { image: "registry.example/none:1", behaviour: "bad-image" }),
      deployment("default", "crasher", { behaviour: "crash-loop" }), deployment("default", "hungry", { behaviour: "oom-kill" }),
      api.must("POST", "/api/v1/namespaces/default/persistentvolumeclaims", { metadata: { name: "orphan" }, spec: { accessModes: ["ReadWriteOnce"], storageClassName: "nowhere", resources: { requests: { storage: "1Gi" } } } }),
      api.must("POST", "/api/v1/nodes", { metadata: { name: "k8s-nameless", annotations: { [managedAnnotation]: "yes" }, labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "", workload: "application" } }, spec: { unschedulable: true } }),
      event("default", { kind: "PersistentVolumeClaim", name: "orphan" }, "ProvisioningFailed", "UnauthorizedOperation: You are not authorized to perform this operation. operation error EC2: CreateVolume"),
      event("auth", { kind: "Ingress", name: "auth-ingress" }, "FailedDeployModel", "AccessDenied: User is not authorized to perform: elasticloadbalancing:AddTags"),
    ]);
    const size = { cpu: "2", memory: "4Gi", pods: "110", "ephemeral-storage": "40Gi" };
    await api.must("PATCH", "/api/v1/nodes/k8s-nameless/status", { status: { capacity: size, allocatable: size } });
    const prepared = drainKindOver(() => findConnection(cluster)?.handle ?? expect.unreachable("no cluster")).prepare({ cluster, node: "k8s-redis", consent: { emptyDir: false, bare: false } });
    const { id } = await enqueue(jobDatabase(), { kind: "node.drain", prepared, startedBy: "a test", exclusive: true });
    await server.query(server.url, `UPDATE "JobStep" SET "status" = 'failed', "say" = 'VcpuLimitExceeded: more vCPU capacity than your current vCPU limit' WHERE "jobId" = $1`, [id]);
    await server.query(server.url, `UPDATE "Job" SET "status" = 'FAILED', "endedAt" = now() WHERE "id" = $1`, [id]);
    await settledAt("all to be found", [
      ...atFirst, "F-08 " + id, "F-28 k8s-nameless", "F-36 auth/auth-ingress", "F-40 default", "F-41 default", "F-42 default/db-heavy", "F-43 monitoring/prometheus-heavy", "F-44 monitoring/prometheus-large", "F-45 default/lost",
      "F-51 messaging/bitnami", "W-07 default/greedy", "W-11 default/nameless", "W-12 default/crasher", "W-13 default/hungry",
    ]);
  }, slowMs);

  it("tells them with cause and fix, worst first, silences with a reason and an end, and keeps who did", async () => {
    const viewer = (await signedIn("viewer")).who;
    const operator = (await signedIn("operator")).who;
    const read = async () => healthAnswer.parse((await viewer.call(healthRoute.GET, undefined, { params, method: "GET" })).body);
    const { findings } = await read();
    const crash = findings.find(({ failure }) => failure === "W-12");
    expect(crash).toMatchObject({ area: "components", silence: null, fix: [{ button: { label: "Open the pod" } }] });
    expect(findings.map(({ severity }) => severity)).toEqual(findings.map(({ severity }) => severity).toSorted((a, b) => ["critical", "warning", "info"].indexOf(a) - ["critical", "warning", "info"].indexOf(b)));
    const order = { failure: "W-12", subject: `pod/${crash?.subject.key ?? ""}`, reason: "known, being mended", endsAt: Date.now() + 3_600_000 };
    expect((await viewer.call(silencesRoute.POST, order, { params })).status).toBe(403);
    expect((await operator.call(silencesRoute.POST, { ...order, reason: " " }, { params })).status).toBe(400);
    expect((await operator.call(silencesRoute.POST, { ...order, endsAt: Date.now() - 1 }, { params })).status).toBe(400);
    const { id } = z.object({ id: z.string() }).parse((await operator.call(silencesRoute.POST, order, { params })).body);
    const silenced = (await read()).findings.at(-1);
    expect(silenced).toMatchObject({ failure: "W-12", silence: { reason: "known, being mended" } });
    expect((await database().auditEntry.findMany({ where: { action: "health.silence", outcome: "succeeded" } })).map(({ actorName }) => actorName)).toEqual(["Suite operator"]);
    expect((await operator.call(endRoute.POST, {}, { params: { cluster, id } })).status).toBe(200);
    expect((await read()).findings.some(({ silence }) => silence !== null)).toBe(false);
    const found = z.object({ entries: z.array(z.object({ id: z.string(), now: z.number() })) }).parse((await viewer.call(catalogueRoute.POST, { text: "CrashLoopBackOff" }, { params })).body);
    expect(found.entries).toContainEqual({ id: "W-12", now: 1 });
  }, slowMs);

  it("is silent again when all is mended, and keeps what was", async () => {
    await gone(...[["default", "db-heavy"], ["monitoring", "prometheus-heavy"], ["monitoring", "prometheus-large"], ["default", "lost"], ["default", "greedy"], ["messaging", "bitnami"], ["default", "nameless"], ["default", "crasher"], ["default", "hungry"]].map(([namespace = "", name = ""]) => apps(namespace, name)),
      "/api/v1/namespaces/default/persistentvolumeclaims/orphan", "/api/v1/nodes/k8s-nameless", "/api/v1/namespaces/default/events/orphan-provisioningfailed", "/api/v1/namespaces/auth/events/auth-ingress-faileddeploymodel");
    await server.query(server.url, `UPDATE "Job" SET "status" = 'CANCELLED' WHERE "status" = 'FAILED'`);
    await settledAt("rest", atFirst);
    const { past } = historyAnswer.parse((await (await signedIn("viewer")).who.call(historyRoute.GET, undefined, { params, method: "GET" })).body);
    expect(past.map(({ failure }) => failure)).toEqual(expect.arrayContaining(["F-28", "F-42", "F-51", "W-12"]));
  }, slowMs);
});

describe("the checks of the routes", () => {
  it("see what is broken in backends, paths, classes and entrances, and the diagnosis names the failure", async () => {
    const users = "/api/v1/namespaces/users/services/users-api";
    await Promise.all([
      api.must("PATCH", users, { spec: { type: "ClusterIP" } }), ingress("default", "stray", { path: "/stray", service: "auth-api" }), ingress("auth", "hidden", { path: "/api/v1/auth/hidden", service: "api-worker-none", notes: { "healthcheck-path": "" } }),
      ingress("auth", "classless", { path: "/classless", service: "auth-api", className: "nginx" }), api.must("PATCH", routeTo("waste", "waste-ingress"), { metadata: { annotations: { "alb.ingress.kubernetes.io/target-type": "ip" } } }),
      api.must("PATCH", apps("locations", "locations-api"), { spec: { replicas: 0 } }),
      api.must("POST", "/apis/apps/v1/namespaces/default/daemonsets", { metadata: { name: "clash" }, spec: { selector: { matchLabels: { app: "clash" } }, template: { metadata: { labels: { app: "clash" } }, spec: { containers: [{ name: "main", image: "registry.example/app:1", ports: [{ containerPort: 1, hostPort: 31441 }] }] } } } }),
    ]);
    await checkedAs("all checks", [...oneTarget, "class", "cluster-ip", "health-path", "ip-overlay", "no-endpoints", "no-service", "node-port", "shadowed"]);
    await settledAt("their failures", [...atFirst, "F-29 users/users-api", "F-30 waste/waste-ingress", "F-34 default/stray"]);
    await gone(routeTo("default", "stray"), routeTo("auth", "hidden"), routeTo("auth", "classless"), apps("default", "clash", "daemonsets"));
    await Promise.all([api.must("PATCH", users, { spec: { type: "NodePort" } }), api.must("PATCH", routeTo("waste", "waste-ingress"), { metadata: { annotations: { "alb.ingress.kubernetes.io/target-type": "instance" } } }), api.must("PATCH", apps("locations", "locations-api"), { spec: { replicas: 1 } })]);
    await checkedAs("the checks to be silent", oneTarget);
  }, slowMs);

  it("see what is wrong with Calico, and are silent when it is mended", async () => {
    const readiness = async (...words: string[]) => {
      const raw = z.object({ spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(z.looseObject({ name: z.string(), readinessProbe: z.unknown() })) }) }) }) }).parse(await api.must("GET", apps("kube-system", "calico-node", "daemonsets")));
      const containers = raw.spec.template.spec.containers.map((one) => ({ ...one, readinessProbe: { exec: { command: ["/bin/calico-node", ...words] } } }));
      await api.must("PATCH", apps("kube-system", "calico-node", "daemonsets"), { spec: { template: { spec: { containers } } } });
    };
    const pool = (spec: object) => api.must("PATCH", calicoPath("ippools", "default-ipv4-ippool"), { spec });
    const felix = (spec: object) => api.must("PATCH", calicoPath("felixconfigurations", "default"), { spec });
    const mesh = (nodeToNodeMeshEnabled: boolean) => api.must("PATCH", calicoPath("bgpconfigurations", "default"), { spec: { nodeToNodeMeshEnabled } });
    await Promise.all([readiness("-felix-ready", "-bird-ready"), mesh(true), felix({ vxlanMTU: 9001, vxlanEnabled: false }), pool({ cidr: "10.96.128.0/17" }), deployment("default", "tigera-operator")]);
    await checkedAs("Calico's checks", [...oneTarget, "calico-bgp", "calico-bird", "calico-mode", "calico-mtu", "calico-range", "calico-twice"]);
    await settledAt("Calico's failures", [...atFirst, "F-24 network", "F-60 network"]);
    await Promise.all([readiness("-felix-ready"), mesh(false), felix({ vxlanMTU: 0, vxlanEnabled: true }), pool({ cidr: "192.168.0.0/16" }), gone(apps("default", "tigera-operator"))]);
    await checkedAs("Calico's checks to be silent", oneTarget);
  }, slowMs);

  it("see ports that AWS closes: UDP 4789 between machines and NodePorts to the load balancer", async () => {
    const aws = openAws({ endpoint: world.awsUrl ?? "", region: "ap-northeast-2" });
    const by = { guard: () => undefined, mark: "test" };
    const instances = (await aws.instances({ filters: [] })).filter(({ tags }) => tags.Name?.startsWith("k8s-"));
    const groupIds = [...new Set(instances.flatMap(({ securityGroups }) => securityGroups.map(({ id }) => id)))];
    const open = async () => (await aws.securityGroupRules({ filters: [{ name: "group-id", values: groupIds }] })).filter(({ direction, protocol, fromPort, toPort }) => direction === "ingress" && (protocol === "-1" || (protocol === "udp" && fromPort === 4789) || (fromPort <= 30_000 && toPort >= 32_767)));
    const close = async () => {
      const rules = await open();
      for (const groupId of new Set(rules.map((one) => one.groupId))) await aws.removeRules({ groupId, direction: "ingress", ruleIds: rules.filter((one) => one.groupId === groupId).map(({ id }) => id) }, by);
      return rules;
    };
    const rules = await close();
    expect(rules.length).toBeGreaterThan(1);
    // The load balancer's controller opens the NodePorts to it again whenever it looks, which is every five minutes at least.
    await checkedAs("closed ports", [...oneTarget, "port-closed", "vxlan-closed"], close);
    await close();
    expect((await look()).filter((one) => one.startsWith("F-25")).length).toBe(1);
    for (const { groupId, direction, protocol, fromPort, toPort, cidr, peerGroupId } of rules) {
      await aws.addRule({ groupId, opening: { direction, protocol, fromPort, toPort, cidr, peerGroupId }, description: "back", tags: {} }, by).catch((thrown: unknown) => {
        if (aws.fault(thrown)?.name !== "InvalidPermission.Duplicate") throw thrown;
      });
    }
    await checkedAs("open ports", oneTarget);
    aws.close();
  }, slowMs);

  it("tell of a machine that falls silent, and that it is back", async () => {
    expect((await world.order("stop-node", ["k8s-redis"])).ok).toBe(true);
    await until("the silence", async () => ((await look()).includes("W-14 k8s-redis") ? true : null));
    expect((await world.order("start-node", ["k8s-redis"])).ok).toBe(true);
    await until("its return", async () => ((await look()).every((one) => !one.startsWith("W-14")) ? true : null));
  }, slowMs);
});
