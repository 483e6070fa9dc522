// Canaries that nobody steps any more: a second version that would serve for ever without anybody deciding about it.
import { z } from "zod";
import type { PodObject, WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { besideLabel, jobLabel } from "@/lib/deployments/beside/mark";
import { hasEnded, jobStatus, type JobStatus } from "@/lib/jobs/model";

export const steppedCanary = z.object({
  namespace: z.string(),
  workload: z.string(),
  canary: z.string(),
  images: z.array(z.string()),
  job: z.string(),
  /** Null: no job of that name is known, as after the loss of the database. */
  status: jobStatus.nullable(),
  canaryPods: z.number(),
  stablePods: z.number(),
  /** Stands beside the stable version and nobody works on it. */
  leftOver: z.boolean(),
  say: z.string(),
});
export type SteppedCanary = z.infer<typeof steppedCanary>;

/** What may be stepped: a Deployment with pods, that is no canary itself. */
export const steppable = z.object({ namespace: z.string(), name: z.string(), replicas: z.number(), containers: z.array(z.object({ name: z.string(), image: z.string() })) });
export type Steppable = z.infer<typeof steppable>;

export function steppableOf(deployments: Iterable<WorkloadObject>): Steppable[] {
  const all = [...deployments].flatMap(({ namespace, name, labels, replicas, template }): Steppable[] => {
    if (labels[besideLabel] !== undefined || replicas === null || replicas === 0 || template === null) return [];
    return [{ namespace, name, replicas, containers: template.containers.filter(({ init }) => !init).map((one) => ({ name: one.name, image: one.image })) }];
  });
  return all.sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name));
}

export interface SteppedQuestion {
  deployments: Iterable<WorkloadObject>;
  pods: (deployment: WorkloadObject) => readonly PodObject[];
  statusOf: ReadonlyMap<string, JobStatus>;
}

export function steppedCanaries({ deployments, pods, statusOf }: SteppedQuestion): SteppedCanary[] {
  const all = [...deployments];
  const ready = (deployment: WorkloadObject | undefined): number => (deployment ? pods(deployment).filter((pod) => pod.ready && pod.deletedAt === null).length : 0);
  return all.flatMap((one): SteppedCanary[] => {
    const workload = one.labels[besideLabel];
    if (workload === undefined) return [];
    const job = one.labels[jobLabel] ?? "";
    const status = statusOf.get(job) ?? null;
    const stable = all.find(({ namespace, name }) => namespace === one.namespace && name === workload);
    const leftOver = status === null || hasEnded(status);
    const base = { namespace: one.namespace, workload, canary: one.name, images: [...one.images], job, status, canaryPods: ready(one), stablePods: ready(stable), leftOver };
    return [{ ...base, say: words(base) }];
  });
}

function words({ namespace, workload, canary, job, status, canaryPods, leftOver }: Omit<SteppedCanary, "say">): string {
  const pods = `${canaryPods} pod${canaryPods === 1 ? "" : "s"}`;
  if (!leftOver) return status === "NEEDS_ATTENTION" ? `${job} asks a person about the canary of ${namespace}/${workload}.` : `${job} steps the canary of ${namespace}/${workload}.`;
  const why = status === null ? `no job ${job || "that made it"} is known` : `${job} was ${status === "CANCELLED" ? "cancelled" : "ended"}`;
  return `${namespace}/${workload} runs two versions: ${canary} stands beside it with ${pods} and gets requests, and nobody decides about it, for ${why}.`;
}
