"use client";
// Needs attention: at most seven lines, worst first, each with its small proof and one action.
import Link from "next/link";
import { useNow } from "../live/use-now";
import { PodMark } from "../placement/pod-mark";
import { type PlacementStore, useDerived } from "../placement/queries";
import { TierBadge } from "../placement/tier-badge";
import { Panel } from "../ui/panel";
import css from "./attention-panel.module.css";
import { type Attention, attentionOf, sinceText } from "./attention";
import { ProofPicture } from "./proof-picture";

const shown = 7;
const trouble = (store: PlacementStore) => attentionOf(store.tables);
const sameTrouble = (a: Attention[], b: Attention[]) => JSON.stringify(a) === JSON.stringify(b);

export function AttentionPanel({ store, cluster }: { store: PlacementStore; cluster: string }) {
  const all = useDerived(store, trouble, sameTrouble);
  const base = `/clusters/${encodeURIComponent(cluster)}/placement`;
  return (
    <Panel title={<>Needs attention <span className={css.count}>{all.length === 0 ? "" : `${all.length}, worst first`}</span></>}>
      {all.length === 0 ? (
        <p className={css.none}><PodMark state="running" /> Nothing needs attention.</p>
      ) : (
        <ul className={css.list}>
          {all.slice(0, shown).map((each) => (
            <AttentionLine key={each.key} attention={each} base={base} />
          ))}
          {all.length > shown && <li className={css.more}><Link href={`${base}/drift`}>{all.length - shown} more</Link></li>}
        </ul>
      )}
    </Panel>
  );
}

const pages = { map: "", drift: "/drift", table: "/table" } as const;

function AttentionLine({ attention: { severity, word, tier, name, say, proof, since, action }, base }: { attention: Attention; base: string }) {
  const now = useNow();
  return (
    <li className={css.line}>
      <span className={css.word} data-severity={severity}><PodMark state={severity} /> {word}</span>
      <span className={css.who}><TierBadge tier={tier} /> <b title={name}>{name}</b></span>
      <span className={css.say}>{say}</span>
      <span className={css.proof}><ProofPicture proof={proof} tier={tier} /></span>
      <span className={css.figures}>{proof.text}</span>
      <time className={css.since} dateTime={since === null ? undefined : new Date(since).toISOString()} title={since === null ? undefined : `since ${new Date(since).toLocaleString()}`}>{sinceText(since, now)}</time>
      <Link className={css.action} href={`${base}${pages[action.page]}${action.query && `?${action.query}`}`} aria-label={`${action.label}: ${name}, ${word.toLowerCase()}`}>{action.label} ›</Link>
    </li>
  );
}
