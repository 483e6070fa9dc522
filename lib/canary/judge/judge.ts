// The sequential judge: definition and evidence in, verdict and latch out. Looking more often makes nothing less right.
import type { AnalysisDefinition, Evidence, Latch, MetricLook, Reason, Verdict } from "../model";
import { lookAtGuard } from "./guard";
import { linesOf, scoreOf, togetherLog } from "./lines";
import { lookAtMetric, marginAt } from "./look";
import { lookAtShare } from "./traffic-share";
import { weighMetric } from "./weigh-metric";
import { guardText, minutesText, shareText } from "./words";

export const freshLatch: Latch = { failedAt: {}, passedAt: {}, verdict: null };

export interface Occasion {
  at: number;
  latch?: Latch;
  /** Without it neither expected minutes nor the difference are told, which take much of the time. */
  explain?: boolean;
}

const minuteMs = 60_000;

export function judge(definition: AnalysisDefinition, evidence: Evidence, { at, latch = freshLatch, explain = true }: Occasion): { verdict: Verdict; latch: Latch } {
  const share = lookAtShare(evidence.traffic.filter((one) => one.at <= at));
  const guard = lookAtGuard(definition.guard, evidence.guard, at);
  const from = evidence.startedAt + definition.warmUpMinutes * minuteMs;
  const lines = linesOf(definition);
  const metrics = definition.metrics.map((metric) => {
    const standing = { definition: metric, margin: marginAt(metric, share.wanted), logFailLine: lines.fail.get(metric.name) ?? Number.POSITIVE_INFINITY, logPassLine: lines.pass, at, latch };
    const weight = weighMetric({ ...standing, beta: definition.beta, minutes: definition.minutes, from, explain }, evidence.metrics[metric.name]);
    return lookAtMetric(standing, weight);
  });
  const together = lines.together === null ? null : { logFail: togetherLog(metrics), logLine: lines.together };
  const minutes = (at - evidence.startedAt) / minuteMs;
  const setting = { metrics, share, guard, together, at, minutes, warming: at <= from, timeIsUp: minutes >= definition.minutes };
  const next = latched(latch, setting);
  return { verdict: toVerdict(setting, next), latch: next };
}

interface Setting extends Pick<Verdict, "metrics" | "share" | "guard" | "together" | "at" | "minutes"> { warming: boolean; timeIsUp: boolean }

function latched(latch: Latch, { metrics, together, at }: Setting): Latch {
  const failedAt = { ...latch.failedAt };
  const passedAt = { ...latch.passedAt };
  for (const { name, state, margin, since } of metrics) {
    if (state === "fail") failedAt[name] = since ?? at;
    if (state === "pass" && (passedAt[name]?.margin ?? Number.POSITIVE_INFINITY) > margin) passedAt[name] = { at: since ?? at, margin };
  }
  return { failedAt, passedAt, verdict: latch.verdict ?? firstFail(metrics, together, at) };
}

function firstFail(metrics: readonly MetricLook[], together: Verdict["together"], at: number): Latch["verdict"] {
  const failed = strongest(metrics.filter(({ state, critical }) => state === "fail" && critical)) ?? strongest(metrics.filter(({ state }) => state === "fail"));
  if (failed) return { at, reasons: [failed.reason], deciding: failed.name };
  if (together === null || together.logFail < together.logLine) return null;
  const worst = strongest(metrics.filter(({ critical }) => !critical));
  return { at, reasons: [{ code: "worse-together", say: `Worse together: no metric alone, but all of them with their weights; most of it is ${worst?.name ?? "unknown"}` }], deciding: worst?.name ?? null };
}

const strongest = (looks: readonly MetricLook[]): MetricLook | null => looks.reduce<MetricLook | null>((most, look) => (most === null || look.logFail - look.logFailLine > most.logFail - most.logFailLine ? look : most), null);

function toVerdict(setting: Setting, latch: Latch): Verdict {
  const { metrics, share, guard, together, at, minutes, timeIsUp } = setting;
  const base = { judge: "sequential" as const, at, minutes, metrics, share, guard, together, score: scoreOf(metrics) };
  const say = (reasons: Reason[]): string => `${reasons[0]?.say ?? "Nothing to judge"}.`;
  if (latch.verdict) {
    const { reasons, deciding } = latch.verdict;
    return { ...base, word: "fail", held: false, ended: true, reasons, deciding, sentence: say(reasons) };
  }
  const open = metrics.filter(({ required, state }) => required && state !== "pass");
  const proven = open.length === 0 && metrics.some(({ required }) => required);
  const holding = setting.warming ? [{ code: "warming-up" as const, say: "The canary warms up; nothing is judged yet" }] : holds(setting);
  if (proven && holding.length === 0) {
    const reasons = metrics.filter(({ required }) => required).map(({ reason }) => reason);
    return { ...base, word: "pass", held: false, ended: true, reasons, deciding: null, sentence: passText(metrics) };
  }
  const slowest = slowestOf(open);
  const reasons = [...holding, ...(timeIsUp ? [timeUp(minutes)] : []), ...(slowest ? [slowest.reason] : []), ...open.filter((look) => look !== slowest).map(({ reason }) => reason), ...notes(share)];
  return { ...base, word: "undecided", held: proven, ended: timeIsUp, reasons, deciding: slowest?.name ?? null, sentence: say(reasons) };
}

function passText(metrics: readonly MetricLook[]): string {
  const required = metrics.filter((look) => look.required);
  const [only] = required;
  return required.length === 1 && only ? `${only.reason.say}.` : `Not worse: all ${required.length} required metrics are proven to be within their margins.`;
}

const timeUp = (minutes: number): Reason => ({ code: "time-is-up", say: `Undecided after ${minutesText(minutes)}: a person must decide` });

/** What keeps a proven canary from promotion. A failed one is failed in spite of it. */
function holds({ guard, share }: Setting): Reason[] {
  const out: Reason[] = [];
  if (guard.state === "burning") out.push({ code: "guard-burns", say: guardText(guard) });
  if (guard.state === "clearing") out.push({ code: "guard-clearing", say: guardText(guard) });
  if (guard.state === "unknown") out.push({ code: "guard-unknown", say: guardText(guard) });
  if (share.state === "none") out.push({ code: "no-traffic", say: shareText(share) });
  if (share.state === "less") out.push({ code: "less-traffic", say: shareText(share) });
  return out;
}

function notes(share: Verdict["share"]): Reason[] {
  return share.state === "more" ? [{ code: "more-traffic", say: shareText(share) }] : [];
}

/** The metric the analysis waits for: one without data first, then the one that needs longest. */
function slowestOf(open: readonly MetricLook[]): MetricLook | null {
  const wait = ({ state, expected }: MetricLook): number => (state === "no-data" ? Number.POSITIVE_INFINITY : (expected?.minutes ?? 1e9));
  return open.reduce<MetricLook | null>((most, look) => (most === null || wait(look) > wait(most) ? look : most), null);
}
