"use client";
// One pod on the map: its mark in a cell that redraws when its own row does.
import { memo } from "react";
import { PodMark } from "@/components/placement/pod-mark";
import { useRow } from "@/components/placement/queries";
import { matches } from "@/lib/placement/filter";
import type { PodRow } from "@/lib/placement/model";
import { useMap } from "./map-context";
import css from "./pod-cell.module.css";

export const PodCell = memo(function PodCell({ podKey, size = 14 }: { podKey: string; size?: number }) {
  const { store, filter, selected, select } = useMap();
  const pod = useRow(store, "pods", podKey);
  const node = useRow(store, "nodes", filter && pod ? pod.node : "");
  if (!pod) return null;
  const id = `pod:${podKey}`;
  return (
    <button
      type="button"
      className={css.cell}
      style={{ width: size + 4, height: size + 4 }}
      tabIndex={-1}
      data-stop={id}
      data-state={pod.state}
      data-workload={pod.workload || podKey}
      data-home={pod.drift && pod.declared !== null ? pod.declared : undefined}
      data-dim={filter !== null && !matches(filter, pod, node ?? null) ? "" : undefined}
      data-selected={selected === id ? "" : undefined}
      aria-label={speakPod(pod)}
      onClick={() => select(id)}
    >
      {/* A new key per look restarts the one flash that says "changed". */}
      <span key={`${pod.state} ${pod.node}`} className={css.mark}>
        <PodMark state={pod.state} size={size} />
      </span>
    </button>
  );
});

/** What the mark shows, in words. */
export function speakPod(pod: PodRow): string {
  const where = pod.node === "" ? "on no node" : `on ${pod.node}`;
  const drift = pod.drift ? `, belongs to tier ${pod.declared ?? "none"}, runs in tier ${pod.actual ?? "none"}` : "";
  return `${pod.name}, ${pod.state}${pod.reason ? `, ${pod.reason}` : ""}, ${where}${drift}`;
}
