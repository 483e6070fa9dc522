"use client";
// Evidence over time: for all metrics on a mirrored log axis, and of one metric its ratio with the interval that is valid at every look, and both versions' values. One cursor goes through all three.
import { useMemo, useState } from "react";
import { ChartTools } from "@/components/chart/chart-tools";
import { createCursor } from "@/components/chart/cursor";
import { Readout } from "@/components/chart/readout";
import { CursorContext } from "@/components/chart/use-cursor";
import { useTwin } from "@/components/chart/use-twin";
import { Panel } from "@/components/ui/panel";
import { PodMark } from "@/components/placement/pod-mark";
import { LoadingRows } from "@/components/ui/state-picture";
import type { MetricLook } from "@/lib/canary/model";
import type { RunDetail } from "@/lib/canary/views";
import { colourOf, evidenceOf, evidenceText, levelText, metricMark } from "../words";
import css from "./canary-page.module.css";
import { EvidenceChart, LevelsChart, RatioChart, type Shown } from "./evidence-charts";
import { LooksTable } from "./looks-table";
import { evidenceLines, evidenceSheet, levelLines, ratioLines, writeEvidence, writeRatio } from "./evidence-lines";

export function EvidencePanel({ run }: { run: RunDetail }) {
  const [cursor] = useState(createCursor);
  const [chosen, setChosen] = useState("");
  const { twin, turn, onKeyDown } = useTwin();
  const metrics = run.verdict?.metrics ?? [];
  const main = metrics.find(({ name }) => name === chosen) ?? metrics.find(({ name }) => name === run.verdict?.deciding) ?? metrics[0];
  const times = useMemo(() => run.path.map(({ at }) => at), [run.path]);
  const sheet = useMemo(() => evidenceSheet(run.path, run.verdict?.metrics ?? []), [run.path, run.verdict]);
  if (!main) return <Panel title="Evidence" aside="nothing was looked at yet"><LoadingRows label="Waiting for the first look" /></Panel>;
  return (
    <CursorContext value={cursor}>
      <section className={css.frame} aria-label="Evidence" onKeyDown={onKeyDown}>
        <Panel title="Evidence" aside={<span className={css.aside}><span>{main.name} needs {evidenceText(main.logFailLine)} to fail, {evidenceText(main.logPassLine)} to pass</span><ChartTools title="Evidence" twin={twin} turn={turn} times={times} series={sheet} /></span>}>
          <ul className={css.names} aria-label="Metrics of the charts">
            {metrics.map((metric) => {
              const { mark, word } = metricMark(metric);
              return <li key={metric.name}><button type="button" aria-pressed={metric === main} onClick={() => setChosen(metric.name)}><PodMark state={mark} label={word} /> <span style={{ borderBottom: `2px solid ${colourOf[mark]}` }}>{metric.name}</span> <code>{evidenceText(evidenceOf(metric).log)}</code></button></li>;
            })}
          </ul>
          <Charts run={run} main={main} times={times} twin={twin} />
        </Panel>
      </section>
    </CursorContext>
  );
}

function Charts({ run, main, times, twin }: { run: RunDetail; main: MetricLook; times: readonly number[]; twin: boolean }) {
  const metrics = run.verdict?.metrics ?? [];
  const ends = main.expected && run.state === "running" ? run.lastAt + main.expected.minutes * 60_000 : null;
  const shown: Shown = {
    run, main, times, ends,
    span: { start: run.startedAt, end: Math.max(run.lastAt, run.startedAt + 60_000, ends === null ? 0 : Math.min(ends, run.lastAt + 2 * (run.lastAt - run.startedAt) + 600_000)) },
  };
  const [evidence, ratio, levels] = [evidenceLines(run.path, metrics, main.name), ratioLines(run.path, main.name), levelLines(run.path, main.name)];
  const writeLevel = (level: number | null | undefined) => levelText(main.kind, level);
  if (twin) return <LooksTable times={times} parts={[{ lines: evidence, write: writeEvidence }, { lines: ratio, write: writeRatio }, { lines: levels, write: writeLevel }]} />;
  return (
    <>
      <p className={`${css.caption} ${css.reading}`}><span>All metrics: up is worse than stable, down is not worse than the margin</span><Readout times={times} lines={evidence} write={writeEvidence} /></p>
      <div className={css.chart} role="group" aria-label={`Evidence over time. ${metrics.map((metric) => `${metric.name}: ${evidenceText(evidenceOf(metric).log)} ${evidenceOf(metric).side}, ${metricMark(metric).word}`).join(". ")}.`}>
        <EvidenceChart shown={shown} lines={evidence} />
      </div>
      <p className={`${css.caption} ${css.reading}`}><span>{main.name}, canary ÷ stable, with its 95 % interval; PASS comes from the evidence above, not from this band</span><Readout times={times} lines={ratio} write={writeRatio} /></p>
      <div className={css.ratio} role="group" aria-label={`Ratio of ${main.name} over time, now ${main.ratio === null ? "not known" : main.ratio.toFixed(2)}, margin ${main.margin}.`}>
        <RatioChart shown={shown} lines={ratio} />
      </div>
      <p className={`${css.caption} ${css.reading}`}><span>{main.name}, both versions, all counted until then</span><Readout times={times} lines={levels} write={writeLevel} /></p>
      <div className={css.levels} role="group" aria-label={`${main.name} of both versions over time. ${levels.map(({ name, values }) => `${name}: ${writeLevel(values.findLast((value) => value !== null))}`).join(". ")}.`}>
        <LevelsChart shown={shown} lines={levels} />
      </div>
    </>
  );
}
