"use client";
// What the rail tells of the cluster: how many pods are pending, how big it is.
import css from "./rail-facts.module.css";
import { PodMark } from "./pod-mark";
import { type PlacementStore, useDerived, useDerivedOf, usePlacement } from "./queries";

const pending = (store: PlacementStore) => store.rollups.totals().states.pending;

export function PlacementCount({ cluster }: { cluster: string }) {
  const count = useDerived(usePlacement(cluster).store, pending);
  if (count === 0) return null;
  return (
    <span className={css.count}>
      <PodMark state="pending" size={11} label="pending pods" /> {count}
    </span>
  );
}

const sizes = (store: PlacementStore) => `${store.tables.nodes.size} nodes · ${store.rollups.totals().pods} pods`;
const regions = (store: PlacementStore) => [...new Set([...store.tables.nodes.values()].map(({ zone }) => zone.replace(/(\d)[a-z]$/, "$1")).filter(Boolean))].sort().slice(0, 3).join(", ");
const kinds = (store: PlacementStore) => [...store.tables.kinds.values()].filter(({ state }) => state === "live").length;

export function PlacementFoot({ cluster }: { cluster: string }) {
  const { store, status } = usePlacement(cluster);
  const size = useDerived(store, sizes);
  const region = useDerivedOf(store, "nodes", regions);
  const watched = useDerivedOf(store, "kinds", kinds);
  if (status !== "ready") return <p className={css.foot}>–</p>;
  return (
    <p className={css.foot}>
      <span>{size}</span>
      {region && <span>{region}</span>}
      {watched > 0 && <span>watching {watched} kinds</span>}
    </p>
  );
}
