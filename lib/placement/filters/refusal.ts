// Why a node does not take a pod: the filter, the scheduler's own words, and ours with numbers.
import type { PodObject } from "../../adapters/kubernetes/objects";
import type { Ground, Room } from "./ground";

/** In the order in which the scheduler asks its filters (default plugins of Kubernetes 1.36). */
export const filterNames = [
  "node-unschedulable", "node-name", "taints", "node-affinity", "node-ports", "resources", "volume-restrictions", "volume-limits", "volume-binding", "volume-zone", "topology-spread", "pod-affinity",
] as const;
export type FilterName = (typeof filterNames)[number];

export interface Figure {
  /** cpu, memory, ephemeral-storage, pods, or the name of an extended resource. */
  resource: string;
  unit: "millicores" | "bytes" | "count";
  needs: number;
  free: number;
  used: number;
  total: number;
  /** needs − free, always above zero. */
  short: number;
}

export interface Refusal {
  filter: FilterName;
  /** As the scheduler counts them: one node adds one to each. */
  reasons: readonly string[];
  /** For the person, with names and numbers. */
  say: string;
  /** A few words for a card: "cpu 130m short", "taint". */
  short: string;
  figures: readonly Figure[];
}

/** What stops a pod before any node is asked. */
export interface Stop { filter: FilterName | "scheduling-gates"; reason: string; say: string }

/** One pod before one ground. `memo` keeps what a filter derives once for all nodes. */
export interface Scene {
  readonly pod: PodObject;
  readonly ground: Ground;
  memo<T>(key: symbol, make: () => T): T;
}

export type Filter = (scene: Scene, room: Room) => Refusal | null;

export function sceneOf(ground: Ground, pod: PodObject): Scene {
  const made = new Map<symbol, unknown>();
  return {
    pod,
    ground,
    memo<T>(key: symbol, make: () => T): T {
      if (!made.has(key)) made.set(key, make());
      return memoised<T>(made.get(key));
    },
  };
}

/** Each symbol belongs to one filter file, which always makes the same type under it. */
function memoised<T>(value: unknown): T {
  return value as T;
}

export function refusal(filter: FilterName, reason: string, words: { say: string; short: string }): Refusal {
  return { filter, reasons: [reason], figures: [], ...words };
}
