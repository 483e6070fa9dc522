"use client";
// Legend and filter in one: every state with its mark, its word and how many there are.
import { PodMark } from "@/components/placement/pod-mark";
import { useDerived } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { TierBadge } from "@/components/placement/tier-badge";
import type { PodState } from "@/lib/placement/model";
import css from "./state-counts.module.css";

const shown: readonly PodState[] = ["running", "starting", "warning", "failed", "pending", "terminating", "unknown"];
const totals = (store: PlacementStore) => store.rollups.totals();

export function StateCounts({ store, text, toggle }: { store: PlacementStore; text: string; toggle: (term: string) => void }) {
  const { states, drift } = useDerived(store, totals);
  const active = new Set(text.split(/\s+/));
  return (
    <div className={css.counts} role="group" aria-label="Pods by state; press one to filter">
      {shown.map((state) => (
        <button key={state} type="button" className={css.count} data-none={states[state] === 0 || undefined} aria-pressed={active.has(`status:${state}`)} onClick={() => toggle(`status:${state}`)}>
          <PodMark state={state} size={11} /> {state} <b>{states[state].toLocaleString("en")}</b>
        </button>
      ))}
      <button type="button" className={css.count} data-none={drift === 0 || undefined} aria-pressed={active.has("drift:true")} onClick={() => toggle("drift:true")}>
        <TierBadge tier={1} size={12} /> off tier <b>{drift.toLocaleString("en")}</b>
      </button>
    </div>
  );
}
