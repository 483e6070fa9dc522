// Is it the version or one pod: events over the canary's pods by their exposure, and what is left of the evidence without the worst of them.
import type { MetricDefinition } from "../model";
import type { Looked } from "../run";
import { Likelihood, logWorse, mirrored } from "./engine";

export interface OnePod {
  pod: string;
  node: string;
  /** Of all the canary's events. */
  share: number;
  /** Without it the metric has not failed. */
  decides: boolean;
}

interface PodSum { pod: string; node: string; events: number; exposure: number }

/** Beyond this, so uneven a spread comes by chance in less than one of a thousand (Wilson and Hilferty's approximation of χ²). */
const unevenZ = 3.09;

export function onePodOf(metric: MetricDefinition, looks: readonly Looked[], { logFailLine, phi }: { logFailLine: number; phi: number | null }): OnePod | null {
  const parts = looks.flatMap(({ metrics }) => {
    const one = Object.hasOwn(metrics, metric.name) ? metrics[metric.name] : undefined;
    return one?.kind === "counts" ? [one] : [];
  });
  const pods = new Map<string, PodSum>();
  for (const one of parts.flatMap((part) => part.pods).filter(({ version }) => version === "canary")) {
    const known = pods.get(one.pod);
    pods.set(one.pod, { pod: one.pod, node: one.node || (known?.node ?? ""), events: one.events + (known?.events ?? 0), exposure: one.exposure + (known?.exposure ?? 0) });
  }
  const sums = [...pods.values()].filter(({ exposure }) => exposure > 0);
  const [events, exposure] = [total(sums, "events"), total(sums, "exposure")];
  if (sums.length < 2 || events === 0 || !isUneven(sums, events / exposure)) return null;
  const worst = sums.reduce((most, one) => (one.events / one.exposure > most.events / most.exposure ? one : most));
  const terms = parts.flatMap((part) => part.intervals.map(({ canary, baseline }) => {
    const without = part.pods.find(({ pod, version }) => version === "canary" && pod === worst.pod) ?? { events: 0, exposure: 0 };
    const [mine, mineOf] = [canary.events - without.events, canary.exposure - without.exposure];
    return { events: mine + baseline.events, canaryEvents: Math.max(0, mine), share: mineOf / (mineOf + baseline.exposure) };
  }));
  const left = logWorse(new Likelihood(metric.worse === "lower" ? mirrored(terms) : terms, Math.max(1, phi ?? 1)), metric.tolerated);
  return { pod: worst.pod, node: worst.node, share: worst.events / events, decides: left < logFailLine };
}

const total = (sums: readonly PodSum[], what: "events" | "exposure"): number => sums.reduce((sum, one) => sum + one[what], 0);

function isUneven(sums: readonly PodSum[], rate: number): boolean {
  const degrees = sums.length - 1;
  const square = sums.reduce((sum, { events, exposure }) => sum + (events - rate * exposure) ** 2 / (rate * exposure), 0);
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(square / degrees) - (1 - spread)) / Math.sqrt(spread) > unevenZ;
}

export function onePodText({ pod, node, share }: OnePod): string {
  return `${Math.round(share * 100)} % of the canary's events come from one pod, ${pod}${node ? ` on ${node}` : ""}; without it nothing speaks against the version`;
}
