"use client";
// How many nodes are how full, in the colours of the blocks: the histogram is the scale, and dragging over it filters.
import { type PointerEvent, useState } from "react";
import css from "./histogram.module.css";
import type { Told } from "./painter";
import { brightFrom, histogram, type Metric, metricWords, spreadOf, stepOf } from "./shade";

const bins = 40;

export function Histogram({ told: { facts }, metric, toggle, bound }: { told: Told; metric: Metric; toggle: (term: string) => void; bound: (term: string) => void }) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  if (metric === "state" || metric === "drift") return <p className={css.words}>{metric === "state" ? "Amber: a pod warns. Bright: a pod failed or its node is lost." : "Amber: guests of other tiers. The more, the brighter."}</p>;
  const counts = histogram(facts.percent, bins);
  const most = Math.max(1, ...counts);
  const { median, p95, above } = spreadOf(facts.percent);
  const percentAt = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.round(Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100)));
  };
  const release = () => {
    if (!drag) return;
    const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    setDrag(null);
    if (high - low < 2) return;
    bound(high >= 99 ? `${metric}:>=${low}` : low <= 1 ? `${metric}:<=${high}` : `${metric}:${low}..${high}`);
  };
  return (
    <div className={css.strip}>
      <div className={css.say}>
        <b>Nodes by {metricWords[metric]}</b>
        <span>{metric === "pods" ? "of pod slots" : "requested of allocatable"}, drag from a lower to an upper bound</span>
      </div>
      <div className={css.plot} onPointerDown={(event) => (event.currentTarget.setPointerCapture(event.pointerId), setDrag({ from: percentAt(event), to: percentAt(event) }))} onPointerMove={(event) => drag && setDrag({ ...drag, to: percentAt(event) })} onPointerUp={release} onPointerCancel={() => setDrag(null)}>
        <div className={css.bars} role="img" aria-label={`Median ${round(median)} %, 95th percentile ${round(p95)} %, ${above} nodes above ${brightFrom} %`}>
          {counts.map((count, at) => <i key={at} data-step={stepOf(((at + 0.5) / bins) * 100)} style={{ height: `${(count / most) * 100}%` }} />)}
        </div>
        {drag && <span className={css.drag} style={{ left: `${Math.min(drag.from, drag.to)}%`, width: `${Math.abs(drag.to - drag.from)}%` }} />}
        <div className={css.ticks} aria-hidden>{[0, 30, 45, 55, 65, 75, 85, 92].map((tick) => <span key={tick} style={{ left: `${tick}%` }}>{tick}</span>)}<span style={{ left: "100%" }}>100 %</span></div>
      </div>
      <div className={css.figures}>
        <span>median <b>{round(median)} %</b></span>
        <span>p95 <b>{round(p95)} %</b></span>
        <button type="button" onClick={() => toggle(`${metric}:>${brightFrom}`)}>above {brightFrom} % <b className={css.hot}>{above}</b></button>
      </div>
    </div>
  );
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value)) : "?";
}
