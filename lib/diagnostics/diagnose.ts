// The facts of a cluster against the whole catalogue: findings, worst first, each with its evidence.
import { all, failureOf } from "./catalogue";
import type { Failure } from "./failure";
import type { Facts } from "./facts";
import { findingKey, severities, type Evidence, type Finding, type Said } from "./model";

/** As many sentences stand under a finding. */
const maxEvidence = 5;
/** Of one failure so many findings at most; the rest is counted in the last. */
const maxFindings = 50;
const maxText = 4_000;
const remembered = 10_000;

const memory = new Map<string, readonly string[]>();
/** One pattern that most texts do not match, before each is tried alone. */
const any = new RegExp(all.flatMap(({ says = [] }) => says.map(({ source }) => `(?:${source})`)).join("|"), "i");

/** Which failures a text tells of, by its words alone; remembered, because the same is said over and over. */
export function heard(text: string): readonly string[] {
  const known = memory.get(text);
  if (known) return known;
  const short = text.slice(0, maxText);
  const ids = any.test(short) ? all.filter(({ says = [] }) => says.some((pattern) => pattern.test(short))).map(({ id }) => id) : [];
  if (memory.size >= remembered) memory.clear();
  memory.set(text, ids);
  return ids;
}

export function diagnose(facts: Facts): Finding[] {
  const evidence = new Map<Failure, Evidence[]>();
  const put = (failure: Failure, one: Evidence) => {
    const known = evidence.get(failure);
    if (known) known.push(one);
    else evidence.set(failure, [one]);
  };
  for (const said of facts.said) {
    for (const id of heard(said.text)) {
      const failure = failureOf(id);
      if (failure && (failure.means?.(said, facts) ?? true)) put(failure, toEvidence(said));
    }
  }
  for (const failure of all) for (const one of failure.look?.(facts) ?? []) put(failure, one);
  const explained = new Set([...evidence].flatMap(([{ general }, found]) => (general ? [] : found.map(({ subject }) => `${subject.kind}/${subject.key}`))));
  for (const [failure, found] of evidence) if (failure.general) evidence.set(failure, found.filter(({ subject }) => !explained.has(`${subject.kind}/${subject.key}`)));
  return [...evidence].flatMap(([failure, found]) => toFindings(failure, found, facts.now)).toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.since - b.since || (a.key < b.key ? -1 : 1));
}

const toEvidence = ({ subject, text, at, origin }: Said): Evidence => ({ subject, say: `${origin}: ${text.length > 400 ? `${text.slice(0, 400)}…` : text}`, since: at });

function toFindings({ id, severity, title, area }: Failure, found: readonly Evidence[], now: number): Finding[] {
  const groups = new Map<string, Evidence[]>();
  for (const one of found) {
    const key = findingKey(id, one.subject);
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  const shown = [...groups].slice(0, maxFindings);
  return shown.flatMap(([key, members], index) => {
    const [first] = members;
    if (!first) return [];
    const sentences = [...new Set(members.map(({ say }) => say))].slice(0, maxEvidence);
    return [{ key, failure: id, severity, title, area, subject: first.subject, evidence: sentences, since: Math.min(...members.map(({ since = now }) => since)), more: index === shown.length - 1 ? groups.size - shown.length : 0 }];
  });
}
