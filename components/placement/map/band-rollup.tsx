"use client";
// A tier in one corner: name, health and its reason, sums, who is not at home. Every part is a door to its filter.
import { TierBadge } from "@/components/placement/tier-badge";
import { PodMark } from "@/components/placement/pod-mark";
import { tierNames } from "@/lib/placement/model";
import { countRatio, cpuRatio, memoryRatio } from "./amounts";
import css from "./band-rollup.module.css";
import type { BandKey } from "./layout";
import { useMap } from "./map-context";
import { Capacity } from "./node-card";
import type { Rollup } from "./rollup";

export function BandRollup({ band, rollup }: { band: BandKey; rollup: Rollup }) {
  const { toggle, usage, store } = useMap();
  const used = usage ? sumUsage(usage, store.rollups.nodesOf(band === "none" ? null : band)) : null;
  const { health, driftLine, driftTier } = rollup;
  const drift = driftTier === band ? `home:${band} drift:true` : `tier:${band} drift:true`;
  return (
    <div className={css.rollup}>
      <button type="button" className={css.name} tabIndex={-1} data-stop={`tier:${band}`} aria-label={`${band === "none" ? "No tier" : `Tier ${band}, ${tierNames[band]}`}, ${health.word} ${health.reason}`} onClick={() => toggle(`tier:${band}`)}>
        <TierBadge tier={band === "none" ? null : band} look="fill" />
        <span>{band === "none" ? "No tier" : tierNames[band]}</span>
      </button>
      <button type="button" className={css.health} tabIndex={-1} data-stop={`health:${band}`} disabled={health.filter === ""} onClick={() => toggle(health.filter)}>
        <PodMark state={health.state} size={12} />
        <span>{health.word}</span>
        <span className={css.reason}>{health.reason}</span>
      </button>
      <div className={css.sums}>
        <Capacity name="CPU" ratio={cpuRatio(rollup.requestedCpuMillis, rollup.cpuMillis)} requested={rollup.requestedCpuMillis} allocatable={rollup.cpuMillis} used={used?.cpuMillis ?? null} />
        <Capacity name="Mem" ratio={memoryRatio(rollup.requestedMemoryBytes, rollup.memoryBytes)} requested={rollup.requestedMemoryBytes} allocatable={rollup.memoryBytes} used={used?.memoryBytes ?? null} />
        <Capacity name="Pods" ratio={countRatio(rollup.pods, rollup.podSlots)} requested={rollup.pods} allocatable={rollup.podSlots} />
      </div>
      {driftLine !== "" && (
        <button type="button" className={css.drift} tabIndex={-1} data-stop={`drift:${band}`} onClick={() => toggle(drift)}>
          <TierBadge tier={driftTier} size={12} /> {driftLine}
        </button>
      )}
    </div>
  );
}

function sumUsage(usage: ReadonlyMap<string, { cpuMillis: number; memoryBytes: number }>, nodes: readonly string[]): { cpuMillis: number; memoryBytes: number } | null {
  const sum = { cpuMillis: 0, memoryBytes: 0 };
  for (const name of nodes) {
    const one = usage.get(name);
    if (!one) return null;
    sum.cpuMillis += one.cpuMillis;
    sum.memoryBytes += one.memoryBytes;
  }
  return sum;
}
