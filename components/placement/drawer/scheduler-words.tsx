// The scheduler's own sentence beside our reckoning: they agree, or the console says where they differ.
import { clockTime } from "@/components/placement/fresh-words";
import { PodMark } from "@/components/placement/pod-mark";
import { shortReason } from "@/lib/placement/scheduler-message";
import css from "./drawer.module.css";
import why from "./why-tab.module.css";
import type { ExplainAnswer } from "./wire";

interface WordsProps { scheduler: NonNullable<ExplainAnswer["scheduler"]>; comparison: ExplainAnswer["comparison"] }

export function SchedulerWords({ scheduler, comparison }: WordsProps) {
  return (
    <section aria-label="The scheduler says">
      <h3 className={css.section}>The scheduler says <small>{scheduler.count > 0 && `${scheduler.count} times, last `}<code>{clockTime(scheduler.at)}</code></small></h3>
      <p className={why.words}>{withNumbers(scheduler.message.split(" preemption: ")[0] ?? "")}</p>
      {comparison && <Verdict comparison={comparison} />}
    </section>
  );
}

function Verdict({ comparison }: { comparison: NonNullable<ExplainAnswer["comparison"]> }) {
  const differing = comparison.rows.filter((row) => row.ours !== row.theirs);
  if (!comparison.read) return <p className={why.verdict}><PodMark state="unknown" size={10} /> Its sentence is not about nodes; there is nothing to compare.</p>;
  if (comparison.agree) return <p className={why.verdict}><PodMark state="running" size={10} /> Agrees with the table: {comparison.rows.map((row) => `${row.ours} ${shortReason(row.reason).replace("Insufficient ", "")}`).join(", ")}</p>;
  return (
    <p className={why.verdict}>
      <PodMark state="warning" size={10} /> Differs from the table: {differing.length > 0 ? differing.map((row) => `${shortReason(row.reason)}: it counts ${row.theirs}, we count ${row.ours}`).join("; ") : "it speaks of another number of nodes"}. The cluster may have changed since it spoke.
    </p>
  );
}

/** Counted reasons stand out; everything between stays dim. */
function withNumbers(message: string) {
  return message.split(/(\b\d+ [A-Za-z][^,{.:]*)/).map((part, at) => (at % 2 === 1 && !/nodes? (are|is) available/.test(part) ? <b key={at}>{part}</b> : part));
}
