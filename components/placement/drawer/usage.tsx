"use client";
// What a pod or node uses now beside what was asked for and what it may have, in figures and as a bar.
import { useUsageOf, type UsageTold } from "@/components/metrics/queries";
import { cpuText, memoryText } from "@/components/placement/map/amounts";
import { CapacityBar } from "@/components/placement/map/capacity-bar";
import type { NodeRow, PodRow } from "@/lib/placement/model";
import css from "./usage.module.css";

interface Measure { word: string; used: number | null; requested: number; /** 0: nothing limits it. */ most: number; mostWord: string; text: (amount: number) => string }

export function PodUsage({ slug, pod, cpuLimitMillis }: { slug: string; pod: PodRow; cpuLimitMillis: number }) {
  const told = useUsageOf(slug, { pod: pod.key });
  const { cpuMillis, memoryBytes } = usedOf(told);
  return (
    <Figures told={told} measures={[
      { word: "CPU", used: cpuMillis, requested: pod.cpuMillis, most: cpuLimitMillis, mostWord: "limit", text: cpuText },
      { word: "Memory", used: memoryBytes, requested: pod.memoryBytes, most: pod.memoryLimitBytes, mostWord: "limit", text: memoryText },
    ]} />
  );
}

export function NodeUsage({ slug, node }: { slug: string; node: NodeRow }) {
  const told = useUsageOf(slug, { node: node.name });
  const { cpuMillis, memoryBytes } = usedOf(told);
  return (
    <Figures told={told} measures={[
      { word: "CPU", used: cpuMillis, requested: node.requestedCpuMillis, most: node.cpuMillis, mostWord: "allocatable", text: cpuText },
      { word: "Memory", used: memoryBytes, requested: node.requestedMemoryBytes, most: node.memoryBytes, mostWord: "allocatable", text: memoryText },
    ]} />
  );
}

function usedOf(told: UsageTold): { cpuMillis: number | null; memoryBytes: number | null } {
  return told !== null && "usage" in told ? told.usage : { cpuMillis: null, memoryBytes: null };
}

function Figures({ told, measures }: { told: UsageTold; measures: readonly Measure[] }) {
  return (
    <div className={css.usage} role="group" aria-label="In use now">
      {measures.map(({ word, used, requested, most, mostWord, text }) => {
        const now = used === null || !Number.isFinite(used) ? "–" : text(used);
        const bound = most > 0 ? `${mostWord} ${text(most)}` : `no ${mostWord}`;
        // Without a limit the bar ends where the larger of both does.
        const end = most > 0 ? most : Math.max(requested, used ?? 0);
        return (
          <div key={word} className={css.row}>
            <span>{word}</span>
            <CapacityBar requested={requested} allocatable={end} used={used} label={`${word} in use ${now}, asked ${text(requested)}, ${bound}`} />
            <span className={css.figures}><b>{now}</b> · asked {text(requested)} · {bound}</span>
          </div>
        );
      })}
      {told !== null && "unknown" in told && <p className={css.unknown}>Usage not available: {told.unknown}</p>}
    </div>
  );
}
