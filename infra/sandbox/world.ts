// Brings a world up part by part, says how far it is, takes orders, and takes all of it down again.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Aws } from "./aws/server.ts";
import { startClusterWorld } from "./cluster-world.ts";
import { wipeCluster } from "./control-plane/cluster.ts";
import { makeEtcd } from "./control-plane/etcd.ts";
import { kubeconfigFor } from "./control-plane/pki.ts";
import { leaveHome, openHome, saveHome, type Home } from "./home.ts";
import { carryOut } from "./orders.ts";
import { raiseAws, raisePrometheus, raiseTraffic } from "./outside.ts";
import { makeBoard, type Part } from "./parts.ts";
import { checkoutRoot, type ProgramName } from "./programs.ts";
import { startReport, type Outcome, type Report } from "./report.ts";
import { scenarioOf, type ScenarioName } from "./scenarios/index.ts";
import { takeTurns } from "./scenarios/turns.ts";
import { defaultScale, loadScale, type Loaded } from "./scenarios/scale.ts";
import { mainCluster, programsFor, runs, setChurn, type Site, type WorldOptions } from "./site.ts";

export interface World {
  home: string;
  kubeconfigPath: string;
  apiServerUrl: string;
  /** Round the faults on the wire. */
  apiServerDirectUrl: string;
  prometheusUrl: string | null;
  alertmanagerUrl: string | null;
  awsUrl: string | null;
  /** Where add-ons are mirrored. */
  mirrorUrl: string | null;
  awsCredential: { accessKeyId: string; secretAccessKey: string } | null;
  reportUrl: string;
  /** What it took to put a large cluster into etcd; null where none was put. */
  loaded: Loaded | null;
  parts(): Part[];
  order(name: string, args?: string[]): Promise<Outcome>;
  stop(): Promise<void>;
}

const titles = [
  { name: "control-plane", title: "Control plane" },
  { name: "machines", title: "Machines" },
  { name: "workloads", title: "Workloads" },
  { name: "rollouts", title: "Argo Rollouts" },
  { name: "traffic", title: "Traffic" },
  { name: "prometheus", title: "Prometheus" },
  { name: "aws", title: "AWS" },
] as const;

function placeOf(home: Home, name: string): number {
  if (!home.clusters.includes(name)) {
    home.clusters.push(name);
    saveHome(home);
  }
  return home.clusters.indexOf(name);
}

function publishKubeconfig(site: Site): void {
  mkdirSync(dirname(site.kubeconfigPath), { recursive: true });
  const contexts = site.clusters.map(({ cluster }) => ({ name: cluster.name, server: cluster.serverUrl, credentials: cluster.pki.admin }));
  writeFileSync(site.kubeconfigPath, kubeconfigFor(contexts), { mode: 0o600 });
}

async function fillEtcd(site: Site, cluster: string): Promise<void> {
  const { options, board, etcd } = site;
  const size = { nodes: options.nodes ?? defaultScale.nodes, pods: options.pods ?? defaultScale.pods };
  await etcd.ready(options.signal);
  const startedAt = Date.now();
  site.loaded = await loadScale({
    etcd, cluster, size,
    onProgress: (done) => board.set("control-plane", { say: `putting ${size.nodes} nodes and ${size.pods} pods into etcd`, progress: done, etaMs: Math.round((Date.now() - startedAt) * (1 - done) / Math.max(done, 0.01)) }),
  });
}

async function wipe(site: Site, cluster: string): Promise<void> {
  site.board.set("control-plane", { say: `forgetting what there was of ${cluster}` });
  await site.etcd.ready(site.options.signal);
  await wipeCluster({ etcd: site.etcd, name: cluster, dir: join(site.home.dir, cluster) });
}

/** Thrown when it is not up yet: whoever wants it looks again shortly. */
function awsOf(site: Site): Aws {
  if (site.aws === null) throw new Error("AWS is not up yet.");
  return site.aws;
}

async function raiseControlPlane(site: Site): Promise<void> {
  const { options, board, home } = site;
  const names: ProgramName[] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubeadm"];
  const programs = await programsFor(site, "control-plane", names);
  board.set("control-plane", { state: "starting", say: "etcd and the API server are starting", progress: null });
  site.etcd = makeEtcd({ program: programs.etcd ?? "", address: `${home.block}.1`, dir: join(home.dir, "etcd") });
  site.etcd.child.start();
  site.endings.push(() => site.etcd.child.stop());
  const scenarios = [options.scenario ?? "seven-node", ...(options.also ?? [])].map(scenarioOf);
  if (options.fresh === true && scenarios[0] !== undefined) await wipe(site, scenarios[0].cluster);
  for (const scenario of scenarios) {
    if (scenario.scale) await fillEtcd(site, scenario.cluster);
    const started = await startClusterWorld({
      home, scenario, place: placeOf(home, scenario.cluster), etcd: site.etcd, programs,
      controllers: runs(options, "controllers"), scheduler: runs(options, "scheduler"),
      // The account knows the machines of the first cluster alone.
      amazon: runs(options, "aws") && scenario === scenarios[0] ? () => awsOf(site) : null,
    });
    site.endings.push(() => started.stop());
    site.clusters.push(started);
    started.cluster.startControllers();
  }
  await Promise.all(site.clusters.map(({ cluster }) => cluster.ready()));
  publishKubeconfig(site);
  board.set("control-plane", { state: "ready", say: `${mainCluster(site).cluster.name} answers at ${mainCluster(site).cluster.serverUrl}${loadedWords(site)}` });
}

function loadedWords({ loaded }: Site): string {
  if (loaded === null) return "";
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  return `; its objects went into etcd in ${seconds(loaded.tookMs)} s (processor time: etcd ${seconds(loaded.etcdCpuMs)} s, the sandbox ${seconds(loaded.ownCpuMs)} s)`;
}

async function raiseMachines(site: Site): Promise<void> {
  const { options, board } = site;
  if (!runs(options, "kwok")) return;
  const programs = await programsFor(site, "machines", ["kwok"]);
  board.set("machines", { state: "starting", say: "the machines' kubelets are starting", progress: null });
  for (const world of site.clusters) await world.startMachines({ program: programs.kwok ?? "", pace: options.pace ?? "real" });
}

/** Pods a second that change by themselves. */
const restless: Partial<Record<ScenarioName, number>> = { busy: 5, scale: 20 };

/** The turn that a scenario takes once its world stands. */
async function whatThenHappens(site: Site): Promise<void> {
  const { options } = site;
  const perSecond = options.churnPerSecond ?? restless[options.scenario ?? "seven-node"] ?? 0;
  if (perSecond > 0) setChurn(site, perSecond);
  if (options.scenario === "node-lost") await mainCluster(site).kubelets?.lose("k8s-worker-2");
}

async function raiseWorkloads(site: Site): Promise<void> {
  const { options, board } = site;
  const wanted = runs(options, "workloads");
  if (wanted) board.set("workloads", { state: "starting", say: "namespaces, services and pods are being applied", progress: null });
  for (const world of site.clusters) await world.seed({ workloads: wanted });
  await whatThenHappens(site);
  const machines = mainCluster(site).scenario.machines.length;
  board.set("machines", { state: "ready", say: `${machines} machines are there` });
  board.set("workloads", { state: "ready", say: "all is applied; pods are starting" });
}

/** Whether any cluster has Argo Rollouts. */
function rolls(options: WorldOptions): boolean {
  return runs(options, "rollouts") && runs(options, "workloads") && [options.scenario ?? "seven-node", ...(options.also ?? [])].some((name) => scenarioOf(name).rollouts);
}

function partsOf(options: WorldOptions): { name: string; title: string }[] {
  const left = { "control-plane": false, machines: !runs(options, "kwok"), workloads: !runs(options, "workloads"), rollouts: !rolls(options), traffic: !runs(options, "traffic"), prometheus: !runs(options, "prometheus"), aws: !runs(options, "aws") };
  return titles.filter(({ name }) => !left[name]).map((part) => ({ ...part }));
}

async function raiseRollouts(site: Site): Promise<void> {
  const { options, board } = site;
  if (!rolls(options)) return;
  const programs = await programsFor(site, "rollouts", ["rollouts-controller"]);
  board.set("rollouts", { state: "starting", say: "the controller is starting", progress: null });
  for (const world of site.clusters.filter(({ scenario }) => scenario.rollouts)) await world.startRollouts(programs["rollouts-controller"] ?? "");
  board.set("rollouts", { state: "ready", say: "the controller works" });
}

async function endAll(site: Site): Promise<void> {
  for (const end of site.endings.splice(0).reverse()) {
    await end().catch((error: unknown) => { site.board.set("control-plane", { say: String(error) }); });
  }
  leaveHome(site.home);
}

async function failing(site: Site, part: string, work: () => Promise<void>): Promise<void> {
  try {
    site.options.signal?.throwIfAborted();
    await work();
  } catch (error) {
    site.board.set(part, { state: "failed", say: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function worldOf(site: Site, report: Report): World {
  return {
    home: site.home.dir,
    kubeconfigPath: site.kubeconfigPath,
    apiServerUrl: mainCluster(site).cluster.serverUrl,
    apiServerDirectUrl: mainCluster(site).cluster.directUrl,
    get prometheusUrl() { return mainCluster(site).prometheusUrl; },
    get alertmanagerUrl() { return site.alertmanagerUrl; },
    get awsUrl() { return site.aws?.url ?? null; },
    get mirrorUrl() { return site.mirrorUrl; },
    get awsCredential() { return site.aws?.credential ?? null; },
    reportUrl: report.url,
    loaded: site.loaded,
    parts: () => site.board.progress().parts,
    order: (name, args = []) => carryOut(site, name, args),
    stop: () => endAll(site),
  };
}

function beside(site: Site): { part: string; raise: () => Promise<void> }[] {
  const parts = [
    { part: "rollouts", raise: () => raiseRollouts(site), wanted: true },
    { part: "traffic", raise: () => raiseTraffic(site), wanted: runs(site.options, "traffic") },
    { part: "aws", raise: () => raiseAws(site), wanted: runs(site.options, "aws") },
  ];
  return parts.filter(({ wanted }) => wanted);
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const home = await openHome(options.home ?? join(checkoutRoot, ".quarterdeck", "world"));
  const board = makeBoard(partsOf(options));
  if (options.onPart !== undefined) board.onChange(options.onPart);
  const site: Site = {
    home, options, board, hurry: new AbortController(), clusters: [], endings: [], churn: null, loaded: null, aws: null, alertmanagerUrl: null, mirrorUrl: null,
    etcd: makeEtcd({ program: "", address: `${home.block}.1`, dir: join(home.dir, "etcd") }),
    kubeconfigPath: options.kubeconfigPath ?? join(home.dir, "kubeconfig"),
  };
  const report = await startReport({ home, port: options.reportPort ?? 0, progress: () => board.progress(), order: (name, args) => carryOut(site, name, args) });
  site.endings.push(() => report.stop());
  try {
    await failing(site, "control-plane", () => raiseControlPlane(site));
    await failing(site, "machines", () => raiseMachines(site));
    await failing(site, "workloads", () => raiseWorkloads(site));
    // Without these the rest of the world is whole: they tell that they failed, and it goes on.
    await Promise.all(beside(site).map(({ part, raise }) => failing(site, part, raise).catch(() => undefined)));
    if (runs(options, "prometheus")) await failing(site, "prometheus", () => raisePrometheus(site)).catch(() => undefined);
    takeTurns(site);
  } catch (error) {
    await endAll(site);
    throw error;
  }
  return worldOf(site, report);
}
