// What a step works on: how much of it is done, and each thing with its state and what it waits for.
import type { ProgressItem, Step } from "@/lib/jobs/model";
import type { PodState } from "@/lib/placement/model";
import { PodMark } from "../placement/pod-mark";
import { Bar } from "../ui/bar";
import css from "./step-list.module.css";

export function StepProgressView({ step: { title, progress } }: { step: Step }) {
  if (!progress || progress.items.length === 0) return null;
  return (
    <>
      <p className={css.count}><Bar value={progress.total === 0 ? 0 : progress.done / progress.total} height={6} colour="var(--state-running)" label={`${progress.done} of ${progress.total} done`} /> <b>{progress.done}</b> of {progress.total}</p>
      <ul className={css.items} tabIndex={0} aria-label={`What ${title} works on`}>{progress.items.map((item) => <Item key={item.name} item={item} />)}</ul>
    </>
  );
}

const itemMarks: Record<ProgressItem["state"], PodState> = { todo: "pending", running: "terminating", waiting: "warning", done: "done", skipped: "done", failed: "failed" };
const itemWords: Record<ProgressItem["state"], string> = { todo: "to do", running: "under way", waiting: "waits", done: "done", skipped: "left alone", failed: "failed" };

function Item({ item }: { item: ProgressItem }) {
  return (
    <li className={css.item} data-state={item.state}>
      <span className={css.itemState}><PodMark state={itemMarks[item.state]} size={10} /> {itemWords[item.state]}</span>
      <span className={css.name}>{item.name}</span>
      {item.say && <span className={css.why}>{item.say}</span>}
    </li>
  );
}
