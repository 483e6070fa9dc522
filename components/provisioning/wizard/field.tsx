"use client";
// A field of the blueprint with what it means, what the reference system used, and what is wrong with it.
import { Textarea, TextInput, type TextareaProps, type TextInputProps } from "@mantine/core";
import { useState } from "react";
import { fieldNotes, type NotedField } from "@/lib/provisioning/field-notes";
import { faultOf, type Form } from "./draft";
import css from "./wizard.module.css";

export function Note({ of }: { of: NotedField }) {
  const { means, reference } = fieldNotes[of];
  return <span className={css.note}>{means} <i>Reference: {reference}.</i></span>;
}

interface TextProps extends Omit<TextInputProps, "form" | "onChange"> { form: Form; field: string; of: NotedField; value: string; set: (value: string) => void }

export function TextField({ form, field, of, value, set, ...rest }: TextProps) {
  return <TextInput size="xs" label={fieldNotes[of].label} description={<Note of={of} />} value={value} error={faultOf(form.faults, field)} autoFocus={form.focus === field} disabled={form.disabled} autoComplete="off" spellCheck={false} onChange={(event) => set(event.currentTarget.value)} {...rest} />;
}

interface LinesProps<T> extends Omit<TextareaProps, "form" | "onChange" | "value"> { form: Form; field: string; of: NotedField; value: T; toText: (value: T) => string; fromText: (text: string) => T; set: (value: T) => void; plain?: boolean }

/** A list as lines. What is typed stays as it is typed; only its meaning goes into the draft. */
export function LinesField<T>({ form, field, of, value, toText, fromText, set, plain = false, ...rest }: LinesProps<T>) {
  const [text, setText] = useState(() => toText(value));
  return (
    <Textarea size="xs" autosize minRows={1} maxRows={8} label={fieldNotes[of].label} description={plain ? undefined : <Note of={of} />} value={text} error={faultOf(form.faults, field, true)} autoFocus={form.focus === field} disabled={form.disabled} spellCheck={false}
      onChange={(event) => { setText(event.currentTarget.value); set(fromText(event.currentTarget.value)); }} {...rest} />
  );
}
