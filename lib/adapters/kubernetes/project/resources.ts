// Amounts of things: a resource list at the door, and what a pod counts for on a node.
import type { ContainerSpec, Resources } from "../objects";
import type { Pools } from "./pools";
import { quantity, toMillis, toUnits } from "./quantity";
import { record, type Flaws } from "./read";

const noExtended: Resources["extended"] = Object.freeze({});
export const noResources: Resources = Object.freeze({ cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, pods: 0, extended: noExtended });
const plain = new Set(["cpu", "memory", "ephemeral-storage", "pods"]);

export function resources(value: unknown, pools: Pools, at: { path: string; flaws: Flaws }): Resources {
  const raw = record(value);
  const read = (name: string, unit: (value: unknown) => number) => quantity(raw[name], unit, { path: `${at.path}.${name}`, flaws: at.flaws });
  const others = Object.keys(raw).filter((name) => !plain.has(name));
  return sharedResources(pools, {
    cpuMillis: read("cpu", toMillis), memoryBytes: read("memory", toUnits), ephemeralBytes: read("ephemeral-storage", toUnits), pods: read("pods", toUnits),
    extended: others.length === 0 ? noExtended : Object.fromEntries(others.map((name) => [name, read(name, toUnits)])),
  });
}

function sharedResources(pools: Pools, amounts: Resources): Resources {
  const extended = amounts.extended === noExtended ? "" : Object.entries(amounts.extended).map(([name, amount]) => `${name}=${amount}`).join();
  return pools.resources.share(`${amounts.cpuMillis},${amounts.memoryBytes},${amounts.ephemeralBytes},${amounts.pods},${extended}`, () => amounts);
}

/** NaN counts as nothing in a sum: one unreadable field is named on its object and does not make a whole node unreadable. */
const known = (amount: number): number => (Number.isNaN(amount) ? 0 : amount);

function combine(a: Resources, b: Resources, join: (a: number, b: number) => number): Resources {
  const names = new Set([...Object.keys(a.extended), ...Object.keys(b.extended)]);
  const both = (left: number | undefined, right: number | undefined) => join(known(left ?? 0), known(right ?? 0));
  return {
    cpuMillis: both(a.cpuMillis, b.cpuMillis), memoryBytes: both(a.memoryBytes, b.memoryBytes), ephemeralBytes: both(a.ephemeralBytes, b.ephemeralBytes), pods: both(a.pods, b.pods),
    extended: names.size === 0 ? noExtended : Object.fromEntries([...names].map((name) => [name, both(a.extended[name], b.extended[name])])),
  };
}
const sum = (a: number, b: number): number => a + b;

/**
 * What the scheduler counts for a pod: the larger of what runs together at the end (containers and sidecars) and each
 * step before it (an init container beside the sidecars started so far); pod-level amounts stand for the sum where given; plus overhead.
 */
export function podTotal(containers: readonly ContainerSpec[], which: "requests" | "limits", extra: { podLevel: unknown; overhead: Resources; pools: Pools; flaws: Flaws }): Resources {
  let together = noResources;
  let sidecars = noResources;
  let peak = noResources;
  for (const one of containers.filter((one) => one.init)) {
    if (one.sidecar) {
      together = combine(together, one[which], sum);
      sidecars = combine(sidecars, one[which], sum);
      peak = combine(peak, sidecars, Math.max);
    } else peak = combine(peak, combine(one[which], sidecars, sum), Math.max);
  }
  for (const one of containers) if (!one.init) together = combine(together, one[which], sum);
  const total = combine(combine(together, peak, Math.max), noResources, sum);
  return sharedResources(extra.pools, { ...combine(podLevel(total, which, extra), extra.overhead, sum), pods: which === "requests" ? 1 : 0 });
}

/** CPU, memory and huge pages may be set for the pod as a whole (spec.resources), and then stand for the sum. */
function podLevel(total: Resources, which: "requests" | "limits", extra: { podLevel: unknown; pools: Pools; flaws: Flaws }): Resources {
  const raw = record(record(extra.podLevel)[which]);
  const names = Object.keys(raw);
  if (names.length === 0) return total;
  const given = resources(raw, extra.pools, { path: `spec.resources.${which}`, flaws: extra.flaws });
  return {
    ...total,
    cpuMillis: "cpu" in raw ? known(given.cpuMillis) : total.cpuMillis,
    memoryBytes: "memory" in raw ? known(given.memoryBytes) : total.memoryBytes,
    extended: { ...total.extended, ...given.extended },
  };
}
