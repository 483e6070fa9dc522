// Joins what is there with what it does: which pages there are to scrape, under which labels, and what stands on them now.
import { labelText, type Family, type Labels } from "./exposition.ts";
import { clusterPage } from "./pages/cluster.ts";
import { kubeletPage, nodePage } from "./pages/machines.ts";
import { servicePage, workerPage } from "./pages/services.ts";
import { postgresPage, rabbitmqPage, redisPage } from "./pages/storage.ts";
import { httpProfiles, queueProfiles } from "./profiles.ts";
import type { SeenClaim, SeenPod } from "./seen.ts";
import { createSimulation, type Life } from "./simulation.ts";
import type { Turns } from "./turns.ts";
import type { Picture } from "./watch.ts";

export interface Target {
  path: string;
  labels: Labels;
  /** Its numbers hardly ever change. */
  still: boolean;
  /** The families now; null when whatever would answer is gone or its machine is off. */
  page(): Family[] | null;
}

export interface Exporter {
  targets(): Target[];
  target(path: string): Target | undefined;
  /** Takes in the picture as it is and counts up to a moment. */
  advance(toMs: number): void;
  /** Pods of a service that could answer now. */
  serving(app: string): SeenPod[];
}

interface PodPage { job: string; port: number; /** Whether its own lines name the pod. */ namesPod: boolean; families(life: Life, atMs: number): Family[] }

const workers = new Set(queueProfiles.map(({ consumer }) => consumer).filter((consumer) => consumer !== ""));

export function createExporter(picture: Picture, { startMs, turns }: { startMs: number; turns: Turns }): Exporter {
  const simulation = createSimulation(startMs, { turns, front: picture });
  const lifeOf = (pod: SeenPod): Life | undefined => simulation.lives.get(pod.uid);
  const podPage = (pod: SeenPod): PodPage | null => {
    const { app } = pod;
    if (app in httpProfiles) return { job: app, port: 8000, namesPod: true, families: servicePage };
    if (workers.has(app)) return { job: "celery", port: 9808, namesPod: true, families: workerPage };
    if (app === "rabbitmq") return { job: "rabbitmq", port: 15692, namesPod: false, families: (life) => rabbitmqPage(life, simulation.queues) };
    if (app === "postgres") return { job: "postgres", port: 9187, namesPod: false, families: postgresPage };
    if (app === "redis") return { job: "redis", port: 9121, namesPod: false, families: redisPage };
    return null;
  };
  const nodeTargets = (): Target[] => [...picture.nodes.values()].flatMap((node): Target[] => {
    const here = (): Life[] => [...simulation.lives.values()].filter(({ pod }) => pod.node === node.name);
    const claims = (): SeenClaim[] => here().flatMap(({ pod }) => pod.claims.flatMap((claim) => picture.claims.get(`${pod.namespace}/${claim}`) ?? []));
    return [
      { path: `/metrics/node/${node.name}`, labels: { job: "node-exporter", instance: `${node.ip}:9100`, node: node.name }, still: false, page: () => {
        const tally = simulation.machines.get(node.name);
        return node.ready && tally ? nodePage(node, { lives: here(), tally, atMs: simulation.now() }) : null;
      } },
      { path: `/metrics/kubelet/${node.name}`, labels: { job: "kubelet", instance: `${node.ip}:10250`, node: node.name }, still: false, page: () => (node.ready ? kubeletPage(here(), { claims: claims(), atMs: simulation.now() }) : null) },
    ];
  });
  const podTargets = (): Target[] => [...picture.pods.values()].flatMap((pod): Target[] => {
    const page = podPage(pod);
    if (!page || !lifeOf(pod)) return [];
    const own: Labels = page.namesPod ? {} : { pod: pod.name };
    return [{
      path: `/metrics/pod/${pod.namespace}/${pod.name}`,
      still: false,
      labels: { job: page.job, instance: `${pod.ip}:${page.port}`, namespace: pod.namespace, node: pod.node, version: pod.version, pod_template_hash: pod.templateHash, ...own },
      page: () => {
        const life = lifeOf(pod);
        return life ? page.families(life, simulation.now()) : null;
      },
    }];
  });
  const clusterTarget: Target = { path: "/metrics/cluster", labels: { job: "kube-state-metrics", instance: "kube-state-metrics:8080" }, still: true, page: () => clusterPage(picture) };
  const targets = (): Target[] => [...nodeTargets(), clusterTarget, ...podTargets()];
  return {
    targets,
    target: (path) => targets().find((target) => target.path === path),
    advance(toMs) {
      simulation.adopt(picture.pods.values(), new Map([...picture.nodes.values()].filter(({ ready }) => ready).map(({ name, cpuCores }) => [name, Math.max(1, cpuCores)])));
      simulation.advance(toMs);
    },
    serving: (app) => [...simulation.lives.values()].map(({ pod }) => pod).filter((pod) => pod.app === app && pod.ready && !pod.deleting),
  };
}

export function targetText(target: Target): string {
  return labelText(target.labels);
}
