// Where a service's requests go: to the pods that its Service selects, or by the weights of the load balancer's action before it.
// Source of the action: "Annotations", alb.ingress.kubernetes.io/actions.<name>, AWS Load Balancer Controller documentation.
import type { SeenIngress, SeenPod, SeenService } from "./seen.ts";

export interface Front { services: ReadonlyMap<string, SeenService>; ingresses: ReadonlyMap<string, SeenIngress> }

export function selects({ namespace, selector }: SeenService, pod: Pick<SeenPod, "namespace" | "labels">): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && pod.namespace === namespace && wanted.every(([label, value]) => pod.labels[label] === value);
}

/** The Services behind a name with their weights: one with all of it, unless an action of the load balancer splits it. */
function weighted(service: SeenService, { ingresses }: Front): { name: string; weight: number }[] {
  for (const ingress of ingresses.values()) {
    if (ingress.namespace !== service.namespace) continue;
    const action = ingress.actions.find(({ name, groups }) => ingress.usedActions.includes(name) && (name === service.name || groups.some((group) => group.service === service.name)));
    if (action !== undefined) return action.groups.map((group) => ({ name: group.service, weight: group.weight }));
  }
  return [{ name: service.name, weight: 1 }];
}

/** Each pod's part of what a service is asked. A target group with weight and without a ready pod loses its part, as its callers are told 503 before any pod. */
export function partsOf<P extends { pod: SeenPod }>(app: string, ready: readonly P[], front: Front): Map<P, number> {
  const parts = new Map<P, number>();
  for (const service of front.services.values()) {
    if (service.name !== app) continue;
    const groups = weighted(service, front);
    const all = groups.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, weight } of all > 0 ? groups : []) {
      const behind = front.services.get(`${service.namespace}/${name}`);
      const pods = behind === undefined ? [] : ready.filter(({ pod }) => selects(behind, pod));
      for (const one of pods) parts.set(one, (parts.get(one) ?? 0) + weight / all / pods.length);
    }
  }
  return parts;
}
