"use client";
// Every metric: both values, margin, ratio with its interval, the evidence as a bar that is full at the metric's own line, and its verdict.
import { Panel } from "@/components/ui/panel";
import { PodMark } from "@/components/placement/pod-mark";
import { tagOf } from "@/components/overview/image-tag";
import { levelOf } from "@/lib/canary/level";
import type { MetricLook } from "@/lib/canary/model";
import type { RunDetail } from "@/lib/canary/views";
import page from "../page.module.css";
import { clockText, colourOf, evidenceOf, evidenceText, levelText, metricMark } from "../words";
import css from "./canary-page.module.css";
import { Forest } from "./forest";

const factor = (value: number | null): string => (value === null ? "∞" : value >= 10 ? value.toFixed(0) : value.toFixed(2));
const intervalText = ({ interval: { low, high } }: MetricLook): string => `${factor(low)}–${factor(high)}`;

export function MetricTable({ run }: { run: RunDetail }) {
  const metrics = run.verdict?.metrics ?? [];
  if (metrics.length === 0) return null;
  const total = metrics.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <Panel title="Metrics" aside={`${run.verdict?.score ?? 0} of 100 by weight have passed; nothing is decided by that`}>
      <div className={`${page.scroll} ${css.wide}`} role="region" aria-label="Metrics" tabIndex={0}>
        <table className={page.table}>
          <thead><tr><th>Metric</th><th data-num>Weight</th><th>Critical</th><th data-num>{tagOf(run.baselineImage)}</th><th data-num>{tagOf(run.canaryImage)}</th><th data-num data-wide>Margin</th><th data-num>Ratio</th><th data-num>95 % interval</th><th>½ same 2×</th><th>Evidence, of what it needs</th><th>Verdict</th></tr></thead>
          <tbody>{metrics.map((metric) => <Row key={metric.name} metric={metric} weight={metric.weight / total} deciding={run.verdict?.deciding === metric.name} />)}</tbody>
        </table>
      </div>
      <ul className={css.cards} aria-label="Metrics">
        {metrics.map((metric) => {
          const { mark, word } = metricMark(metric);
          return <li key={metric.name}><span>{metric.name}<small>{factor(metric.ratio)} [{intervalText(metric)}]</small></span><Forest metric={metric} /><span className={page.mark}><PodMark state={mark} /> {word}</span></li>;
        })}
      </ul>
    </Panel>
  );
}

function Row({ metric, weight, deciding }: { metric: MetricLook; weight: number; deciding: boolean }) {
  const { mark, word } = metricMark(metric);
  const { side, log, line } = evidenceOf(metric);
  const { name, kind, critical, canary, baseline, margin, ratio, state, since, phi, reason } = metric;
  const told = `${reason.say}. Events ${Math.round(canary.events)} : ${Math.round(baseline.events)}, exposure ${Math.round(canary.exposure)} : ${Math.round(baseline.exposure)}, φ ${phi === null ? "not measured" : phi.toFixed(2)}, E+ ${evidenceText(metric.logFail)}, E− ${evidenceText(metric.logPass)}`;
  return (
    <tr data-lit={deciding || undefined} title={told}>
      <td>{name}</td>
      <td data-num>{Math.round(weight * 100)}</td>
      <td>{critical ? "yes" : "no"}</td>
      <td data-num>{levelText(kind, levelOf(kind, baseline))}</td>
      <td data-num><b>{levelText(kind, levelOf(kind, canary))}</b></td>
      <td data-num data-wide>{margin.toFixed(2)}×</td>
      <td data-num>{state === "no-events" || state === "no-data" ? "–" : factor(ratio)}</td>
      <td data-num>{intervalText(metric)}</td>
      <td><Forest metric={metric} /></td>
      <td><span className={css.evidence}><i aria-hidden><b style={{ width: `${Math.min(100, Math.max(0, (100 * log) / line))}%`, background: colourOf[mark] }} /></i><code>{evidenceText(log)}</code><span className={page.dim}>of {evidenceText(line)}, {side}</span></span></td>
      <td><span className={page.mark} suppressHydrationWarning><PodMark state={mark} /> {word} {since !== null && <code>{clockText(since)}</code>}</span></td>
    </tr>
  );
}
