// Which share of the pods stands for a weight where no router splits the traffic, as Argo Rollouts rounds it.

export interface WeightQuestion { replicas: number; weight: number; maxWeight?: number; maxSurge: number }
export interface PodSplit { canary: number; stable: number }

/** Source: argo-rollouts utils/replicaset/canary.go, calculateReplicaCountsForBasicCanary; held to its own table of cases. */
export function splitOf({ replicas, weight, maxWeight = 100, maxSurge }: WeightQuestion): PodSplit {
  if (replicas <= 0) return { canary: 0, stable: 0 };
  const share = weight / maxWeight;
  const [ceil, floor] = [Math.max(0, Math.ceil(replicas * share - 1e-9)), Math.floor(replicas * share + 1e-9)];
  const zeroAllowed = weight === maxWeight || weight === 0 || (replicas === 1 && maxSurge === 0);
  const tied = (total: number): boolean => Math.abs(((total * share) % 1) - 0.5) < 1e-9;
  const candidates: { canary: number; total: number }[] = [];
  const add = (canary: number, total: number): void => void candidates.push({ canary, total });
  if (ceil < replicas || zeroAllowed) add(ceil, replicas);
  if (!tied(replicas) && (floor !== 0 || zeroAllowed)) add(floor, replicas);
  if (maxSurge > 0) {
    add(ceil, replicas + 1);
    if (!tied(replicas + 1) && (floor !== 0 || zeroAllowed)) add(floor, replicas + 1);
  }
  const off = ({ canary, total }: { canary: number; total: number }): number => Math.abs((canary * maxWeight) / total - weight);
  const best = candidates.reduce((least, one) => (off(one) < off(least) - 1e-9 ? one : least), candidates[0] ?? { canary: floor, total: replicas });
  return { canary: best.canary, stable: best.total - best.canary };
}

/** "25%" or "2" of so many replicas, rounded up as a surge is. */
export function surgeOf(maxSurge: string, replicas: number): number {
  const percent = /^(\d+)%$/.exec(maxSurge)?.[1];
  return percent === undefined ? Number(maxSurge) || 0 : Math.ceil((Number(percent) * replicas) / 100);
}
