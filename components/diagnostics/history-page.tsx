"use client";
// What was wrong with the cluster and is over, the newest end first.
import { Answer } from "../live/answer";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import css from "./health-page.module.css";
import { useHistory } from "./queries";
import { lengthText, severityMarks, subjectText } from "./words";

export function HistoryPage({ cluster }: { cluster: string }) {
  return (
    <Answer query={useHistory(cluster)} what="the history">
      {({ past }) => (past.length === 0 ? <StatePicture kind="empty" title="Nothing has been wrong and is over yet" say="Findings that end are kept here for ninety days." /> : (
        <Panel title="Over" aside={`${past.length} shown`}>
          <ul className={css.list}>
            {past.map((one) => (
              <li key={`${one.key}${one.endedAt}`} className={css.past}>
                <PodMark state={severityMarks[one.severity]} size={11} label={one.severity} /><span>{one.title}</span><span>{subjectText(one)}</span><code>{one.failure}</code>
                <time dateTime={new Date(one.endedAt).toISOString()} suppressHydrationWarning>{new Date(one.endedAt).toLocaleString()}</time><span>{lengthText(one.endedAt - one.since)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      ))}
    </Answer>
  );
}
