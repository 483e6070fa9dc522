"use client";
// What all parts of Placement share: title, tabs, the filter, and the drawer beside them.
import Link from "next/link";
import { useSearchParams, useSelectedLayoutSegment } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import { FilterField } from "./filter-field";
import css from "./placement-frame.module.css";
import { type PlacementStore, useDerived, useFreshness, usePlacement } from "./queries";

const tabs = [
  { segment: null, label: "Map", path: "" },
  { segment: "table", label: "Table", path: "/table" },
  { segment: "drift", label: "Drift", path: "/drift" },
  { segment: "what-if", label: "What-if", path: "/what-if" },
] as const;

/** Where a part puts its own controls, beside the filter that all share. */
export const toolsSlot = "placement-tools";

export function PlacementFrame({ cluster, drawer, children }: { cluster: string; drawer?: ReactNode; children: ReactNode }) {
  const { status, store } = usePlacement(cluster);
  const { state } = useFreshness(cluster);
  const part = useSelectedLayoutSegment();
  const filtered = part === null || part === "table";
  return (
    <div className={css.split}>
      <div className={css.column} data-stale={state === "stale" || state === "unreachable" || undefined}>
        <header className={css.head}>
          <h1>Placement</h1>
          <Suspense>
            <Tabs cluster={cluster} store={store} />
          </Suspense>
          <p className={css.placed}>{status === "ready" ? <Placed store={store} /> : "–"}</p>
        </header>
        <div className={css.filter}>
          {filtered && (
            <Suspense>
              <FilterField store={store} />
            </Suspense>
          )}
          <div id={toolsSlot} className={css.tools} />
        </div>
        <div className={css.content}>{children}</div>
      </div>
      {drawer}
    </div>
  );
}

const drift = (store: PlacementStore) => store.rollups.totals().drift;

/** The tabs keep the filter and what is selected: the same view in another form. */
function Tabs({ cluster, store }: { cluster: string; store: PlacementStore }) {
  const current = useSelectedLayoutSegment();
  const kept = useSearchParams().toString();
  const strayed = useDerived(store, drift);
  const base = `/clusters/${encodeURIComponent(cluster)}/placement`;
  return (
    <nav aria-label="Parts of Placement" className={css.tabs}>
      {tabs.map(({ segment, label, path }) => (
        <Link key={label} href={`${base}${path}${kept && `?${kept}`}`} aria-current={segment === current ? "page" : undefined} className={css.tab}>
          {label}
          {segment === "drift" && strayed > 0 && <span className={css.count}>{strayed}</span>}
        </Link>
      ))}
    </nav>
  );
}

const placed = (store: PlacementStore) => {
  const { pods, placed: there } = store.rollups.totals();
  const format = (n: number) => n.toLocaleString("en");
  return `${format(store.tables.nodes.size)} nodes, ${format(there)} of ${format(pods)} pods placed`;
};

function Placed({ store }: { store: PlacementStore }) {
  return useDerived(store, placed);
}
