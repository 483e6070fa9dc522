// What Argo Rollouts has measured itself for this version: its AnalysisRuns and Experiments with their last values.
import { Panel } from "@/components/ui/panel";
import { PodMark } from "@/components/placement/pod-mark";
import type { ArgoRun } from "@/lib/canary/views";
import type { PodState } from "@/lib/placement/model";
import page from "../page.module.css";

const marks: Record<string, PodState> = { Successful: "running", Failed: "failed", Error: "failed", Inconclusive: "warning", Running: "starting", Pending: "pending" };

export function ArgoPanel({ runs }: { runs: readonly ArgoRun[] }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Argo Rollouts’ own analyses" aside={`${runs.length} of this version`}>
      <div className={page.scroll} role="region" aria-label="AnalysisRuns and Experiments" tabIndex={0}>
        <table className={page.table}>
          <thead><tr><th>Run</th><th>Kind</th><th>Metric</th><th>Phase</th><th data-num>ok</th><th data-num>failed</th><th data-num>undecided</th><th data-num>errors</th><th>Last value</th></tr></thead>
          <tbody>
            {runs.flatMap((run) => (run.measurements.length === 0 ? [null] : run.measurements).map((one, index) => (
              <tr key={`${run.kind}/${run.name}/${one?.metric ?? index}`}>
                <td className={page.mono}>{run.name}</td><td className={page.dim}>{run.type || run.kind}</td><td>{one?.metric ?? "–"}</td>
                <td title={one?.message || run.message}><span className={page.mark}><PodMark state={marks[one?.phase ?? run.phase] ?? "unknown"} /> {one?.phase ?? run.phase}</span></td>
                <td data-num>{one?.successful ?? 0}</td><td data-num>{one?.failed ?? 0}</td><td data-num>{one?.inconclusive ?? 0}</td><td data-num>{one?.error ?? 0}</td>
                <td className={page.mono}>{(one?.value || one?.message || run.message).slice(0, 120)}</td>
              </tr>
            )))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
