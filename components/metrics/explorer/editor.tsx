"use client";
// The field in which PromQL is written: completion and lint by Prometheus' own language package, Enter runs, history by arrows at its ends.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { useCallback, useState } from "react";
import css from "./editor.module.css";
import { promqlMarks } from "./marks";
import { promqlClient } from "./promql-client";

interface EditorProps {
  cluster: string;
  /** Its first text; a new one is given by a new key. */
  text: string;
  label: string;
  onRun: (text: string) => void;
  onChange: (text: string) => void;
}

export function Editor({ cluster, text, label, onRun, onChange }: EditorProps) {
  // What the view calls stays the newest without making the view anew.
  const [calls] = useState(() => ({ onRun, onChange }));
  calls.onRun = onRun;
  calls.onChange = onChange;
  const mount = useCallback(
    (parent: HTMLDivElement) => {
      const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions: extensionsOf(cluster, label, calls) }) });
      return () => view.destroy();
    },
    [cluster, text, label, calls],
  );
  return <div ref={mount} className={css.editor} />;
}

function extensionsOf(cluster: string, label: string, calls: Pick<EditorProps, "onRun" | "onChange">) {
  const promql = new PromQLExtension().activateCompletion(true).activateLinter(true).setComplete({ remote: promqlClient(cluster), maxMetricsMetadata: 10_000 });
  const run = (view: EditorView) => {
    calls.onRun(view.state.doc.toString());
    return true;
  };
  return [
    promql.asExtension(), history(), bracketMatching(), closeBrackets(), autocompletion(),
    syntaxHighlighting(HighlightStyle.define(promqlMarks)), placeholder("An expression in PromQL, such as sum by (service) (rate(http_requests_total[5m]))"), EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label }),
    EditorView.updateListener.of((update) => update.docChanged && calls.onChange(update.state.doc.toString())),
    keymap.of([{ key: "Enter", run }, { key: "Mod-Enter", run }, { key: "Shift-Enter", run: (view) => Boolean(view.dispatch(view.state.replaceSelection("\n")) ?? true) }, ...completionKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
  ];
}
