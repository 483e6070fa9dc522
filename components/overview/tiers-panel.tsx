"use client";
// The four tiers under each other: health, capacity, pods by node, drift; each line leads to its part of Placement.
import Link from "next/link";
import { type PodState, type Tier, tierNames, tiers } from "@/lib/placement/model";
import { filterParam, placementHref } from "../placement/address";
import { shortZone } from "../placement/map/amounts";
import { PodMark } from "../placement/pod-mark";
import { type PlacementStore, sameMembers, useDerived } from "../placement/queries";
import { TierBadge } from "../placement/tier-badge";
import { Capacity } from "./capacity";
import { TierPods } from "./tier-pods";
import { healthOf } from "./tier-health";
import css from "./tiers-panel.module.css";

const counted: readonly PodState[] = ["running", "starting", "warning", "failed", "pending", "terminating"];
const states = (store: PlacementStore) => store.rollups.totals().states;
const sameStates = (a: Record<string, number>, b: Record<string, number>) => Object.keys(a).every((key) => a[key] === b[key]);
const hasStray = (store: PlacementStore) => store.rollups.tier(null).nodes > 0;

export function TiersPanel({ store, cluster }: { store: PlacementStore; cluster: string }) {
  const totals = useDerived(store, states, sameStates);
  const stray = useDerived(store, hasStray);
  return (
    <section className={css.panel} aria-label="Tiers">
      <div className={css.heads}>
        <h2>Tier</h2>
        <span>Health</span>
        <span>CPU requested</span>
        <span>Memory requested</span>
        <span className={css.legend}>
          Pods
          {counted.filter((state) => totals[state] > 0).map((state) => (
            <span key={state}><PodMark state={state} size={10} /> {totals[state]} {state}</span>
          ))}
        </span>
        <span>Drift</span>
      </div>
      {[...tiers, ...(stray ? [null] : [])].map((tier) => (
        <TierLine key={tier ?? "none"} store={store} cluster={cluster} tier={tier} />
      ))}
    </section>
  );
}

function TierLine({ store, cluster, tier }: { store: PlacementStore; cluster: string; tier: Tier | null }) {
  const { rollupOf, machinesOf, originsOf } = readers(tier);
  const rollup = useDerived(store, rollupOf);
  const machines = useDerived(store, machinesOf, sameMembers);
  const origins = useDerived(store, originsOf, sameMembers);
  const { mark, word, reason } = healthOf(rollup);
  const href = placementHref(cluster, "", { [filterParam]: `tier:${tier ?? "none"}` });
  return (
    <div className={css.line} data-tier={tier ?? "none"}>
      <div className={css.name}>
        <Link href={href}>{tier === null ? "No tier" : `${tier} ${tierNames[tier]}`}</Link>
        <span className={css.second}>{machines.join(", ") || "–"}</span>
      </div>
      <div className={css.health} data-mark={mark}>
        <span><PodMark state={mark} /> {word}</span>
        <span className={css.second}>{reason}</span>
      </div>
      <Capacity store={store} tier={tier} what="cpu" />
      <Capacity store={store} tier={tier} what="memory" />
      <TierPods store={store} cluster={cluster} tier={tier} />
      <div className={css.drift}>
        {rollup.away.size > 0 && (
          <span>
            {[...rollup.away.values()].reduce((sum, n) => sum + n, 0)} away
            <span className={css.tiers}>to {[...rollup.away].sort(([a], [b]) => (a ?? 9) - (b ?? 9)).map(([to, n]) => <span key={to ?? "none"}><TierBadge tier={to} size={14} /> {n}</span>)}</span>
          </span>
        )}
        {rollup.guests > 0 && (
          <span>
            {rollup.guests} guest{rollup.guests === 1 ? "" : "s"}
            <span className={css.tiers}>from {origins.map((from) => <TierBadge key={from} tier={from} size={14} />)}</span>
          </span>
        )}
        {rollup.away.size === 0 && rollup.guests === 0 && <span className={css.second}>none</span>}
      </div>
    </div>
  );
}

type Reader<V> = (store: PlacementStore) => V;
interface Readers { rollupOf: Reader<ReturnType<PlacementStore["rollups"]["tier"]>>; machinesOf: Reader<readonly string[]>; originsOf: Reader<readonly Tier[]> }
const known = new Map<Tier | null, Readers>();

/** Selectors must be stable, so each tier's are made once. */
function readers(tier: Tier | null): Readers {
  const found = known.get(tier) ?? {
    rollupOf: (store) => store.rollups.tier(tier),
    machinesOf: (store) => machinesIn(store, tier),
    originsOf: (store) => tiers.filter((home) => store.rollups.tier(home).away.has(tier)),
  };
  known.set(tier, found);
  return found;
}

/** "2 × t3.large", "2a 2b": what the tier is made of. */
function machinesIn(store: PlacementStore, tier: Tier | null): string[] {
  const types = new Map<string, number>();
  const zones = new Set<string>();
  for (const name of store.rollups.nodesOf(tier)) {
    const node = store.tables.nodes.get(name);
    if (!node) continue;
    types.set(node.instanceType, (types.get(node.instanceType) ?? 0) + 1);
    zones.add(shortZone(node.zone));
  }
  const named = [...types].filter(([type]) => type !== "").sort((a, b) => b[1] - a[1]).slice(0, 2).map(([type, count]) => (count === 1 ? type : `${count} × ${type}`));
  const where = [...zones].filter(Boolean).sort().slice(0, 4).join(" ");
  return where ? [...named, where] : named;
}
