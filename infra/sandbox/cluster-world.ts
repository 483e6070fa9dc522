// One cluster of a world from nothing to running: control plane, machines, and what runs on them.
import { join } from "node:path";
import type { Home } from "./home.ts";
import { socketPath } from "./home.ts";
import { textAt } from "./json.ts";
import type { Etcd } from "./control-plane/etcd.ts";
import { startCluster, type Cluster } from "./control-plane/cluster.ts";
import type { Route } from "./control-plane/egress.ts";
import { kubernetesVersion, type Programs } from "./programs.ts";
import { nodeOf } from "./machines/nodes.ts";
import { startKubelets, type Kubelets } from "./machines/kwok.ts";
import type { Pace } from "./machines/stages.ts";
import { Catalogue, ensureAll } from "./workloads/apply.ts";
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
  route: (host: string, port: number) => Route;
}

export interface ClusterWorld {
  scenario: Scenario;
  cluster: Cluster;
  dir: string;
  kubelets: Kubelets | null;
  startMachines(input: { program: string; pace: Pace }): Promise<void>;
  seed(input: { workloads: boolean }): Promise<void>;
  stop(): Promise<void>;
}

const seededPath = "/api/v1/namespaces/kube-system/configmaps";
const seededName = "sandbox-seeded";

async function isSeeded(cluster: Cluster): Promise<boolean> {
  return (await cluster.api.call({ method: "GET", path: `${seededPath}/${seededName}` })).status === 200;
}

async function ensureNodes(cluster: Cluster, scenario: Scenario): Promise<void> {
  for (const machine of scenario.machines) {
    const node = nodeOf(machine, kubernetesVersion);
    const { status, ...rest } = node;
    const answer = await cluster.api.call({ method: "POST", path: "/api/v1/nodes", body: rest });
    if (answer.status === 409) continue;
    if (answer.status >= 300) throw new Error(`The node ${machine.name} could not be made: ${textAt(answer.body, "message")}`);
    await cluster.api.merge(`/api/v1/nodes/${machine.name}/status`, { status });
  }
}

/** Sets the world up once; what has since been changed by people stays changed. */
async function seedOnce(cluster: Cluster, scenario: Scenario, workloads: boolean): Promise<void> {
  if (await isSeeded(cluster)) return;
  const catalogue = new Catalogue(cluster.api);
  await ensureNodes(cluster, scenario);
  if (workloads) await ensureAll(cluster.api, catalogue, scenario.objects());
  await cluster.api.ensure(seededPath, {
    apiVersion: "v1", kind: "ConfigMap", metadata: { name: seededName, namespace: "kube-system" }, data: { scenario: scenario.name },
  });
}

export async function startClusterWorld(input: ClusterWorldInput): Promise<ClusterWorld> {
  const { home, scenario, place } = input;
  const name = scenario.cluster;
  const dir = join(home.dir, name);
  const cluster = await startCluster({
    name, dir, socketPath: socketPath(home, `egress-${place}`), kubernetesVersion,
    directAddress: `${home.block}.${place * 10 + 11}`, proxyAddress: `${home.block}.${place * 10 + 12}`,
    advertiseAddress: scenario.machines[0]?.privateIp ?? "10.0.1.10", masterName: scenario.machines[0]?.name ?? "k8s-master",
    etcd: input.etcd, programs: input.programs, controllers: input.controllers, scheduler: input.scheduler, large: scenario.scale, route: input.route,
  });
  const world: ClusterWorld = {
    scenario, cluster, dir, kubelets: null,
    startMachines: async ({ program, pace }) => {
      world.kubelets = await startKubelets({ program, pace, api: cluster.api, kubeconfig: cluster.pki.conf("super-admin"), dir: join(dir, "kwok"), large: scenario.scale });
    },
    seed: ({ workloads }) => seedOnce(cluster, scenario, workloads),
    stop: async () => {
      await world.kubelets?.child.stop();
      await cluster.stop();
    },
  };
  return world;
}
