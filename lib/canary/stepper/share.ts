// How many pods stand for a wanted share, and which share that really is.
import type { IngressObject, ServiceObject } from "@/lib/adapters/kubernetes/objects";
import { jobLabel } from "@/lib/deployments/beside/mark";
import { splitOf } from "@/lib/deployments/rollouts/weights";

export interface ShareQuestion { replicas: number; weight: number; /** Something else decides how many stable pods there are, such as an autoscaler, or a load balancer splits by weights. */ keepStable: boolean }
export interface PodShare { canary: number; stable: number; real: number }

/** Without a router the pods are the weights, one more than usual at most. With `keepStable` the canary stands beside all of them. */
export function podShare({ replicas, weight, keepStable }: ShareQuestion): PodShare {
  if (!keepStable) {
    const { canary, stable } = splitOf({ replicas, weight, maxSurge: 1 });
    return { canary, stable, real: realShare(canary, stable) };
  }
  const canary = Math.max(1, Math.round((replicas * weight) / Math.max(1, 100 - weight)));
  return { canary, stable: replicas, real: realShare(canary, replicas) };
}

/** Behind a router the canary needs as many pods as its part of the requests wants. */
export function routedShare({ replicas, weight }: Pick<ShareQuestion, "replicas" | "weight">): PodShare {
  return { canary: Math.max(1, Math.ceil((replicas * weight) / 100)), stable: replicas, real: weight / 100 };
}

export function realShare(canary: number, stable: number): number {
  return canary + stable === 0 ? 0 : canary / (canary + stable);
}

export function shareText(wanted: number, real: number, pods: { canary: number; stable: number } | null): string {
  const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
  return pods ? `wanted ${wanted} %, really ${percent(real)}: ${pods.canary} of ${pods.canary + pods.stable} pods` : `wanted ${wanted} %, by the load balancer's weights ${percent(real)}`;
}

/** The canary's part where a load balancer weighs its Service of its own; null where pods are the weights. */
export function weighedShare(canaryHash: string, { namespace, services, ingresses }: { namespace: string; services: Iterable<ServiceObject>; ingresses: Iterable<IngressObject> }): number | null {
  const own = [...services].find((one) => one.namespace === namespace && one.labels[jobLabel] !== undefined && one.selector["pod-template-hash"] === canaryHash);
  if (!own) return null;
  const weight = [...ingresses].filter((one) => one.namespace === namespace).flatMap(({ annotations }) => Object.values(annotations))
    .map((text) => new RegExp(`"serviceName":"${own.name}","servicePort":"[^"]*","weight":(\\d+)`).exec(text)?.[1]).find((found) => found !== undefined);
  return weight === undefined ? null : Number(weight) / 100;
}
