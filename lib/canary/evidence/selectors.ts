// The questions for raw series: which pods, by name; and what came back, sorted into the two versions.
import type { RangeSeries } from "@/lib/adapters/prometheus/objects";
import type { Selector } from "../model";
import type { Versions } from "../run";
import type { RawSeries } from "./counters";

const quoted = (text: string): string => JSON.stringify(text);
const literal = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, "\\$&");

/** Only pods of both versions in their namespace; what the definition matches besides stays as it is. */
export function expressionOf({ series, matchers }: Selector, { namespace, versions }: { namespace: string; versions: Versions }): string {
  const sets = [versions.canary.set, versions.baseline.set].map(literal);
  const own = matchers.map(({ label, op, value }) => `${label}${op}${quoted(value)}`);
  return `${series}{${[...own, `namespace=${quoted(namespace)}`, `pod=~${quoted(`(${sets.join("|")})-.+`)}`].join(",")}}`;
}

export interface PodFact { node: string; createdAt: number }

/** By the name of its ReplicaSet; the longer name first, where one begins with the other. */
export function versionOf(pod: string, { canary, baseline }: Versions): RawSeries["version"] | null {
  const named = [["canary", canary.set], ["baseline", baseline.set]] as const;
  return named.filter(([, set]) => pod.startsWith(`${set}-`)).sort((a, b) => b[1].length - a[1].length)[0]?.[0] ?? null;
}

export function toRawSeries(answer: readonly RangeSeries[], { versions, pods }: { versions: Versions; pods: ReadonlyMap<string, PodFact> }): RawSeries[] {
  return answer.flatMap(({ labels, points }) => {
    const { pod = "", le } = labels;
    const version = versionOf(pod, versions);
    if (version === null) return [];
    const known = pods.get(pod);
    return [{ pod, node: known?.node ?? labels.node ?? "", version, podCreatedAt: known?.createdAt ?? null, samples: points, ...(le === undefined ? {} : { edge: le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le) }) }];
  });
}
