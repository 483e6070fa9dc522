// The browser's reading of placement: the store of a cluster, its rows, what is derived from them, how fresh it is.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { z } from "zod";
import { decodeTables, type WireTables } from "@/lib/placement/delta";
import { type TierPolicy, tierPolicy } from "@/lib/placement/model";
import { FetchError, fetchJson } from "../live/fetch-json";
import { liveClient } from "../live/use-live";
import { createPlacementStore, type FreshView, type PlacementStore, type RowOf, type TableName } from "./store";

export type { About, FreshView, PlacementStore, RowOf, TableName } from "./store";
export type { Rollups, StateCounts, TierRollup, Totals } from "./rollup";

/** The rows are decoded column by column and tolerate what is missing; only the frame is checked here. */
const wireTables = z.custom<WireTables>((value) => typeof value === "object" && value !== null && "texts" in value && "pods" in value);
const snapshot = z.object({
  at: z.string(),
  tables: wireTables,
  policy: tierPolicy.nullable().catch(null),
  cluster: z.object({ slug: z.string(), title: z.string().catch(""), version: z.string().nullable().catch(null) }),
});

const stores = new WeakMap<QueryClient, Map<string, PlacementStore>>();

/** One store per cluster and query cache: made empty, filled by the query, moved on by the live feed. */
export function placementStore(cache: QueryClient, cluster: string): PlacementStore {
  const ofCache = stores.get(cache) ?? new Map<string, PlacementStore>();
  stores.set(cache, ofCache);
  const store = ofCache.get(cluster) ?? createPlacementStore(cluster);
  ofCache.set(cluster, store);
  return store;
}

export function placementKey(cluster: string): readonly string[] {
  return ["placement", cluster];
}

export type PlacementStatus = "loading" | "ready" | "forbidden" | "broken";
export interface Placement { status: PlacementStatus; store: PlacementStore; policy: TierPolicy | null; error: FetchError | null; retry: () => void }

/** The store is there at once and empty; `ready` once the first snapshot stands in it. A failure after that leaves the picture and is told by freshness. */
export function usePlacement(cluster: string): Placement {
  const cache = useQueryClient();
  const query = useQuery({
    queryKey: placementKey(cluster),
    queryFn: ({ signal }) => loadPlacement(cache, cluster, signal),
    enabled: cluster !== "",
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    structuralSharing: false,
    retry: (failures, error) => failures < 2 && !isRefusal(error),
    // A snapshot that was asked for anew and did not come is asked for again: until it comes, changes are only kept.
    refetchInterval: ({ state }) => ((state.data && state.status !== "error") || isRefusal(state.error) ? false : 3000),
  });
  const store = query.data?.store ?? placementStore(cache, cluster);
  const error = query.error instanceof FetchError ? query.error : null;
  const status: PlacementStatus = query.data ? "ready" : query.isError ? (isRefusal(error) ? "forbidden" : "broken") : "loading";
  return { status, store, policy: query.data ? (store.about?.policy ?? null) : null, error, retry: () => void query.refetch() };
}

function isRefusal(error: unknown): boolean {
  return error instanceof FetchError && (error.status === 401 || error.status === 403);
}

async function loadPlacement(cache: QueryClient, cluster: string, signal: AbortSignal): Promise<{ store: PlacementStore; at: string }> {
  const store = placementStore(cache, cluster);
  store.expectSnapshot();
  await liveClient().following(`placement:${cluster}`);
  const { at, tables, policy, cluster: about } = await fetchJson(`/api/clusters/${encodeURIComponent(cluster)}/placement`, snapshot, { signal });
  store.replace(decodeTables(tables), at, { ...about, policy });
  return { store, at };
}

/** One row; renders again when that row changed and at no other time. */
export function useRow<T extends TableName>(store: PlacementStore, table: T, key: string): RowOf<T> | undefined {
  const { subscribe, read } = useMemo(() => ({ subscribe: (listener: () => void) => store.subscribeRow(table, key, listener), read: () => rowOf(store, table, key) }), [store, table, key]);
  return useSyncExternalStore(subscribe, read, read);
}

/** The cast holds because a table's map has that table's rows; TypeScript loses the link between T and its map. */
function rowOf<T extends TableName>(store: PlacementStore, table: T, key: string): RowOf<T> | undefined {
  return store.tables[table].get(key) as RowOf<T> | undefined;
}

/**
 * Something made of the rows; renders again when it differs by `equal`. `selector` must be stable (a module's function or useCallback) and
 * cheap, for it runs at every change: read `store.rollups` rather than walk the pods.
 */
export function useDerived<V>(store: PlacementStore, selector: (store: PlacementStore) => V, equal: (a: V, b: V) => boolean = Object.is): V {
  const read = useMemo(() => remembered(store, selector, equal), [store, selector, equal]);
  return useSyncExternalStore(store.subscribe, read, read);
}

/** The same of one table alone, for what walks its rows: looked at again when that table changed, not at every pod. */
export function useDerivedOf<V>(store: PlacementStore, table: TableName, selector: (store: PlacementStore) => V): V {
  const { subscribe, read } = useMemo(() => ({ subscribe: (listener: () => void) => store.subscribeTable(table, listener), read: remembered<V>(store, selector, Object.is) }), [store, table, selector]);
  return useSyncExternalStore(subscribe, read, read);
}

function remembered<V>(store: PlacementStore, selector: (store: PlacementStore) => V, equal: (a: V, b: V) => boolean): () => V {
  let last: { generation: number; value: V } | null = null;
  return () => {
    if (last?.generation === store.generation) return last.value;
    const value = selector(store);
    last = { generation: store.generation, value: last && equal(last.value, value) ? last.value : value };
    return last.value;
  };
}

/** Lists are equal when their members are the same, in the same order. */
export function sameMembers<V>(a: readonly V[], b: readonly V[]): boolean {
  return a.length === b.length && a.every((each, index) => Object.is(each, b[index]));
}

export function useFreshness(cluster: string): FreshView {
  const store = placementStore(useQueryClient(), cluster);
  const read = () => store.fresh;
  return useSyncExternalStore(store.subscribeFresh, read, read);
}
