// One cluster of a world from nothing to running: control plane, machines, and what runs on them.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDoor, type Account } from "./aws/inside/door.ts";
import { startIngresses } from "./aws/inside/ingresses.ts";
import type { Home } from "./home.ts";
import { socketPath } from "./home.ts";
import { listAt, textAt } from "./json.ts";
import type { Etcd } from "./control-plane/etcd.ts";
import { startCluster, type Cluster } from "./control-plane/cluster.ts";
import { kubernetesVersion, type Programs } from "./programs.ts";
import { Kubelet } from "./machines/kubelet.ts";
import { kubeletPort, nodeOf } from "./machines/nodes.ts";
import { startKubelets, type Kubelets } from "./machines/kwok.ts";
import { openPodDoor, type PodDoor } from "./machines/pod-door.ts";
import type { Pace } from "./machines/stages.ts";
import type { Machine } from "./machines/catalogue.ts";
import { startRollouts } from "./workloads/rollouts.ts";
import { Catalogue, ensureAll, waitServed } from "./workloads/apply.ts";
import { kindDefinitions, kindPaths } from "./workloads/custom-kinds.ts";
import { csiNode, staticPods } from "./workloads/static-pods.ts";
import { openNames, type Names } from "./workloads/names.ts";
import { startVolumes } from "./workloads/volumes.ts";
import type { Traffic } from "./traffic/server.ts";
import type { Child } from "./process.ts";
import type { Scenario } from "./scenarios/index.ts";

export interface ClusterWorldInput {
  home: Home;
  /** Its place in the world decides its addresses, and stays the same at every start. */
  place: number;
  scenario: Scenario;
  etcd: Etcd;
  programs: Partial<Programs>;
  controllers: boolean;
  scheduler: boolean;
  /** The account in which what acts for AWS inside the cluster makes volumes and load balancers; null in a world without AWS. */
  amazon: (() => Account) | null;
}

export interface ClusterWorld {
  scenario: Scenario;
  cluster: Cluster;
  dir: string;
  kubelets: Kubelets | null;
  /** What its services do, and the Prometheus that watches it; null until they are there. */
  traffic: Traffic | null;
  prometheusUrl: string | null;
  /** The names by which what works for the cluster from outside reaches its Services. */
  names: Names | null;
  startMachines(input: { program: string; pace: Pace }): Promise<void>;
  seed(input: { workloads: boolean }): Promise<void>;
  /** Argo Rollouts: its kinds, its real controller, and the service it rolls out. */
  startRollouts(program: string): Promise<void>;
  stop(): Promise<void>;
}

const seededPath = "/api/v1/namespaces/kube-system/configmaps";
const seededName = "sandbox-seeded";

async function isSeeded(cluster: Cluster): Promise<boolean> {
  return (await cluster.api.call({ method: "GET", path: `${seededPath}/${seededName}` })).status === 200;
}

/** The node's uid, which what belongs to the node refers to. */
async function ensureNode(cluster: Cluster, machine: Machine): Promise<string> {
  const { status, ...rest } = nodeOf(machine, kubernetesVersion);
  const answer = await cluster.api.call({ method: "POST", path: "/api/v1/nodes", body: rest });
  if (answer.status === 409) return textAt(await cluster.api.get(`/api/v1/nodes/${machine.name}`), "metadata", "uid");
  if (answer.status >= 300) throw new Error(`The node ${machine.name} could not be made: ${textAt(answer.body, "message")}`);
  await cluster.api.merge(`/api/v1/nodes/${machine.name}/status`, { status });
  return textAt(answer.body, "metadata", "uid");
}

async function ensureMachines(cluster: Cluster, catalogue: Catalogue, input: { machines: readonly Machine[]; workloads: boolean }): Promise<void> {
  for (const machine of input.machines) {
    const uid = await ensureNode(cluster, machine);
    await ensureAll(cluster.api, catalogue, [csiNode(machine, uid), ...(machine.controlPlane && input.workloads ? staticPods(machine, uid) : [])]);
  }
}

const placedWithinMs = 8_000;

/** The last objects are applied when the others of their namespace have a node, or, in a world without a scheduler, after a while. */
async function untilMonitoringIsPlaced(cluster: Cluster): Promise<void> {
  const deadline = Date.now() + (cluster.children.scheduler.running() && cluster.children.controllers.running() ? placedWithinMs : 0);
  while (Date.now() < deadline) {
    const pods = listAt(await cluster.api.get("/api/v1/namespaces/monitoring/pods"), "items").filter((pod) => textAt(pod, "metadata", "ownerReferences", 0, "kind") !== "DaemonSet");
    if (pods.length >= 4 && pods.every((pod) => textAt(pod, "spec", "nodeName") !== "")) return;
    await sleep(100);
  }
}

/** Sets the world up once; what has since been changed by people stays changed. */
async function seedOnce(cluster: Cluster, scenario: Scenario, workloads: boolean): Promise<void> {
  if (await isSeeded(cluster)) return;
  const catalogue = new Catalogue(cluster.api);
  const objects = workloads && scenario.objects !== null ? scenario.objects() : null;
  if (objects !== null) {
    await ensureAll(cluster.api, catalogue, kindDefinitions());
    await ensureAll(cluster.api, catalogue, objects.before);
  }
  await ensureMachines(cluster, catalogue, { machines: scenario.machines, workloads: objects !== null });
  if (objects !== null) {
    await Promise.all(kindPaths.map((path) => waitServed(cluster.api, path)));
    await ensureAll(cluster.api, catalogue, objects.main);
    await untilMonitoringIsPlaced(cluster);
    await ensureAll(cluster.api, catalogue, objects.last);
  }
  await cluster.api.ensure(seededPath, {
    apiVersion: "v1", kind: "ConfigMap", metadata: { name: seededName, namespace: "kube-system" }, data: { scenario: scenario.name },
  });
}

export async function startClusterWorld(input: ClusterWorldInput): Promise<ClusterWorld> {
  const { home, scenario, place } = input;
  const name = scenario.cluster;
  const dir = join(home.dir, name);
  let podDoor: PodDoor | null = null;
  const kubeletOf = new Map<string, Kubelet>();
  const cluster = await startCluster({
    name, dir, socketPath: socketPath(home, `egress-${place}`), kubernetesVersion,
    directAddress: `${home.block}.${place * 10 + 11}`, proxyAddress: `${home.block}.${place * 10 + 12}`,
    advertiseAddress: scenario.machines[0]?.privateIp ?? "10.0.1.10", masterName: scenario.machines[0]?.name ?? "k8s-master",
    etcd: input.etcd, programs: input.programs, controllers: input.controllers, scheduler: input.scheduler, large: scenario.scale,
    route: (host, port) => {
      const machine = scenario.machines.find(({ privateIp }) => privateIp === host);
      if (machine === undefined || port !== kubeletPort) return podDoor?.route(host, port) ?? { to: "nowhere", say: `${host} does not answer` };
      const kubelet = kubeletOf.get(machine.name);
      if (kubelet === undefined || world.kubelets?.lost().includes(machine.name) === true) return { to: "nowhere", say: `${host} does not answer` };
      return { to: "server", take: (socket) => kubelet.take(socket) };
    },
  });
  podDoor = openPodDoor({ trafficUrl: () => world.traffic?.url ?? null, prometheusUrl: () => world.prometheusUrl, api: cluster.api });
  let rollouts: Child | null = null;
  const inside: { stop(): void }[] = [];
  const world: ClusterWorld = {
    scenario, cluster, dir, kubelets: null, traffic: null, prometheusUrl: null, names: null,
    startMachines: async ({ program, pace }) => {
      world.kubelets = await startKubelets({ program, pace, api: cluster.api, kubeconfig: cluster.pki.conf("super-admin"), dir: join(dir, "kwok"), large: scenario.scale });
      for (const { name: node } of scenario.machines) kubeletOf.set(node, new Kubelet({ api: cluster.api, pki: cluster.pki, node }));
    },
    seed: async ({ workloads }) => {
      if (scenario.scale) return;
      const { amazon } = input;
      inside.push(startVolumes(cluster.api, () => amazon === null ? null : openDoor(amazon(), name)));
      if (amazon !== null) inside.push(startIngresses(cluster.api, () => openDoor(amazon(), name)));
      await seedOnce(cluster, scenario, workloads);
    },
    startRollouts: async (program) => {
      world.names = await openNames(() => world.prometheusUrl);
      rollouts = await startRollouts({ program, cluster, dir, seed: scenario.objects !== null, namesUrl: world.names.url });
    },
    stop: async () => {
      await rollouts?.stop();
      await world.names?.close();
      for (const one of inside) one.stop();
      podDoor?.close();
      for (const kubelet of kubeletOf.values()) kubelet.close();
      await world.kubelets?.child.stop();
      await cluster.stop();
    },
  };
  return world;
}
