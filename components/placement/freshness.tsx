"use client";
// Says how true the picture is: a green square and its age, or an amber triangle and since when it stands still.
import { PodMark } from "./pod-mark";
import { type FreshView, useFreshness } from "./queries";
import css from "./freshness.module.css";

export function FreshnessChip({ cluster }: { cluster: string }) {
  const fresh = useFreshness(cluster);
  const { mark, word, detail } = freshWords(fresh);
  return (
    <span className={css.chip} data-state={fresh.state} title={fresh.say}>
      <PodMark state={mark} size={10} />
      <span className={css.word}>{word}</span>
      {detail && <span className={css.detail}>{detail}</span>}
      <span className={css.spoken} role="status">{fresh.state === "live" ? "live" : `${word} ${detail}`}</span>
    </span>
  );
}

export function freshWords({ state, ageMs, staleSince, say }: FreshView): { mark: "running" | "starting" | "warning" | "failed"; word: string; detail: string } {
  if (state === "live") return { mark: "running", word: "live", detail: ageMs === null ? "" : `${(ageMs / 1000).toFixed(1)} s` };
  if (state === "connecting") return { mark: "starting", word: "connecting", detail: "" };
  const since = staleSince === null ? "" : `since ${clockTime(staleSince)}`;
  if (state === "unreachable") return { mark: "failed", word: `unreachable ${since}`.trim(), detail: say ? "reconnecting" : "" };
  return { mark: "warning", word: `stale ${since},`, detail: "reconnecting" };
}

/** 03:12:44 in the reader's zone. */
export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour12: false });
}
