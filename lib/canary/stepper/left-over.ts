// Canaries that nobody steps any more: a second version that would serve for ever without anybody deciding about it.
import type { PodObject, WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { besideLabel, jobLabel } from "@/lib/deployments/beside/mark";
import { hasEnded, type JobStatus } from "@/lib/jobs/model";

export interface SteppedCanary {
  namespace: string;
  workload: string;
  canary: string;
  images: readonly string[];
  job: string;
  /** Null: no job of that name is known, as after the loss of the database. */
  status: JobStatus | null;
  canaryPods: number;
  stablePods: number;
  /** Stands beside the stable version and nobody works on it. */
  leftOver: boolean;
  say: string;
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
    const base = { namespace: one.namespace, workload, canary: one.name, images: one.images, job, status, canaryPods: ready(one), stablePods: ready(stable), leftOver };
    return [{ ...base, say: words(base) }];
  });
}

function words({ namespace, workload, canary, job, status, canaryPods, leftOver }: Omit<SteppedCanary, "say">): string {
  const pods = `${canaryPods} pod${canaryPods === 1 ? "" : "s"}`;
  if (!leftOver) return status === "NEEDS_ATTENTION" ? `${job} asks a person about the canary of ${namespace}/${workload}.` : `${job} steps the canary of ${namespace}/${workload}.`;
  const why = status === null ? `no job ${job || "that made it"} is known` : `${job} was ${status === "CANCELLED" ? "cancelled" : "ended"}`;
  return `${namespace}/${workload} runs two versions: ${canary} stands beside it with ${pods} and gets requests, and nobody decides about it, for ${why}.`;
}
