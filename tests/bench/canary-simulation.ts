// Canaries that never were, from a seed: what two versions would have served and failed minute by minute, looked at every minute by the real judge.
import { setImmediate } from "node:timers/promises";
import { freshLatch, judge } from "../../lib/canary/judge/judge";
import { measureOverdispersion } from "../../lib/canary/judge/overdispersion";
import { type AnalysisDefinition, type CountInterval, type Evidence, analysisDefinition } from "../../lib/canary/model";
import { Random } from "../wire/scheduler-parity-random";

export class Chance extends Random {
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
  poisson(mean: number): number {
    if (mean > 500) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let [count, left] = [-1, mean];
    while (left >= 0) {
      left += Math.log(1 - this.next());
      count += 1;
    }
    return count;
  }
  /** Bad ones of so many requests; rare ones come as Poisson has it. */
  binomial(count: number, p: number): number {
    if (p < 0.02) return Math.min(count, this.poisson(count * p));
    return Math.min(count, Math.max(0, Math.round(count * p + Math.sqrt(count * p * (1 - p)) * this.normal())));
  }
  /** Mean 1, squared coefficient of variation as given (Marsaglia and Tsang). */
  gamma(squaredVariation: number): number {
    const shape = 1 / squaredVariation;
    const d = Math.max(shape, 1 + shape * (shape < 1 ? 1 : 0)) - 1 / 3;
    for (;;) {
      const z = this.normal();
      const v = (1 + z / Math.sqrt(9 * d)) ** 3;
      if (v <= 0 || Math.log(1 - this.next()) >= 0.5 * z * z + d - d * v + d * Math.log(v)) continue;
      return (d * v * (shape < 1 ? (1 - this.next()) ** (1 / shape) : 1)) / shape;
    }
  }
}

export interface World {
  rps: number;
  baselineShare: number;
  ratio: number;
  minutes: number;
  /** The canary's share in each minute. */
  shareAt: (minute: number) => number;
  /** What all errors are multiplied by, for both versions. */
  incidentAt?: (minute: number) => number;
  /** Errors of the canary's minutes are multiplied by gamma noise of this squared variation. */
  noise?: number;
}

const minuteMs = 60_000;

function interval(world: World, minute: number, chance: Chance): CountInterval {
  const { rps, baselineShare, ratio, shareAt, incidentAt, noise } = world;
  const share = shareAt(minute);
  const level = Math.min(1, baselineShare * (incidentAt?.(minute) ?? 1));
  const [canary, baseline] = [chance.poisson(60 * rps * share), chance.poisson(60 * rps * (1 - share))];
  const canaryLevel = Math.min(1, level * ratio * (noise ? chance.gamma(noise) : 1));
  return {
    at: (minute + 1) * minuteMs,
    canary: { events: chance.binomial(canary, canaryLevel), exposure: canary },
    baseline: { events: chance.binomial(baseline, level), exposure: baseline },
  };
}

/** Four hours of one version against itself, in the canary's proportion, with the same noise. */
function historyPhi(world: World, chance: Chance): number | null {
  return measureOverdispersion(Array.from({ length: 240 }, (_, minute) => interval({ ...world, ratio: 1, shareAt: () => world.shareAt(0) }, minute, chance)));
}

export function evidenceOf(world: World, chance: Chance): Evidence {
  const intervals = Array.from({ length: world.minutes }, (_, minute) => interval(world, minute, chance));
  return {
    version: 1, canaryHash: "canary", baselineHash: "stable", startedAt: 0,
    metrics: { errors: { kind: "counts", intervals, pods: [], phi: world.noise ? historyPhi(world, chance) : null } },
    traffic: intervals.map(({ at, canary, baseline }, minute) => ({ at, wantedShare: world.shareAt(minute), canary: canary.exposure, baseline: baseline.exposure })),
    guard: intervals.map(({ at, canary, baseline }) => ({ at, events: canary.events + baseline.events, exposure: canary.exposure + baseline.exposure })),
  };
}

const counter = { series: "http_requests_total" };
export function definitionOf(more: Record<string, unknown> = {}): AnalysisDefinition {
  return analysisDefinition.parse({ version: 1, metrics: [{ kind: "ratio", name: "errors", critical: true, events: counter, exposure: counter }], ...more });
}

export interface Run { failedAt: number | null; passedAt: number | null; heldMinutes: number; passedWhileBurning: boolean }

/** A look every so many minutes, to the end or to a FAIL; a PASS does not stop it, so that every chance to fail falsely is taken. */
export function play(definition: AnalysisDefinition, evidence: Evidence, { minutes, every = 1 }: { minutes: number; every?: number }): Run {
  let latch = freshLatch;
  const run: Run = { failedAt: null, passedAt: null, heldMinutes: 0, passedWhileBurning: false };
  for (let minute = every; minute <= minutes; minute += every) {
    const { verdict, latch: next } = judge(definition, evidence, { at: minute * minuteMs, latch, explain: false });
    latch = next;
    if (verdict.held) run.heldMinutes += 1;
    if (verdict.word === "pass") {
      run.passedAt ??= minute;
      if (verdict.guard.state === "burning") run.passedWhileBurning = true;
    }
    if (verdict.word === "fail") return { ...run, failedAt: minute };
  }
  return run;
}

export interface Row { fail: number; pass: number; medianFail: number; medianPass: number; runs: Run[] }

export function playMany(world: World, { seed, runs, definition = definitionOf({ minutes: world.minutes }) }: { seed: number; runs: number; definition?: AnalysisDefinition }): Promise<Row> {
  return rowOf(runs, (i) => play(definition, evidenceOf(world, new Chance(seed * 100_003 + i)), world));
}

/** Lets others have their turn between two runs: minutes of one long turn leave the runner without an answer. */
export async function rowOf(count: number, playOne: (i: number) => Run): Promise<Row> {
  const runs: Run[] = [];
  for (let i = 0; i < count; i += 1) {
    runs.push(playOne(i));
    await setImmediate();
  }
  const of = (pick: (run: Run) => number | null): number[] => runs.flatMap((run) => pick(run) ?? []).sort((a, b) => a - b);
  const [failed, passed] = [of(({ failedAt }) => failedAt), of(({ passedAt }) => passedAt)];
  const middle = (values: number[]): number => values[Math.floor(values.length / 2)] ?? Number.NaN;
  return { fail: failed.length / count, pass: passed.length / count, medianFail: middle(failed), medianPass: middle(passed), runs };
}
