// The nouns of placement: tiers, the policy that assigns them, and the rows that a viewer's browser holds.
import { z } from "zod";

export const tiers = [1, 2, 3, 4] as const;
export type Tier = (typeof tiers)[number];

export const tierNames: Record<Tier, string> = {
  1: "Control + Monitoring",
  2: "Sync API",
  3: "Async Workers",
  4: "Stateful Storage",
};

const tier = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

/** A node belongs to the tier of the first rule whose label it carries. `value` null: any value. */
export const nodeRule = z.object({ label: z.string().min(1).max(317), value: z.string().max(63).nullable(), tier });
/** A workload is declared for the tier of the first rule that matches all that it names; `*` in a name stands for any text. */
export const workloadRule = z.object({
  namespace: z.string().max(63).optional(),
  name: z.string().max(253).optional(),
  label: z.object({ key: z.string().min(1).max(317), value: z.string().max(63) }).optional(),
  tier,
});
export const tierPolicy = z.object({ version: z.literal(1), nodes: z.array(nodeRule).max(200), workloads: z.array(workloadRule).max(500) });
export type NodeRule = z.infer<typeof nodeRule>;
export type WorkloadRule = z.infer<typeof workloadRule>;
export type TierPolicy = z.infer<typeof tierPolicy>;

/** What one pod cell says: colour, shape and word. */
export const podStates = ["running", "starting", "warning", "failed", "pending", "terminating", "unknown", "done"] as const;
export type PodState = (typeof podStates)[number];

export interface NodeRow {
  name: string;
  tier: Tier | null;
  ready: "ready" | "not-ready" | "unknown";
  cordoned: boolean;
  /** Why it is not well, "" when it is. */
  reason: string;
  instanceType: string;
  zone: string;
  providerId: string;
  version: string;
  createdAt: number;
  taints: readonly string[];
  cpuMillis: number;
  memoryBytes: number;
  podSlots: number;
  requestedCpuMillis: number;
  requestedMemoryBytes: number;
  pods: number;
  /** Fields the console could not read, as "path: value". */
  broken: readonly string[];
}

export interface PodRow {
  /** namespace/name */
  key: string;
  namespace: string;
  name: string;
  /** "" while it has no node. */
  node: string;
  state: PodState;
  /** One word or short phrase: CrashLoopBackOff, Insufficient cpu … "" when running. */
  reason: string;
  ready: boolean;
  restarts: number;
  createdAt: number;
  cpuMillis: number;
  memoryBytes: number;
  memoryLimitBytes: number;
  /** Key of its WorkloadRow, "" for a pod with no owner. */
  workload: string;
  /** The group label under which cells stand: app name. */
  app: string;
  /** Runs on every node (DaemonSet) or is static. */
  everywhere: boolean;
  declared: Tier | null;
  /** The tier of its node; null while it has none or the node has none. */
  actual: Tier | null;
  drift: boolean;
}

export interface WorkloadRow {
  /** kind/namespace/name */
  key: string;
  kind: string;
  namespace: string;
  name: string;
  declared: Tier | null;
  wanted: number;
  ready: number;
  pods: number;
  images: readonly string[];
  createdAt: number;
  drift: number;
}

export interface EventRow {
  uid: string;
  at: number;
  type: string;
  reason: string;
  message: string;
  count: number;
  kind: string;
  namespace: string;
  name: string;
}

export interface KindRow {
  kind: string;
  state: "loading" | "live" | "stale" | "forbidden" | "absent" | "failing";
  say: string;
  count: number;
}

/** How true the picture is. `staleSince` null = live. Times are the server's. */
export interface Freshness {
  state: "connecting" | "live" | "stale" | "unreachable";
  freshAt: number | null;
  staleSince: number | null;
  say: string;
}

/** The rows of a cluster by their keys: nodes by name, pods by "ns/name", workloads by "kind/ns/name", events by uid. */
export interface PlacementTables {
  nodes: Map<string, NodeRow>;
  pods: Map<string, PodRow>;
  workloads: Map<string, WorkloadRow>;
  events: Map<string, EventRow>;
  kinds: Map<string, KindRow>;
}

/** What changed between two generations: whole new rows, and keys that are gone. Absent table = nothing changed in it. */
export type PlacementDelta = { [T in keyof PlacementTables]?: { put: (PlacementTables[T] extends Map<string, infer R> ? R : never)[]; gone: string[] } };
