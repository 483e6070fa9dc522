// What stands beside the cluster: the services' traffic with the real Prometheus that watches it, and AWS as far as it is imitated.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeUserKeys } from "./aws/credentials.ts";
import { actForAws } from "./aws/inside/add-ons.ts";
import { startAws, type Aws } from "./aws/server.ts";
import { lifelike } from "./aws/settings.ts";
import type { Cluster } from "./control-plane/cluster.ts";
import { startHypervisor } from "./machines/hypervisor/hypervisor.ts";
import { whyNoMachines } from "./machines/hypervisor/rights.ts";
import { machinePrograms } from "./machines/hypervisor/vpc-process.ts";
import { startMirror } from "./mirror/server.ts";
import { startAlertmanager } from "./prometheus/alertmanager.ts";
import { startPrometheus } from "./prometheus/server.ts";
import type { ControlPlanePart } from "./prometheus/settings.ts";
import { startTraffic } from "./traffic/server.ts";
import { mainCluster, programsFor, type Site } from "./site.ts";

function controlPlaneParts(site: Site, cluster: Cluster): ControlPlanePart[] {
  const tls = { cert: cluster.pki.file("super-admin.crt"), key: cluster.pki.file("super-admin.key") };
  const { hostname } = new URL(cluster.directUrl);
  return [
    { job: "apiserver", url: `${cluster.directUrl}/metrics`, tls: { ...tls, ca: cluster.pki.file("ca.crt") } },
    { job: "kube-controller-manager", url: `https://${hostname}:10257/metrics`, tls },
    { job: "kube-scheduler", url: `https://${hostname}:10259/metrics`, tls },
    { job: "kube-etcd", url: `${site.etcd.url}/metrics` },
  ];
}

export async function raiseTraffic(site: Site): Promise<void> {
  site.board.set("traffic", { state: "starting", say: "the services' traffic begins", progress: null });
  for (const world of site.clusters) {
    const traffic = await startTraffic({ api: world.cluster.api });
    world.traffic = traffic;
    site.endings.push(() => traffic.stop());
  }
  site.board.set("traffic", { state: "ready", say: "the services answer and count" });
}

/** A Prometheus per cluster, as each has its own; that of the first is the one whose past is told about, and whose alerts an Alertmanager hears. */
export async function raisePrometheus(site: Site): Promise<void> {
  const { options, board, home } = site;
  const programs = await programsFor(site, "prometheus", ["prometheus", "promtool", "alertmanager"]);
  board.set("prometheus", { state: "starting", say: "Prometheus is starting", progress: null });
  const alertmanager = await startAlertmanager({ program: programs.alertmanager ?? "", home: home.dir, port: options.alertmanagerPort ?? 0 });
  site.alertmanagerUrl = alertmanager.url;
  site.endings.push(() => alertmanager.stop());
  for (const world of site.clusters) {
    const first = world === mainCluster(site);
    if (world.traffic === null) throw new Error("Prometheus has nothing to scrape without the traffic.");
    const prometheus = await startPrometheus({
      prometheus: programs.prometheus ?? "", promtool: programs.promtool ?? "", home: home.dir, port: first ? options.prometheusPort ?? 0 : 0, traffic: world.traffic,
      ...(first ? { alertmanagerUrl: alertmanager.url } : { folder: `prometheus-${world.cluster.name}` }), controlPlane: controlPlaneParts(site, world.cluster),
      ...(options.historyHours === undefined ? {} : { historyHours: options.historyHours }), ...(options.scrapeSeconds === undefined ? {} : { scrapeSeconds: options.scrapeSeconds }),
      ...(first ? { onHistory: (progress: number) => board.set("prometheus", { say: progress < 1 ? "writing the past day's series" : "Prometheus answers, with a day's past", progress }) } : {}),
    });
    world.prometheusUrl = prometheus.url;
    site.endings.push(() => prometheus.stop());
  }
  board.set("prometheus", { state: "ready", say: `Prometheus answers at ${mainCluster(site).prometheusUrl ?? ""}, Alertmanager at ${alertmanager.url}` });
}

/** Machines that boot, where this host lets them be made; elsewhere the reason why not. */
async function giveLife(site: Site, aws: Aws): Promise<string> {
  const why = await whyNoMachines();
  if (why !== null) return why;
  const hypervisor = await startHypervisor({
    programs: await programsFor(site, "aws", [...machinePrograms]), dir: join(site.home.dir, "machines"), pace: site.options.pace ?? "real",
    region: aws.cloud.state.region, accountId: aws.cloud.state.accountId, amazon: aws.listener,
    mayReach: (reach) => aws.mayReach(reach), credentialsOf: (instanceId) => aws.instanceCredentials(instanceId),
    onTrouble: (say) => site.board.set("aws", { say }),
    onControlPlane: ({ api }) => actForAws({ api, account: aws, say: (say) => site.board.set("aws", { say }) }),
  });
  site.endings.push(() => hypervisor.close());
  aws.setHypervisor(hypervisor);
  aws.onGroupsChanged(() => hypervisor.groupsChanged());
  return "instances boot as machines";
}

export async function raiseAws(site: Site): Promise<void> {
  site.board.set("aws", { state: "starting", say: "AWS is starting", progress: null });
  const { home, options } = site;
  const statePath = join(home.dir, "aws.json");
  // Volumes and load balancers of a cluster that is forgotten would be nobody's.
  if (options.fresh === true) rmSync(statePath, { force: true });
  const aws = await startAws({
    port: options.awsPort ?? 0, machines: mainCluster(site).scenario.machines, keys: makeUserKeys(options.awsSecret), settings: lifelike,
    publicAddresses: { prefix: home.block, first: 100 }, statePath, controlToken: home.token,
  });
  site.aws = aws;
  site.endings.push(() => aws.stop());
  const mirror = await startMirror(options.mirrorPort ?? 0);
  site.mirrorUrl = mirror.url;
  site.endings.push(() => mirror.stop());
  const life = await giveLife(site, aws);
  site.board.set("aws", { state: "ready", say: `EC2, IAM, SSM and STS answer at ${aws.url}, add-ons at ${mirror.url}; ${life}` });
}

