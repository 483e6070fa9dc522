"use client";
// The explorer: one or more expressions in the address, each as chart, table or raw answer, on one time axis.
import { Button, SegmentedControl } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { createCursor } from "@/components/chart/cursor";
import { CursorContext } from "@/components/chart/use-cursor";
import { CopyButton } from "@/components/ui/copy-button";
import css from "./explorer-page.module.css";
import { Expression } from "./expression";
import { Kept } from "./kept";
import { rememberExpression } from "./recent";
import { views, viewWords } from "./views";

const address = { q: parseAsArrayOf(parseAsString, "\n").withDefault([""]), view: parseAsStringLiteral(views).withDefault("graph") };
const atMost = 6;

export function ExplorerPage({ cluster }: { cluster: string }) {
  const [{ q, view }, set] = useQueryStates(address, { history: "push" });
  const [cursor] = useState(createCursor);
  // An expression that is chosen from a list is a new text in its field; one that is run from the field is not.
  const [generation, setGeneration] = useState(0);
  const expressions = q.length === 0 ? [""] : q;
  const put = (index: number, text: string) => {
    if (text.trim() !== "") rememberExpression(text.trim());
    void set({ q: expressions.map((one, at) => (at === index ? text.trim() : one)) });
  };
  const choose = (text: string) => {
    put(expressions.length - 1, text);
    setGeneration(generation + 1);
  };
  return (
    <CursorContext value={cursor}>
      <div className={css.page}>
        <div className={css.bar}>
          <SegmentedControl size="xs" aria-label="Shown as" value={view} onChange={(value) => void set({ view: views.find((one) => one === value) ?? "graph" })} data={views.map((value) => ({ value, label: viewWords[value] }))} />
          <Kept cluster={cluster} current={expressions.at(-1) ?? ""} onChoose={choose} />
          <CopyButton text={typeof location === "undefined" ? "" : location.href} what="link to this view" />
        </div>
        {expressions.map((text, index) => (
          <Expression
            key={`${generation}.${index}`} cluster={cluster} text={text} view={view} label={expressions.length > 1 ? `Expression ${index + 1}` : "Expression"} onRun={(next) => put(index, next)}
            onRemove={expressions.length > 1 ? () => { void set({ q: expressions.filter((_, at) => at !== index) }); setGeneration(generation + 1); } : undefined}
          />
        ))}
        {expressions.length < atMost && <Button className={css.add} size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => void set({ q: [...expressions, ""] })}>Another expression</Button>}
      </div>
    </CursorContext>
  );
}
