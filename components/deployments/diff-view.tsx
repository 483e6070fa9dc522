"use client";
// A pod template before and after, line by line: what went, what came, and the lines around them.
import { useState } from "react";
import { stringify } from "yaml";
import { Button } from "@mantine/core";
import css from "./diff-view.module.css";
import { lineDiff, type DiffLine } from "./line-diff";

const yamlOf = (value: unknown): string[] => (value === null || value === undefined ? [] : stringify(value, { lineWidth: 0, sortMapEntries: true }).trimEnd().split("\n"));

export function DiffView({ before, after }: { before: unknown; after: unknown }) {
  const [whole, setWhole] = useState(false);
  const lines = lineDiff(yamlOf(before), yamlOf(after));
  const shown = whole ? lines : around(lines);
  const changed = lines.some(({ sign }) => sign !== " ");
  return (
    <div>
      <div className={css.bar}>
        <span>{changed ? `${lines.filter(({ sign }) => sign === "-").length} lines went, ${lines.filter(({ sign }) => sign === "+").length} came` : "Nothing that may be shown differs."}</span>
        <Button size="compact-xs" variant="default" onClick={() => setWhole(!whole)}>{whole ? "Only what differs" : "Whole template"}</Button>
      </div>
      {/* Code may be wider than the page: it scrolls in itself. */}
      <pre className={css.diff} tabIndex={0} role="region" aria-label="Differences of the pod template">
        {shown.map(({ sign, text, number }) => <span key={`${sign}${number}`} data-sign={sign}><i aria-hidden>{sign}</i>{sign !== " " && <span className={css.spoken}>{sign === "+" ? "came: " : "went: "}</span>}{text}{"\n"}</span>)}
      </pre>
    </div>
  );
}

const near = 3;

function around(lines: readonly DiffLine[]): DiffLine[] {
  const kept = new Set<number>();
  lines.forEach(({ sign }, at) => {
    if (sign !== " ") for (let one = at - near; one <= at + near; one += 1) kept.add(one);
  });
  return lines.filter((_line, at) => kept.has(at));
}
