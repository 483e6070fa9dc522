// The answer to a what-if: how many stay pending at best and at worst, which and why, what blocks, where the others would go.
import Link from "next/link";
import { placementHref } from "@/components/placement/address";
import type { WireWhatIf } from "@/components/placement/drawer/wire";
import { PodMark } from "@/components/placement/pod-mark";
import { Panel } from "@/components/ui/panel";
import type { Question } from "@/lib/placement/what-if";
import css from "./what-if-page.module.css";

const placedMax = 200;

export function Outcome({ cluster, answer, question, old }: { cluster: string; answer: WireWhatIf; question: Question; old: boolean }) {
  const { best, worst, pods, pending, placed, blocked, lastReplicas, lost, notes } = answer;
  return (
    <div className={css.answer} data-old={old || undefined} aria-busy={old}>
      <p className={css.say}><PodMark state={worst === 0 ? "running" : best === 0 ? "warning" : "failed"} size={14} /> {answer.say}</p>
      <dl className={css.figures}>
        <div><dt>look for a place</dt><dd>{pods}</dd></div>
        <div><dt>stay pending, best</dt><dd>{best}</dd></div>
        <div><dt>stay pending, worst</dt><dd>{worst}</dd></div>
        <div><dt>bounds</dt><dd>{answer.exact ? "every end looked at" : "proven, may be wide"}</dd></div>
      </dl>
      {notes.map((note) => <p key={note} className={css.note}>{note}</p>)}
      {pending.length > 0 && (
        <Panel title="Would stay pending" aside={`${pending.length} in the likely run`}>
          {pending.map((one) => (
            <div key={one.pod} className={css.row}>
              <Link href={placementHref(cluster, "", { pod: one.pod })}>{one.pod}</Link>
              <span className={css.tag}>{one.always ? "always" : "in some orders"}</span>
              <span className={css.why}>{one.say}</span>
            </div>
          ))}
        </Panel>
      )}
      {blocked.length > 0 && <Panel title="Budgets that block" aside={String(blocked.length)}>{blocked.map((one) => <div key={one.pod} className={css.row}><code>{one.pod}</code><span className={css.why}>{one.say}</span></div>)}</Panel>}
      {lastReplicas.length > 0 && <Panel title="Without a ready replica meanwhile" aside={String(lastReplicas.length)}>{lastReplicas.map((key) => <div key={key} className={css.row}><code>{key}</code></div>)}</Panel>}
      {lost.length > 0 && <Panel title="Nobody makes again" aside={String(lost.length)}>{lost.map((key) => <div key={key} className={css.row}><code>{key}</code></div>)}</Panel>}
      {placed.length > 0 && (
        <Panel title="Would find a place" aside={`${placed.length}, in the likely run`}>
          {placed.slice(0, placedMax).map((one) => <div key={one.pod} className={css.row}><code>{one.pod}</code><span className={css.to}>→ {one.node}</span></div>)}
          {placed.length > placedMax && <div className={css.row}>and {placed.length - placedMax} more</div>}
        </Panel>
      )}
      {question.kind === "drain" && <p className={css.note}><Link href={placementHref(cluster, "", { node: question.node })}>Open {question.node} to drain it</Link></p>}
    </div>
  );
}
