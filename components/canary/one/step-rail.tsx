// The steps as the controller has them: what is done, what is now, what is to come; a heavier divider begins each new weight.
import { PodMark } from "@/components/placement/pod-mark";
import type { RolloutView, RunDetail } from "@/lib/canary/views";
import { clockText } from "../words";
import css from "./canary-page.module.css";

const marks = { done: "done", now: "starting", "to-come": "pending" } as const;

export function StepRail({ rollout, run }: { rollout: RolloutView; run: RunDetail | null }) {
  if (rollout.steps.length === 0) return null;
  const expected = run?.verdict?.metrics.find(({ name }) => name === run.verdict?.deciding)?.expected;
  const wait = run && run.state === "running" && expected ? `${expected.side.toUpperCase()} expected ≈ ${clockText(run.lastAt + expected.minutes * 60_000)}` : "";
  return (
    <ol className={css.rail} aria-label="Steps" tabIndex={0}>
      {rollout.steps.map(({ title, detail, state, newWeight }, index) => (
        <li key={index} className={css.step} data-state={state} data-heavy={newWeight || undefined} aria-current={state === "now" ? "step" : undefined}>
          <div className={css.line}>{index + 1} <PodMark state={marks[state]} label={state} /> {title}</div>
          <span suppressHydrationWarning>{state === "now" ? [detail, wait].filter((one) => one !== "").join(" · ") || rollout.phase : detail}</span>
        </li>
      ))}
    </ol>
  );
}
