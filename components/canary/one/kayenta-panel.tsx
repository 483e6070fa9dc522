// The second judge, for those who come from Kayenta: its labels on the same evidence, and what is known to be wrong with it.
import { Panel } from "@/components/ui/panel";
import { PodMark } from "@/components/placement/pod-mark";
import { kayentaDefects } from "@/lib/canary/kayenta/defects";
import type { RunDetail } from "@/lib/canary/views";
import page from "../page.module.css";

const marks = { Pass: "running", High: "failed", Low: "failed", Nodata: "unknown", NodataFailMetric: "failed", Error: "unknown" } as const;
const short = (value: number | null): string => (value === null || !Number.isFinite(value) ? "–" : String(Number(value.toPrecision(3))));

export function KayentaPanel({ run: { kayenta, definition } }: { run: RunDetail }) {
  if (!kayenta) return null;
  return (
    <Panel title="Second judge: Kayenta" aside={definition.judge === "kayenta" ? "this one gives the word" : "shown for comparison; it decides nothing"}>
      <div className={page.pad}>
        <p className={page.lead}>{kayenta.sentence}</p>
        <div className={page.scroll} role="region" aria-label="Kayenta's labels" tabIndex={0}>
          <table className={page.table}>
            <thead><tr><th>Metric</th><th>Label now</th><th data-num>Ratio of means</th><th data-num>Its interval</th><th data-num>The exact one</th><th>Why</th></tr></thead>
            <tbody>
              {kayenta.metrics.map(({ name, classification, deviation, workings, reason }) => (
                <tr key={name}>
                  <td>{name}</td>
                  <td><span className={page.mark}><PodMark state={marks[classification]} /> {classification}</span></td>
                  <td data-num>{short(deviation)}</td>
                  <td data-num>{workings ? `${short(workings.low)}–${short(workings.high)}` : "–"}</td>
                  <td data-num>{workings ? `${short(workings.exact.low)}–${short(workings.exact.high)}` : "–"}</td>
                  <td className={page.dim}>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <details>
          <summary className={page.dim}>{kayentaDefects.length} things that are known to be wrong with it</summary>
          <ul>{kayentaDefects.map(({ code, title, say }) => <li key={code}><b>{title}.</b> <span className={page.dim}>{say}</span></li>)}</ul>
        </details>
      </div>
    </Panel>
  );
}
