// A stored analysis judged again, look by look: what would have been said, and when. Also with another definition: would it have caught it?
import { freshLatch, judge } from "./judge/judge";
import { judgeByKayenta } from "./kayenta/judge";
import { levelOf } from "./level";
import type { AnalysisDefinition, Evidence, Latch, Verdict } from "./model";

/** `canary` and `baseline`: the levels that the ratio is of, all counted until then; absent in what was kept before they were. */
export interface MetricPoint { logFail: number; logPass: number; ratio: number | null; low: number; high: number | null; state: string; canary?: number | null; baseline?: number | null }

/** One dot of the chart of evidence over time. */
export interface PathPoint { at: number; metrics: Record<string, MetricPoint>; word: Verdict["word"] }

export interface Replay {
  path: PathPoint[];
  /** The verdict at the end, or at the moment it fell. */
  final: Verdict | null;
  decidedAt: number | null;
}

export function pathPoint({ at, word, metrics }: Verdict): PathPoint {
  return { at, word, metrics: Object.fromEntries(metrics.map(({ name, kind, logFail, logPass, ratio, interval, state, canary, baseline }) => [name, { logFail, logPass, ratio, ...interval, state, canary: levelOf(kind, canary), baseline: levelOf(kind, baseline) }])) };
}

/** The moments at which there was something new. */
export function looksOf({ metrics, traffic, startedAt }: Evidence): number[] {
  const times = new Set(traffic.map(({ at }) => at));
  for (const one of Object.values(metrics)) {
    if (one.kind === "counts" || one.kind === "latency") for (const { at } of one.intervals) times.add(at);
    if (one.kind === "gauge") for (const { at } of one.points) times.add(at);
  }
  return [...times].filter((at) => at > startedAt).sort((a, b) => a - b);
}

/** The sequential judge over all looks. A PASS ends a step, not the evidence: `untilPass` stops there, as a gate would; else it goes on to the end or to a FAIL. */
export function replay(definition: AnalysisDefinition, evidence: Evidence, { untilPass = true }: { untilPass?: boolean } = {}): Replay {
  const path: PathPoint[] = [];
  const looks = looksOf(evidence);
  let latch: Latch = freshLatch;
  for (const at of looks) {
    const next = judge(definition, evidence, { at, latch, explain: false });
    latch = next.latch;
    path.push(pathPoint(next.verdict));
    const { word, ended } = next.verdict;
    if (word === "fail" || (word === "pass" && untilPass)) return { path, final: next.verdict, decidedAt: at };
    if (ended && word === "undecided") return { path, final: next.verdict, decidedAt: null };
    if (at === looks.at(-1)) return { path, final: next.verdict, decidedAt: word === "pass" ? at : null };
  }
  return { path, final: null, decidedAt: null };
}

/** What became of the version in truth, as people recorded it afterwards. */
export type Outcome = "good" | "bad" | "unknown";

export interface Backtest {
  /** The new definition's word on the old evidence. */
  word: Verdict["word"];
  minutes: number | null;
  /** Beside what was said then. */
  before: { word: Verdict["word"]; minutes: number | null };
  /** Measured by the truth: a bad version failed, a good one passed, or the reverse. */
  judgement: "caught" | "missed" | "false-alarm" | "right" | "undecided" | "unknown";
  sentence: string;
}

export interface PastAnalysis { definition: AnalysisDefinition; evidence: Evidence; outcome: Outcome }

export function backtest({ definition, evidence, outcome }: PastAnalysis, changed: AnalysisDefinition): Backtest {
  const [before, after] = [said(definition, evidence), said(changed, evidence)];
  const result = { ...after, before, judgement: judgementOf(after.word, outcome) };
  return { ...result, sentence: backtestText(result) };
}

/** By the judge that the definition names. Kayenta is asked at the end of its time, or of the evidence when that is shorter and no verdict can fall. */
function said(definition: AnalysisDefinition, evidence: Evidence): { word: Verdict["word"]; minutes: number | null } {
  if (definition.judge === "kayenta") {
    const end = evidence.startedAt + definition.minutes * 60_000;
    const at = Math.min(end, looksOf(evidence).at(-1) ?? evidence.startedAt);
    const { word, minutes } = judgeByKayenta(definition, evidence, { at });
    return { word, minutes: word === "undecided" ? null : minutes };
  }
  const { final, decidedAt } = replay(definition, evidence);
  return { word: final?.word ?? "undecided", minutes: decidedAt === null ? null : (decidedAt - evidence.startedAt) / 60_000 };
}

function judgementOf(word: Verdict["word"], outcome: Outcome): Backtest["judgement"] {
  if (outcome === "unknown") return "unknown";
  if (word === "undecided") return "undecided";
  if (outcome === "bad") return word === "fail" ? "caught" : "missed";
  return word === "fail" ? "false-alarm" : "right";
}

function backtestText({ word, minutes, before, judgement }: Omit<Backtest, "sentence">): string {
  const when = (at: number | null): string => (at === null ? "" : ` after ${Math.round(at)} min`);
  const said = word === "undecided" ? "This analysis would have stayed undecided" : `This analysis would have said ${word.toUpperCase()}${when(minutes)}`;
  const truth = { caught: ": it would have caught it", missed: ": it would have missed it", "false-alarm": ": a false alarm", right: ": rightly", undecided: "", unknown: "" }[judgement];
  const then = before.word === "undecided" ? "was undecided then" : `said ${before.word.toUpperCase()}${when(before.minutes)} then`;
  return `${said}${truth}; the one that ran ${then}.`;
}
