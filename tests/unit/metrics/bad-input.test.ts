// Which test proves what becomes of each bad input of metrics and canaries: a table that fails when a test it names is gone.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const table: readonly (readonly [input: string, file: string, title: string])[] = [
  ["Prometheus down", "wire/prometheus.test.ts", "reads the words of a server that is starting, that is none, and that talks too much"],
  ["Prometheus down while a canary is judged", "flow/stepper.test.ts", "gives the canary no more while the service is ill or the judge sees nothing, and goes on afterwards"],
  ["Prometheus slow, or the viewer leaves", "wire/prometheus.test.ts", "gives up on an answer that does not come, and when nobody waits for it any more"],
  ["2.x and 3.x", "unit/metrics/companions.test.ts", "3.x cuts answers itself and leaves the left end of a range out; 2.x does neither, and it is said"],
  ["2.x and 3.x", "unit/metrics/companions.test.ts", "2.x or 3.x answers alike: infos are read where there are some, and their lack is none"],
  ["limit of names on old servers", "wire/prometheus.test.ts", "names, values, series and meanings come cut to what was asked for, whatever the server's version makes of the limit"],
  ["query error with its place", "wire/prometheus.test.ts", "an expression is laid out as Prometheus does it, and a wrong one is told with its place"],
  ["query error with its place, on the screen", "browser/metrics.test.ts", "shows Prometheus' own words where an expression is wrong, with the place"],
  ["a million series", "unit/metrics/companions.test.ts", "refuses a question of a million series kindly: what is too much, and what would do"],
  ["more series than a browser is sent", "unit/metrics/rules.test.ts", "keeps the highest series and says how many there were"],
  ["NaN on a chart", "unit/metrics/rules.test.ts", "is broken where Prometheus has no value or none that is a number, and never joined across"],
  ["NaN in evidence", "unit/canary/counters.test.ts", "leaves out NaN, infinities and negative values, puts samples in order and takes the last of a moment"],
  ["stale series", "unit/canary/counters.test.ts", "does not compare across five minutes of silence, but knows a new start when the pod went on talking"],
  ["stale series on a chart", "unit/metrics/rules.test.ts", "knows its last value and how long ago that was"],
  ["counter resets", "unit/canary/counters.test.ts", "counts what it grew by, and a fall as a restart from zero"],
  ["no data", "unit/canary/judge.test.ts", "a guard without samples holds, none at all does not"],
  ["no traffic", "unit/canary/judge.test.ts", "PASS is proof and not silence: a good canary passes at its margin, one without traffic never does"],
  ["a workload without the metric", "unit/canary/judge.test.ts", "latency is judged by its edges, gauges by batches, and metrics without data wait"],
  ["clock skew", "unit/canary/counters.test.ts", "forgives the clocks one step"],
  ["pods born in the window", "unit/canary/counters.test.ts", "counts the first value of a pod born in the window"],
];

it.each(table)("%s is proven by a test of %s", (_input, file, title) => {
  expect(readFileSync(path.join(root, file), "utf8")).toContain(title);
});
