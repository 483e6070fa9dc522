"use client";
// Over the dimmed map when nothing fits the filter: says so, and takes the filter away.
import { Button } from "@mantine/core";
import { useMemo, useSyncExternalStore } from "react";
import type { PlacementStore } from "@/components/placement/store";
import { createRowOrder } from "@/components/placement/table/row-order";
import { StatePicture } from "@/components/ui/state-picture";
import type { Filter } from "@/lib/placement/filter";
import css from "./no-match.module.css";

export function NoMatch({ store, filter, clear }: { store: PlacementStore; filter: Filter; clear: () => void }) {
  const pods = useMatches(store, filter, "pods");
  return pods === 0 ? <NoNodeEither store={store} filter={filter} clear={clear} /> : null;
}

/** Nodes are asked only when no pod matches: a node without pods can be all that is meant. */
function NoNodeEither({ store, filter, clear }: { store: PlacementStore; filter: Filter; clear: () => void }) {
  if (useMatches(store, filter, "nodes") > 0) return null;
  return (
    <div className={css.over}>
      <StatePicture kind="empty" title="0 match" say="No pod and no node fits the filter; the map stands dimmed behind." action={<Button size="xs" variant="default" onClick={clear}>Clear the filter</Button>} />
    </div>
  );
}

function useMatches(store: PlacementStore, filter: Filter, table: "pods" | "nodes"): number {
  const order = useMemo(() => createRowOrder(store, { table, filter, sort: null }), [store, filter, table]);
  return useSyncExternalStore(order.subscribe, order.read, order.read).length;
}
