// Conditions of a pod or a node, those that are not as they should be marked by shape and word.
import { PodMark } from "@/components/placement/pod-mark";
import { StatePicture } from "@/components/ui/state-picture";
import css from "./drawer.module.css";
import type { WireCondition } from "./wire";

/** Of a node only Ready is good when True; the others (MemoryPressure …) are good when False. */
export function ConditionsTab({ conditions, goodWhenFalse }: { conditions: readonly WireCondition[]; goodWhenFalse: boolean }) {
  if (conditions.length === 0) return <StatePicture kind="empty" title="No conditions yet" say="The kubelet or the scheduler has not reported." />;
  return (
    <div className={css.box}>
      {conditions.map((condition) => {
        const good = condition.status === (goodWhenFalse && condition.type !== "Ready" ? "False" : "True");
        return (
          <div key={condition.type} className={css.boxRow}>
            <div className={css.rowHead}>
              <PodMark state={good ? "running" : condition.status === "Unknown" ? "unknown" : "warning"} size={11} />
              <b>{condition.type}</b> {condition.status}
              <span className={css.push}>{condition.lastTransitionTime && `since ${condition.lastTransitionTime.replace("T", " ").replace("Z", "")}`}</span>
            </div>
            {(condition.reason || condition.message) && <span className={css.sub}>{[condition.reason, condition.message].filter(Boolean).join(": ")}</span>}
          </div>
        );
      })}
    </div>
  );
}
