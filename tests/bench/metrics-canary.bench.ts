// `npm run bench -- metrics-canary [-- --runs 1000 --seed 20261125]`: false alarms, power beside the planner, and what a look costs.
import { describe, expect, it } from "vitest";
import { judge } from "../../lib/canary/judge/judge";
import type { AnalysisDefinition, Evidence, GaugePoint } from "../../lib/canary/model";
import { autocorrelation } from "../../lib/canary/statistics/quantile";
import { planPower } from "../../lib/canary/planner/plan";
import { Chance, type Row, type Run, type World, definitionOf, evidenceOf, play, playMany, rowOf } from "./canary-simulation";
import { createFigures } from "./figures";

const args = (process.env.BENCH_ARGS ?? "").split(" ");
const setting = (name: string, usual: number): number => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : usual);
const [runs, seed] = [setting("runs", 1000), setting("seed", 20_261_125)];
const figures = createFigures();
const minutes = 60;
const plain: World = { rps: 50, baselineShare: 0.005, ratio: 1, minutes, shareAt: () => 0.1 };
const ramp = (minute: number): number => (minute < 20 ? 0.05 : minute < 40 ? 0.25 : 0.5);
const percent = (share: number): number => 100 * share;

function tellFalse(name: string, row: Row): void {
  figures.tell(`metrics-canary.${name}.false-fail`, percent(row.fail), "%", { op: "<=", value: 5 });
  figures.note(`  ${name}: PASS ${percent(row.pass).toFixed(1)} %, in the middle after ${row.medianPass} min; ${row.runs.length} runs, seed ${seed}`);
}

describe("a canary as good as the baseline", () => {
  it("fails rarely, looked at every minute for an hour", async () => {
    tellFalse("a-a-10-percent", await playMany(plain, { seed, runs }));
    tellFalse("a-a-ramp", await playMany({ ...plain, shareAt: ramp }, { seed: seed + 1, runs }));
    const definition = definitionOf({ minutes, guard: { name: "availability", events: { series: "http_requests_total" }, exposure: { series: "http_requests_total" }, objective: 0.02 } });
    const ill = await playMany({ ...plain, shareAt: ramp, incidentAt: (minute) => (minute >= 22 && minute < 27 ? 20 : 1) }, { seed: seed + 2, runs, definition });
    tellFalse("a-a-ramp-incident", ill);
    figures.tell("metrics-canary.a-a-ramp-incident.passed-while-burning", ill.runs.filter(({ passedWhileBurning }) => passedWhileBurning).length, "runs", { op: "<=", value: 0 });
    for (const noise of [0.1, 0.5, 1]) tellFalse(`a-a-overdispersed-${noise}`, await playMany({ ...plain, noise }, { seed: seed + 10 * noise, runs }));
    tellFalse("a-a-many-errors", await playMany({ ...plain, baselineShare: 0.3, rps: 5 }, { seed: seed + 4, runs }));
    tellFalse("a-a-little-traffic", await playMany({ ...plain, rps: 0.5 }, { seed: seed + 5, runs }));
  }, 3_600_000);

  it("fails rarely by latency, by four metrics together, and by gauges that follow themselves", async () => {
    tellFalse("a-a-latency", await rowOf(runs, (i) => play(latencyDefinition, latencyEvidence(new Chance(seed + 7919 * i)), { minutes })));
    tellFalse("a-a-four-metrics", await rowOf(runs, (i) => play(fourDefinition, fourEvidence(seed + 104_729 * i), { minutes })));
    for (const phi of [0.5, 0.8, 0.9]) tellFalse(`a-a-gauge-${phi}`, await rowOf(runs, (i) => playGauge(new Chance(seed + 15_485_863 * i), phi)));
  }, 3_600_000);
});

describe("a canary exactly at the margin", () => {
  it("passes rarely", async () => {
    for (const [name, world] of [["10-percent", plain], ["ramp", { ...plain, shareAt: ramp }]] as const) {
      const row = await playMany({ ...world, ratio: 1.5 }, { seed: seed + 20, runs });
      figures.tell(`metrics-canary.margin-${name}.false-pass`, percent(row.pass), "%", { op: "<=", value: 5 });
    }
  }, 3_600_000);
});

describe("a worse canary", () => {
  it("is noticed as often as the planner says", async () => {
    const worlds = [5, 50, 500].flatMap((rps) => [2, 5].map((ratio) => ({ name: `${rps}-rps-${ratio}x`, world: { ...plain, rps, ratio, baselineShare: 0.001 }, steps: [{ share: 0.1, minutes }] })));
    const steps = [{ share: 0.05, minutes: 20 }, { share: 0.25, minutes: 20 }, { share: 0.5, minutes: 20 }];
    for (const { name, world, steps: asked } of [...worlds, { name: "50-rps-2x-ramp", world: { ...plain, baselineShare: 0.001, ratio: 2, shareAt: ramp }, steps }]) {
      const row = await playMany(world, { seed: seed + 30, runs });
      const planned = planPower({ traffic: world, steps: asked, ratio: world.ratio });
      figures.note(`  ${name}: planned ${percent(planned).toFixed(1)} %, FAIL in the middle after ${row.medianFail} min`);
      figures.tell(`metrics-canary.power-${name}`, percent(row.fail), "%");
      figures.tell(`metrics-canary.power-${name}.beside-plan`, percent(Math.abs(row.fail - planned)), "points", { op: "<=", value: 10 });
    }
    for (const noise of [0.1, 0.5, 1]) figures.tell(`metrics-canary.power-2x-overdispersed-${noise}`, percent((await playMany({ ...plain, noise, ratio: 2 }, { seed: seed + 40, runs })).fail), "%");
  }, 3_600_000);
});

describe("a look", () => {
  it("costs little at 240 intervals", async () => {
    const one = [definitionOf({ minutes: 240 }), evidenceOf({ ...plain, minutes: 240, shareAt: ramp }, new Chance(seed))] as const;
    for (const explain of [false, true]) figures.tell(`metrics-canary.evaluation-240${explain ? "-explained" : ""}`, timed(...one, explain), "ms", { op: "<=", value: 5 });
    figures.tell("metrics-canary.evaluation-240-four-metrics", timed({ ...fourDefinition, minutes: 240 }, fourEvidence(seed, 240), false), "ms");
    expect(figures.missing).toEqual([]);
  }, 600_000);
});

/** The processor's time for a look, the mean of fifty after ten that warm up: what else the machine does meanwhile is not the judge's. */
function timed(definition: AnalysisDefinition, evidence: Evidence, explain: boolean): number {
  const look = (): unknown => judge(definition, evidence, { at: 240 * 60_000, explain });
  for (let i = 0; i < 10; i += 1) look();
  const start = process.cpuUsage();
  for (let i = 0; i < 50; i += 1) look();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 50 / 1000;
}

const latencyDefinition = definitionOf({ minutes, metrics: [{ kind: "latency", name: "slow", critical: true, buckets: { series: "x_bucket" }, edgesSeconds: [0.1, 0.5, 1] }] });

/** Latencies whose shares above the three edges are 20, 3 and 0.5 %. */
function latencyEvidence(chance: Chance): Evidence {
  const side = (count: number): number[] => {
    const slower = [0.2, 0.15, 1 / 6].reduce<number[]>((all, part) => [...all, chance.binomial(all.at(-1) ?? count, part)], []);
    return [...slower.map((value) => count - value), count];
  };
  const intervals = Array.from({ length: minutes }, (_, i) => ({ at: (i + 1) * 60_000, canary: side(chance.poisson(300)), baseline: side(chance.poisson(2700)) }));
  return { ...evidenceOf({ ...plain, minutes: 0 }, chance), metrics: { slow: { kind: "latency", edgesSeconds: [0.1, 0.5, 1], intervals, phi: null } } };
}

const four = ["errors", "timeouts", "slow", "retries"];
const fourDefinition = definitionOf({ minutes, metrics: four.map((name, i) => ({ kind: "ratio", name, critical: i < 2, weight: i + 1, events: { series: "x" }, exposure: { series: "x" } })) });

function fourEvidence(from: number, length = minutes): Evidence {
  const all = four.map((_, i) => evidenceOf({ ...plain, minutes: length }, new Chance(from + i)));
  return { ...evidenceOf({ ...plain, minutes: 0 }, new Chance(0)), metrics: Object.fromEntries(four.map((name, i) => [name, all[i]?.metrics.errors ?? { kind: "none", because: "" }])) };
}

const gaugeMinutes = 720;
const gaugeDefinition = definitionOf({ minutes: gaugeMinutes, metrics: [{ kind: "gauge", name: "memory", critical: true, series: { series: "x" } }] });

/** Twelve hours of two levels that each follow themselves, after eight hours of history; looked at every quarter of an hour. */
function playGauge(chance: Chance, phi: number): Run {
  let [c, b] = [chance.normal(), chance.normal()];
  const points: GaugePoint[] = Array.from({ length: 480 + gaugeMinutes }, (_, i) => {
    const fresh = Math.sqrt(1 - phi * phi);
    [c, b] = [phi * c + fresh * chance.normal(), phi * b + fresh * chance.normal()];
    return { at: (i - 479) * 60_000, canary: 100 + 5 * c, baseline: 100 + 5 * b };
  });
  const history = points.slice(0, 480).map(({ canary, baseline }) => (canary ?? 0) - (baseline ?? 0));
  const evidence: Evidence = { ...evidenceOf({ ...plain, minutes: 0 }, chance), metrics: { memory: { kind: "gauge", points: points.slice(480), correlation: autocorrelation(history) } } };
  return play(gaugeDefinition, evidence, { minutes: gaugeMinutes, every: 15 });
}
