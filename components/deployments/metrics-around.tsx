"use client";
// The service's figures from half an hour before a deployment to half an hour after, with the two means side by side.
import { useState } from "react";
import { ChartPanel } from "@/components/chart/chart-panel";
import { createCursor } from "@/components/chart/cursor";
import { figure } from "@/components/chart/figures";
import { CursorContext } from "@/components/chart/use-cursor";
import type { DeploymentRecord } from "@/lib/deployments/model";
import { stepFor, withRate } from "@/lib/metrics/window";
import { useRange } from "../metrics/queries";
import { compare, questionsAround, spanAround, type AroundQuestion } from "./around";
import css from "./record-page.module.css";

export function MetricsAround({ cluster, record, now }: { cluster: string; record: DeploymentRecord; now: number }) {
  const [cursor] = useState(createCursor);
  const [end] = useState(now);
  return (
    <CursorContext value={cursor}>
      <div className={css.charts}>{questionsAround(record).map((question) => <Around key={question.title} cluster={cluster} record={record} question={question} now={end} />)}</div>
    </CursorContext>
  );
}

function Around({ cluster, record, question, now }: { cluster: string; record: DeploymentRecord; question: AroundQuestion; now: number }) {
  const span = spanAround(record, now);
  const expression = withRate(question.expression, stepFor(span.end - span.start));
  const { data, error } = useRange(cluster, expression, { ...span, live: false, range: "1h", peaks: false });
  const compared = data ? compare(data, record) : null;
  const told = (value: number | null) => (value === null ? "unknown" : figure(value, question.unit));
  const note = compared ? `before ${told(compared.before)} · after ${record.finishedAt === null ? "not done yet" : told(compared.after)}` : "";
  return <ChartPanel title={question.title} note={note} unit={question.unit} scale="linear" accent={`var(--tier-${record.tier ?? "none"})`} answer={data ?? null} trouble={error?.message} asked={expression} heightPx={110} />;
}
