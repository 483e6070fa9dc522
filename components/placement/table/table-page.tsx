"use client";
// The Table tab: which rows, in which order, from the address; the same filter and selection as the map.
import { Button, SegmentedControl } from "@mantine/core";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo, useSyncExternalStore } from "react";
import { parseFilter } from "@/lib/placement/filter";
import { LoadingRows, StatePicture } from "../../ui/state-picture";
import { filterParam } from "../address";
import { useSelection } from "../map/use-selection";
import { type PlacementStore, useDerived, useDerivedOf, usePlacement } from "../queries";
import { type Column, eventColumns, nodeColumns, podColumns, workloadColumns } from "./columns";
import { CopyView } from "./copy-view";
import { DataGrid } from "./data-grid";
import { createRowOrder, type ShownTable } from "./row-order";
import css from "./table-page.module.css";

const views = ["nodes", "pods", "workloads", "events"] as const;
const columnsOf: Record<ShownTable, readonly Column[]> = { nodes: nodeColumns, pods: podColumns, workloads: workloadColumns, events: eventColumns };
const words: Record<ShownTable, string> = { nodes: "Nodes", pods: "Pods", workloads: "Workloads", events: "Events" };
const firstSort: Record<ShownTable, string> = { nodes: "name", pods: "name", workloads: "name", events: "at" };

export function TablePage({ cluster }: { cluster: string }) {
  const { status, store, error, retry } = usePlacement(cluster);
  if (status === "loading") return <LoadingRows rows={20} label="Loading the table" />;
  if (status === "forbidden") return <StatePicture kind="forbidden" title="Not allowed" say={error?.message} requestId={error?.requestId} />;
  if (status === "broken") return <StatePicture kind="broken" title="The table cannot be shown" say={error?.message} requestId={error?.requestId} action={<Button size="xs" variant="default" onClick={retry}>Try again</Button>} />;
  return <Tables store={store} />;
}

const sizes = (store: PlacementStore) => views.map((view) => store.tables[view].size).join(" ");
const closed = (store: PlacementStore) => [...store.tables.kinds.values()].filter(({ state }) => state === "forbidden").map(({ kind, say }) => `${kind}: ${say || "not allowed"}`).join("; ");

function Tables({ store }: { store: PlacementStore }) {
  const [{ view, sort, [filterParam]: text }, set] = useQueryStates({ view: parseAsStringLiteral(views).withDefault("pods"), sort: parseAsString.withDefault(""), [filterParam]: parseAsString.withDefault("") });
  const selection = useSelection();
  const counts = useDerived(store, sizes).split(" ").map(Number);
  const notAllowed = useDerivedOf(store, "kinds", closed);
  const sorted = sort || firstSort[view];
  const order = useMemo(() => {
    const parsed = parseFilter(text);
    const descending = sorted.startsWith("-");
    const column = columnsOf[view].find(({ id }) => id === sorted.replace(/^-/, ""));
    return createRowOrder(store, { table: view, filter: parsed.ok && parsed.filter.terms.length > 0 ? parsed.filter : null, sort: column ? { value: column.value, descending } : null });
  }, [store, view, text, sorted]);
  const keys = useSyncExternalStore(order.subscribe, order.read, order.read);
  const total = counts[views.indexOf(view)] ?? 0;
  const open = (key: string) => openRow({ store, view, key, select: selection.select, show: (filter) => void set({ view: "pods", [filterParam]: filter, sort: null }) });
  return (
    <div className={css.page}>
      <div className={css.tools}>
        <SegmentedControl size="xs" value={view} onChange={(next) => void set({ view: views.find((each) => each === next) ?? "pods", sort: null })} data={views.map((each, index) => ({ value: each, label: `${words[each]} ${(counts[index] ?? 0).toLocaleString("en")}` }))} aria-label="What to list" />
        <span className={css.count} role="status">{keys.length === total ? "" : `${keys.length.toLocaleString("en")} of ${total.toLocaleString("en")} shown`}</span>
        {notAllowed && <span className={css.closed}>{notAllowed}</span>}
        <CopyView store={store} table={view} columns={columnsOf[view]} keys={keys} />
      </div>
      {keys.length === 0 ? (
        <StatePicture kind="empty" title={total === 0 ? `No ${view} in this cluster` : "0 match"} say={total === 0 ? "What joins will appear here by itself." : "Nothing fits the filter."} action={text && <Button size="xs" variant="default" onClick={() => void set({ [filterParam]: null })}>Clear the filter</Button>} />
      ) : (
        <DataGrid store={store} table={view} columns={columnsOf[view]} keys={keys} sort={sorted} onSort={(next) => void set({ sort: next === firstSort[view] ? null : next })} onOpen={open} hold={order.hold} selected={view === "nodes" ? selection.node : view === "pods" ? selection.pod : ""} />
      )}
    </div>
  );
}

interface Opening { store: PlacementStore; view: ShownTable; key: string; select: (id: string) => void; show: (filter: string) => void }

/** Pods and nodes open their drawer, a workload its pods, an event what it tells of. */
function openRow({ store, view, key, select, show }: Opening): void {
  if (view === "nodes") return select(`node:${key}`);
  if (view === "pods") return select(`pod:${key}`);
  if (view === "workloads") return show(`workload:${key}`);
  const event = store.tables.events.get(key);
  if (event?.kind === "Node") select(`node:${event.name}`);
  else if (event?.kind === "Pod") select(`pod:${event.namespace}/${event.name}`);
  else if (event) show(`workload:${event.name}`);
}
