"use client";
// The catalogue of failures, searched by a symptom or by a pasted error text.
import { Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import type { CatalogueEntry } from "@/lib/diagnostics/model";
import { Answer } from "../live/answer";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import css from "./catalogue-page.module.css";
import { Fix } from "./finding-row";
import { useCatalogue } from "./queries";
import { severityMarks } from "./words";

const maxInAddress = 120;

export function CataloguePage({ cluster }: { cluster: string }) {
  const [kept, setKept] = useQueryState("symptom", parseAsString.withDefault(""));
  const [text, setText] = useState(kept);
  const [asked] = useDebouncedValue(text, 250);
  const query = useCatalogue(cluster, asked);
  return (
    <>
      <Textarea size="xs" autosize minRows={2} maxRows={10} className={css.ask} value={text} onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        void setKept(currentTarget.value !== "" && currentTarget.value.length <= maxInAddress ? currentTarget.value : null);
      }} placeholder="A symptom, such as ImagePullBackOff, or a pasted error text" aria-label="Symptom or error text" spellCheck={false} />
      <Answer query={query} what="the catalogue">
        {({ entries, of }) => (entries.length === 0 ? <StatePicture kind="empty" title="The catalogue knows nothing like it" say={`${of} failures were looked through. Try the line of the error alone.`} /> : (
          <Panel title={asked.trim() === "" ? "All failures" : "Best first"} aside={`${entries.length} of ${of}`}>
            <ul className={css.list}>{entries.map((one) => <Entry key={one.id} entry={one} open={asked.trim() !== "" && one === entries[0]} />)}</ul>
          </Panel>
        ))}
      </Answer>
    </>
  );
}

function Entry({ entry: { id, title, area, severity, symptom, cause, fix, source, now }, open }: { entry: CatalogueEntry; open: boolean }) {
  return (
    <li>
      <details key={String(open)} open={open || undefined}>
        <summary><PodMark state={severityMarks[severity]} size={11} label={severity} /><code>{id}</code><span className={css.title}>{title}</span><span className={css.symptom}>{symptom}</span><span className={css.area}>{now > 0 ? <b>{now} now</b> : area}</span></summary>
        <div className={css.detail}><p><b>Cause.</b> {cause}</p><Fix steps={fix} /><p className={css.source}>{source}</p></div>
      </details>
    </li>
  );
}
