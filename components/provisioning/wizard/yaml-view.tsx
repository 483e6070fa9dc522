"use client";
// The whole blueprint as YAML: the same value as the form, with each fault at its line.
import { Textarea } from "@mantine/core";
import type { Fault } from "@/lib/provisioning/blueprint";
import type { TextFault } from "@/lib/provisioning/yaml";
import css from "./wizard.module.css";

export function YamlView({ text, faults, set, disabled }: { text: string; faults: readonly TextFault[]; set: (text: string) => void; disabled: boolean }) {
  return (
    <section className={css.section} aria-label="Blueprint as YAML">
      <FaultList faults={faults} />
      <Textarea aria-label="Blueprint as YAML" autosize minRows={24} value={text} onChange={(event) => set(event.currentTarget.value)} classNames={{ input: css.yaml }} spellCheck={false} readOnly={disabled} autoFocus />
    </section>
  );
}

export function FaultList({ faults }: { faults: readonly (Fault & { line?: number | null })[] }) {
  if (faults.length === 0) return null;
  return (
    <ul className={css.faults} role="status" aria-label="What does not fit yet">
      {faults.map(({ field, say, line }, at) => <li key={at}>{line !== undefined && line !== null && <span className={css.line}>line {line}</span>}{field !== "" && <code>{field}</code>} {say}</li>)}
    </ul>
  );
}
