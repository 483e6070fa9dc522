"use client";
// One expression of the explorer: its field, what came of it, and in words what step it was drawn with.
import { ActionIcon, Button } from "@mantine/core";
import { IconIndentIncrease, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { z } from "zod";
import { ChartPanel } from "@/components/chart/chart-panel";
import { postJson } from "@/components/live/fetch-json";
import { promDuration } from "@/lib/metrics/window";
import { metricsPath, useInstant, useRange } from "../queries";
import { useMarks } from "../use-marks";
import { useWindow } from "../use-window";
import { Editor } from "./editor";
import css from "./expression.module.css";
import { InstantTable } from "./instant-table";
import type { View } from "./views";

interface ExpressionProps { cluster: string; text: string; view: View; label: string; onRun: (text: string) => void; onRemove: (() => void) | undefined }

export function Expression({ cluster, text, view, label, onRun, onRemove }: ExpressionProps) {
  const [draft, setDraft] = useState(text);
  const [laid, setLaid] = useState({ text, n: 0 });
  const [fault, setFault] = useState("");
  const layOut = async () => {
    try {
      const { expression } = await postJson(`${metricsPath(cluster)}/format`, z.object({ expression: z.string() }), { expression: draft });
      setLaid({ text: expression, n: laid.n + 1 });
      setDraft(expression);
      setFault("");
    } catch (thrown) {
      setFault(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  return (
    <section className={css.expression} aria-label={label}>
      <div className={css.line}>
        <Editor key={laid.n} cluster={cluster} text={laid.text} label={label} onChange={setDraft} onRun={onRun} />
        <ActionIcon variant="default" size={34} aria-label="Lay the expression out" title="Lay out" disabled={draft.trim() === ""} onClick={() => void layOut()}><IconIndentIncrease size={16} /></ActionIcon>
        <Button size="sm" h={34} variant="default" onClick={() => onRun(draft)} disabled={draft.trim() === ""}>Run</Button>
        {onRemove && <ActionIcon variant="default" size={34} aria-label={`Remove ${label}`} onClick={onRemove}><IconX size={16} /></ActionIcon>}
      </div>
      {fault && <p role="alert" className={css.fault}>{fault}</p>}
      {text === "" ? <p className={css.hint}>Type an expression and press Enter. Ctrl-Space completes names and labels; Shift-Enter begins a new line.</p> : view === "graph" ? <Graph cluster={cluster} text={text} /> : <Now cluster={cluster} text={text} raw={view === "raw"} />}
    </section>
  );
}

function Graph({ cluster, text }: { cluster: string; text: string }) {
  const { looking, between } = useWindow();
  const { data, error } = useRange(cluster, text, looking);
  const marks = useMarks(cluster, looking, null);
  return (
    <ChartPanel
      title="Graph" note={data ? `step ${promDuration(data.stepMs)}` : ""} unit="count" scale="linear" accent="var(--line-3)" marks={marks} answer={data ?? null} trouble={error?.message} asked={text} heightPx={320} onRange={between} legend
      foot={data && <span>{data.of} series, {data.series[0]?.values.length ?? 0} points each at a step of {promDuration(data.stepMs)}, {data.tookMs} ms</span>}
    />
  );
}

function Now({ cluster, text, raw }: { cluster: string; text: string; raw: boolean }) {
  const { data, error } = useInstant(cluster, text, true);
  return (
    <>
      {error && <p role="alert" className={css.fault}>{error.message}</p>}
      {data && (raw ? <pre className={css.raw} tabIndex={0} aria-label="Raw answer">{JSON.stringify(data, null, 2)}</pre> : <InstantTable answer={data} />)}
    </>
  );
}
