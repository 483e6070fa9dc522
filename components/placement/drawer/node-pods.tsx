"use client";
// The pods of a node by the tier they belong to: who is at home, who is a guest, what stands on every node.
import { useCallback } from "react";
import { cpuText, memoryText } from "@/components/placement/map/amounts";
import { isDaemon } from "@/components/placement/map/layout";
import { useSelection } from "@/components/placement/map/use-selection";
import { PodMark } from "@/components/placement/pod-mark";
import { useDerived, useRow } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { TierBadge } from "@/components/placement/tier-badge";
import { StatePicture } from "@/components/ui/state-picture";
import { type Tier, tierNames, tiers } from "@/lib/placement/model";
import css from "./drawer.module.css";

export function NodePods({ store, name }: { store: PlacementStore; name: string }) {
  const keys = useDerived(store, useCallback((from: PlacementStore) => from.rollups.podsOf(name), [name]));
  if (keys.length === 0) return <StatePicture kind="empty" title="No pods on this node" />;
  const groups = new Map<Tier | null | "every", string[]>();
  for (const key of keys) {
    const pod = store.tables.pods.get(key);
    if (!pod) continue;
    const home = isDaemon(pod) ? "every" : pod.declared;
    groups.set(home, [...(groups.get(home) ?? []), key]);
  }
  return (
    <>
      {[...tiers, null, "every" as const].map((home) => {
        const members = groups.get(home);
        return members && (
          <section key={String(home)}>
            <h3 className={css.section}>
              {home === "every" ? "On every node" : home === null ? "Declared for no tier" : <span><TierBadge tier={home} size={14} /> Belong to {tierNames[home]}</span>}
              <small>{members.length}</small>
            </h3>
            <div className={css.box}>{members.map((key) => <Row key={key} store={store} podKey={key} />)}</div>
          </section>
        );
      })}
    </>
  );
}

function Row({ store, podKey }: { store: PlacementStore; podKey: string }) {
  const pod = useRow(store, "pods", podKey);
  const { select } = useSelection();
  if (!pod) return null;
  return (
    <button type="button" className={css.podRow} onClick={() => select(`pod:${podKey}`)}>
      <PodMark state={pod.state} size={11} label={pod.state} />
      <span className={css.podName}>{pod.name}</span>
      <span className={css.push}>{pod.reason || `${cpuText(pod.cpuMillis)} · ${memoryText(pod.memoryBytes)}`}</span>
    </button>
  );
}
