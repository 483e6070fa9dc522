// What the judge said and did, and what people did about it, newest first.
import { PodMark } from "@/components/placement/pod-mark";
import { Panel } from "@/components/ui/panel";
import type { RunDetail } from "@/lib/canary/views";
import type { PodState } from "@/lib/placement/model";
import { clockText } from "../words";
import css from "./canary-page.module.css";

const marks: Record<string, PodState> = { pass: "running", fail: "failed", undecided: "starting", hold: "warning", act: "done" };

export function JudgeLog({ run: { lines, path, everyMs } }: { run: RunDetail }) {
  return (
    <Panel title="Judge" aside={`look ${path.length}, every ${everyMs / 1000} s`}>
      <ul className={css.log} tabIndex={0} aria-label="What the judge said">
        {lines.map(({ at, mood, say }, index) => (
          <li key={`${at}-${index}`}><time dateTime={new Date(at).toISOString()} suppressHydrationWarning>{clockText(at)}</time> <PodMark state={marks[mood] ?? "done"} label={mood} /> <span>{say}</span></li>
        ))}
      </ul>
    </Panel>
  );
}
