"use client";
// Says how true the picture is: a green square and its age, or an amber triangle and since when it stands still.
import { PodMark } from "./pod-mark";
import { freshWords } from "./fresh-words";
import css from "./freshness.module.css";
import { useFreshness } from "./queries";

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

export { clockTime } from "./fresh-words";
