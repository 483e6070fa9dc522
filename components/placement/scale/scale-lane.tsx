"use client";
// Thousands of pods without a node: a cell of 3 px each, grouped by the scheduler's reason.
import { sameMembers, useDerived } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import css from "./scale-lane.module.css";

/** "reason\tcount": texts, so that equal lists are seen as equal. */
const reasonsOf = (store: PlacementStore): string[] => {
  const counts = new Map<string, number>();
  for (const key of store.rollups.podsOf("")) {
    const pod = store.tables.pods.get(key);
    if (pod && pod.state !== "done") counts.set(pod.reason || "not looked at yet", (counts.get(pod.reason || "not looked at yet") ?? 0) + 1);
  }
  return [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1)).map(([reason, count]) => `${reason}\t${count}`);
};

const rows = 9;
const cellPitch = 4;

export function ScaleLane({ store, toggle }: { store: PlacementStore; toggle: (term: string) => void }) {
  const groups = useDerived(store, reasonsOf, sameMembers).map((text) => ({ reason: text.slice(0, text.indexOf("\t")), count: Number(text.slice(text.indexOf("\t") + 1)) }));
  const sum = groups.reduce((total, { count }) => total + count, 0);
  if (sum === 0) return <p className={css.none}>Nowhere: none</p>;
  return (
    <section className={css.lane} aria-label="Pods without a node">
      <div className={css.head}><b>Nowhere</b><span>{sum.toLocaleString("en")} pods have no node</span></div>
      <div className={css.reasons}>
        {groups.map(({ reason, count }) => (
          <button key={reason} type="button" className={css.reason} onClick={() => toggle(`reason:${reason.replaceAll(" ", "*")}`)}>
            <span>{reason} <b>{count.toLocaleString("en")}</b></span>
            <span className={css.cells} style={{ height: Math.min(count, rows) * cellPitch }} aria-hidden>
              <i style={{ width: Math.floor(count / rows) * cellPitch, height: rows * cellPitch }} />
              <i style={{ width: cellPitch, height: (count % rows) * cellPitch }} />
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
