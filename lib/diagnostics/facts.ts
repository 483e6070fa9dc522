// All that a look at a cluster is made from: the watched objects, what was said, the routes, readings of Prometheus, and jobs.
import type { PodObject } from "../adapters/kubernetes/objects";
import type { Tier, TierPolicy } from "../placement/model";
import { tierOfNode } from "../placement/tier-policy";
import type { Picture } from "../placement/picture";
import type { RoutesAnswer } from "../routes/model";
import { emptyWorld, type World } from "../routes/world";
import type { Said } from "./model";

/** Readings by name of the question, each with its labels. */
export type Readings = ReadonlyMap<string, readonly { labels: Readonly<Record<string, string>>; value: number }[]>;
export interface JobFact { id: string; kind: string; title: string; cluster: string; status: string; at: number }

export interface Facts {
  now: number;
  picture: Picture;
  policy: TierPolicy;
  /** Pods that are not as they should be: pending, waiting, not ready, killed for memory. */
  unwell: readonly PodObject[];
  said: readonly Said[];
  routes: RoutesAnswer | null;
  world: World;
  readings: Readings;
  jobs: readonly JobFact[];
  /** When the API server's own certificate and the kubeconfig's end; null where it is not known. */
  certificates: readonly { name: string; endsAt: number }[];
  /** The last etcd snapshot that a job of the console made; null for none, undefined where it was not asked. */
  lastSnapshotAt: number | null | undefined;
}

export const noFacts = { unwell: [], said: [], routes: null, world: emptyWorld, readings: new Map<string, never[]>(), jobs: [], certificates: [], lastSnapshotAt: undefined } satisfies Partial<Facts>;

/** Kubelets and volumes settle; what is younger is not yet a failure (domain.md 4.7: five to ten minutes after an install). */
export const graceMs = 10 * 60_000;
export const isOld = (facts: Facts, { createdAt }: { createdAt: number }): boolean => facts.now - createdAt > graceMs;
export const podSubject = (pod: { namespace: string; name: string }) => ({ kind: "pod" as const, key: `${pod.namespace}/${pod.name}` });
export const nodeSubject = (name: string) => ({ kind: "node" as const, key: name });
export const clusterSubject = { kind: "cluster" as const, key: "cluster" };
/** Findings of the routes' checks as evidence. */
export const routeEvidence = (facts: Facts, ...checks: string[]) => (facts.routes?.findings ?? []).filter(({ check }) => checks.includes(check)).map(({ subjects, title, what }) => ({ subject: subjects[0] ?? clusterSubject, say: `${title}: ${what}` }));
export const read = (facts: Facts, name: string) => facts.readings.get(name) ?? [];

const tiersOf = new WeakMap<Facts, ReadonlySet<Tier>>();
/** The tiers that have a machine; worked out once for a look, because every pod that waits asks. */
export function tiersThere(facts: Facts): ReadonlySet<Tier> {
  const known = tiersOf.get(facts);
  if (known) return known;
  const there = new Set<Tier>();
  for (const node of facts.picture.store("Node").values()) {
    const tier = tierOfNode(facts.policy, node);
    if (tier !== null) there.add(tier);
  }
  tiersOf.set(facts, there);
  return there;
}
