// One look of a running analysis: what came since the last one is counted, judged, kept, and acted on.
import "server-only";
import { AppError, causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import type { RolloutObject } from "@/lib/deployments/rollouts/standing";
import type { RawSeries } from "../evidence/counters";
import { measureHistory } from "../evidence/history";
import { lookAt } from "../evidence/look";
import { judge } from "../judge/judge";
import { onePodOf, type OnePod } from "../judge/one-pod";
import { judgeByKayenta, type KayentaVerdict } from "../kayenta/judge";
import type { Verdict } from "../model";
import { pathPoint } from "../replay";
import { assembled, everyMs, type HistoryMeasures, type Looked } from "../run";
import { weighedShare } from "../stepper/share";
import { act, deedFor } from "./acting";
import { gather, podFacts } from "./gather";
import type { Ground } from "./ground";
import { addLine, changeRun, endRun, frameOf, looksOfRun, recordLook, type Run } from "./kept";
import { newsOf, tell } from "./news";
import { endOf, rolloutFor, wantedShareOf } from "./rollout-subject";

/** Prometheus has what was scraped until so long ago. */
const settleMs = 3000;
/** What was missed while nobody looked is caught up in parts. */
const mostIntervals = 120;
const historyMs = 2 * 3_600_000;
const historyStepMs = 60_000;

export async function look(ground: Ground, run: Run, signal?: AbortSignal): Promise<void> {
  const handle = ground.handleOf(run.cluster);
  const known = handle.kinds().find(({ kind }) => kind === "Rollout");
  if (run.kind === "Rollout" && known?.state !== "live") return changeRun(ground.db, run.id, { trouble: `The cluster's Rollouts are not known now. ${known?.say ?? ""}`.trim() });
  const rollout = run.kind === "Rollout" ? rolloutFor(handle, run) : null;
  const decided = run.word === "fail" || (run.verdict?.ended === true && run.word === "undecided");
  const now = decided ? run : await lookFurther(ground, run, { rollout, signal });
  if (run.kind !== "Rollout") return;
  const end = endOf(rollout, now);
  if (end) {
    // What the judge held for this version it lets go with it; a hold that another version has inherited is a person's to end.
    if (now.held && rollout?.paused && rollout.rollout.currentHash === now.versions.canary.hash) await act(ground, now, { deed: "resume", why: "The rollout it was held for has ended" });
    if (await endRun(ground.db, run.id, { ...end, at: ground.now() })) await tell(ground.db, now, { mood: end.outcome === "aborted" ? "bad" : end.outcome === "promoted" ? "good" : "plain", title: `${run.workload}: ${end.outcome}`, say: end.say });
    return;
  }
  const next = rollout && now.verdict ? deedFor(rollout, now, { verdict: now.verdict, onePod: now.word === "fail" ? await onePodIn(ground, now, now.verdict) : null }) : null;
  if (next) await act(ground, now, next);
}

/** Only where a failed metric is counted by pod. */
export async function onePodIn(ground: Pick<Ground, "db">, run: Run, verdict: Verdict): Promise<OnePod | null> {
  const metric = run.definition.metrics.find(({ name }) => name === verdict.deciding);
  const seen = verdict.metrics.find(({ name }) => name === verdict.deciding);
  return metric && seen ? onePodOf(metric, (await looksOfRun(ground.db, run.id)).looks, seen) : null;
}

/** With what came since the last look; the run as it was when nothing has come, or nothing is to be had. */
async function lookFurther(ground: Ground, run: Run, { rollout, signal }: { rollout: RolloutObject | null; signal: AbortSignal | undefined }): Promise<Run> {
  const stepMs = everyMs(run.settings, run.definition.minutes);
  const count = Math.min(mostIntervals, Math.floor((ground.now() - settleMs - run.lastAt) / stepMs));
  if (count < 1) return run;
  const { facts, ready } = podFacts(ground.handleOf(run.cluster).store("Pod").values(), run);
  const { looks } = await looksOfRun(ground.db, run.id);
  try {
    const asked = { prometheus: ground.prometheusOf(run.cluster), definition: run.definition, namespace: run.namespace, versions: run.versions, pods: facts, ...(signal ? { signal } : {}) };
    const grid = { from: run.lastAt, to: run.lastAt + count * stepMs, stepMs };
    const history = run.history ?? (await measured(asked, run, Math.max(1, ready.canary)));
    const gathered = await gather({ ...asked, grid });
    const setting = { definition: run.definition, ...gathered, edges: edgesOf(looks) };
    const weight = weighed(ground, run);
    // One part for each interval, so that what was caught up is judged as if it had been looked at in time.
    const parts = Array.from({ length: count }, (_, i): Part => {
      const from = run.lastAt + i * stepMs;
      const serving = servingPods(gathered.alive, { readySince: ready.since, before: from - stepMs });
      return { at: from + stepMs, added: lookAt({ ...setting, grid: { from, to: from + stepMs, stepMs }, wantedShare: weight ?? wantedShareOf(rollout, serving) }) };
    });
    return await judgeEach(ground, { ...run, history }, { looks, parts });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) log.error({ run: run.id, cause: causeText(thrown) }, "a look at a canary broke off");
    await changeRun(ground.db, run.id, { trouble: thrown instanceof AppError ? thrown.say : "The last look broke off; the log has why." });
    return run;
  }
}

/** A pod is expected to have its traffic once it has been ready and scraped for a whole interval before. */
function servingPods(alive: readonly RawSeries[], { readySince, before }: { readySince: ReadonlyMap<string, number>; before: number }): { canary: number; baseline: number } {
  const serving = { canary: new Set<string>(), baseline: new Set<string>() };
  for (const { pod, version, samples } of alive) if (Math.max(samples[0]?.[0] ?? Number.POSITIVE_INFINITY, readySince.get(pod) ?? Number.POSITIVE_INFINITY) <= before) serving[version].add(pod);
  return { canary: serving.canary.size, baseline: serving.baseline.size };
}

/** Of a stepped canary behind a load balancer. */
function weighed(ground: Ground, { cluster, kind, namespace, versions }: Run): number | null {
  const handle = ground.handleOf(cluster);
  return kind === "Deployment" ? weighedShare(versions.canary.hash, { namespace, services: handle.store("Service").values(), ingresses: handle.store("Ingress").values() }) : null;
}

type Asked = Omit<Parameters<typeof gather>[0], "grid">;

/** Of the stable version's pods before the canary came; once. */
async function measured(asked: Asked, run: Run, canaryPods: number): Promise<HistoryMeasures> {
  const grid = { from: run.startedAt - historyMs, to: run.startedAt, stepMs: historyStepMs };
  return measureHistory({ definition: run.definition, grid, ...(await gather({ ...asked, grid })), canaryPods });
}

function edgesOf(looks: readonly Looked[]): Record<string, readonly number[]> {
  const found: Record<string, readonly number[]> = {};
  for (const { metrics } of looks) for (const [name, one] of Object.entries(metrics)) if (one.kind === "latency") found[name] ??= one.edgesSeconds;
  return found;
}

interface Part { at: number; added: Looked }

async function judgeEach(ground: Ground, begun: Run & { history: HistoryMeasures }, { looks, parts }: { looks: readonly Looked[]; parts: readonly Part[] }): Promise<Run> {
  let run = begun;
  const seen = [...looks];
  for (const { at, added } of parts) {
    seen.push(added);
    const evidence = assembled(frameOf(run), seen);
    const sequential = judge(run.definition, evidence, { at, latch: run.latch, explain: at === parts.at(-1)?.at });
    const { latch } = sequential;
    const verdict = run.definition.judge === "kayenta" ? byKayenta(sequential.verdict, judgeByKayenta(run.definition, evidence, { at })) : sequential.verdict;
    if (!(await recordLook(ground.db, run, { at, added, point: pathPoint(sequential.verdict), verdict, latch, history: run.history }))) return run;
    await sayNews(ground, run, verdict);
    run = { ...run, lastAt: at, latch, verdict, word: verdict.word };
    if (run.word === "fail") break;
  }
  return run;
}

/** Where Kayenta decides, the sequential evidence is still shown; the word is Kayenta's. */
function byKayenta(verdict: Verdict, { word, ended, reasons, sentence }: KayentaVerdict): Verdict {
  return { ...verdict, word, ended, reasons, sentence, held: false, deciding: null };
}

async function sayNews(ground: Ground, run: Run, verdict: Verdict): Promise<void> {
  for (const line of newsOf(run.verdict, verdict)) await addLine(ground.db, run.id, line);
  const before = run.verdict;
  if (verdict.word === "fail" && before?.word !== "fail") await tell(ground.db, run, { mood: "bad", title: `${run.workload}: FAIL`, say: verdict.sentence });
  else if (verdict.word === "pass" && before?.word !== "pass") await tell(ground.db, run, { mood: "good", title: `${run.workload}: PASS`, say: verdict.sentence });
  else if (verdict.ended && verdict.word === "undecided" && before?.ended !== true) await tell(ground.db, run, { mood: "ask", title: `${run.workload}: a person must decide`, say: verdict.sentence });
}
