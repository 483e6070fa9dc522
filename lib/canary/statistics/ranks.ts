// Ranks with ties, and what follows from them: effect size, Mann-Whitney's p, Brunner and Munzel's test, the exact shift and its interval.
import { mean, quantile, variance } from "./quantile";
import { normalCdf, normalQuantile, studentCdf } from "./normal";

export interface Ranked {
  /** Ranks of the first sample, then of the second, ties sharing their average. */
  ranks: Float64Array;
  /** Sum over groups of ties of t³ − t. */
  ties: number;
}

export function rank(values: readonly number[]): Ranked {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let i = from; i < to; i += 1) ranks[order[i] ?? 0] = (from + to + 1) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** The chance that one of `x` is above one of `y`, ties counted half: 0.5 is equal. */
export function commonLanguageEffect(x: readonly number[], y: readonly number[]): number {
  const [m, n] = [x.length, y.length];
  return (2 * sumOf(rank([...x, ...y]).ranks.subarray(0, m)) - m * (m + 1)) / (2 * m * n);
}

export interface RankTest { u: number; less: number; twoSided: number; greater: number }

/** Mann-Whitney: exact for small samples without ties, else normal with corrections for ties and continuity. */
export function mannWhitneyTest(x: readonly number[], y: readonly number[]): RankTest {
  const [m, n] = [x.length, y.length];
  const { ranks, ties } = rank([...x, ...y]);
  const u = sumOf(ranks.subarray(0, m)) - (m * (m + 1)) / 2;
  if (ties === 0 && m < 50 && n < 50) return exactTest(u, m, n);
  const sigma = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
  const from = u - (m * n) / 2;
  if (!(sigma > 0)) return { u, less: 1, twoSided: 1, greater: 1 };
  return { u, less: normalCdf((from + 0.5) / sigma), greater: normalCdf(-(from - 0.5) / sigma), twoSided: Math.min(1, 2 * normalCdf(-Math.max(0, Math.abs(from) - 0.5) / sigma)) };
}

function exactTest(u: number, m: number, n: number): RankTest {
  let ways: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let a = 1; a <= m; a += 1) {
    const next: number[][] = [[1]];
    for (let b = 1; b <= n; b += 1) next.push(Array.from({ length: a * b + 1 }, (_, k) => (ways[b]?.[k - b] ?? 0) + (next[b - 1]?.[k] ?? 0)));
    ways = next;
  }
  const counts = ways[n] ?? [1];
  const all = counts.reduce((sum, value) => sum + value, 0);
  const upTo = (k: number): number => counts.slice(0, Math.max(0, k + 1)).reduce((sum, value) => sum + value, 0) / all;
  const [less, greater] = [upTo(u), 1 - upTo(u - 1)];
  return { u, less, greater, twoSided: Math.min(1, 2 * Math.min(less, greater)) };
}

/** Brunner and Munzel: is one sample above the other more often, whatever the two spreads are. */
export function brunnerMunzel(x: readonly number[], y: readonly number[]): { statistic: number; p: number } {
  const [m, n] = [x.length, y.length];
  const all = rank([...x, ...y]).ranks;
  const part = (own: readonly number[], inAll: Float64Array) => {
    const inOwn = rank(own).ranks;
    return { mean: mean([...inAll]), variance: variance(Array.from(inAll, (value, i) => value - (inOwn[i] ?? 0))) };
  };
  const [a, b] = [part(x, all.subarray(0, m)), part(y, all.subarray(m))];
  const spread = m * a.variance + n * b.variance;
  const statistic = (m * n * (b.mean - a.mean)) / ((m + n) * Math.sqrt(spread));
  const degrees = spread ** 2 / ((m * a.variance) ** 2 / (m - 1) + (n * b.variance) ** 2 / (n - 1));
  return { statistic, p: 2 * studentCdf(-Math.abs(statistic), degrees) };
}

export interface Shift { low: number; estimate: number; high: number }

/** The shift of Hodges and Lehmann with its interval from the order of all differences: the same in every unit, which a root finder's is not. */
export function exactShift(x: readonly number[], y: readonly number[], confidence: number): Shift {
  const [m, n] = [x.length, y.length];
  const differences = Float64Array.from(x.flatMap((a) => y.map((b) => a - b))).sort();
  const { ties } = rank([...x, ...y]);
  const sigma = Math.sqrt(Math.max(0, ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1)))));
  const k = Math.max(0, Math.floor((m * n) / 2 + normalQuantile((1 - confidence) / 2) * sigma - 0.5));
  return { low: differences[k] ?? Number.NaN, estimate: quantile([...differences], 0.5), high: differences[m * n - k - 1] ?? Number.NaN };
}
