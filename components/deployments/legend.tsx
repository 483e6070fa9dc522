// What the marks of the timeline mean: bodies for the kind of change, shapes for the outcome.
import { KindMark, RecordMark } from "./record-mark";
import css from "./legend.module.css";

export function Legend() {
  return (
    <span className={css.legend}>
      {(["release", "config", "restart", "rollback"] as const).map((change) => <span key={change} data-back={change === "rollback"}><KindMark change={change} /> {change}</span>)}
      <i />
      {(["succeeded", "failed", "aborted", "superseded", "running"] as const).map((outcome) => <span key={outcome}><RecordMark outcome={outcome} size={9} /> {outcome}</span>)}
    </span>
  );
}
