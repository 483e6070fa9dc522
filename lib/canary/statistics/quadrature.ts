// The logarithm of an integral whose integrand's logarithm is concave: found where it matters, then summed by Gauss and Legendre.

export interface LogConcave {
  /** The logarithm of the integrand. */
  value: (x: number) => number;
  slope: (x: number) => number;
  low: number;
  high: number;
}

/** Beyond this much below the peak nothing reaches the last bit of a double. */
const depth = 42;
const panels = 3;
const { nodes, weights } = gaussLegendre(16);

export function logIntegral(integrand: LogConcave): number {
  const peak = peakOf(integrand);
  const top = integrand.value(peak);
  if (!Number.isFinite(top)) return top;
  const from = edge(integrand, { peak, floor: top - depth, towards: integrand.low });
  const to = edge(integrand, { peak, floor: top - depth, towards: integrand.high });
  return top + Math.log(sum((x) => Math.exp(integrand.value(x) - top), [...split(from, peak), ...split(peak, to)]));
}

function peakOf({ slope, low, high }: LogConcave): number {
  if (slope(low) <= 0) return low;
  if (slope(high) >= 0) return high;
  let [a, b] = [low, high];
  for (let turn = 0; turn < 60 && b - a > 1e-9; turn += 1) {
    const middle = (a + b) / 2;
    if (slope(middle) > 0) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** Where the integrand has sunk to the floor on one side of its peak; a rough answer is enough, for the sum is fine everywhere. */
function edge({ value }: LogConcave, { peak, floor, towards }: { peak: number; floor: number; towards: number }): number {
  if (value(towards) >= floor) return towards;
  let [inside, outside] = [peak, towards];
  for (let turn = 0; turn < 40; turn += 1) {
    const middle = (inside + outside) / 2;
    const sunk = floor - value(middle);
    if (sunk > 0) outside = middle;
    else inside = middle;
    if (sunk > 0 && sunk < 8) break;
  }
  return outside;
}

function split(from: number, to: number): [number, number][] {
  if (to <= from) return [];
  const width = (to - from) / panels;
  return Array.from({ length: panels }, (_, i) => [from + i * width, from + (i + 1) * width]);
}

function sum(f: (x: number) => number, parts: readonly [number, number][]): number {
  let total = 0;
  for (const [from, to] of parts) {
    const [middle, half] = [(from + to) / 2, (to - from) / 2];
    for (let i = 0; i < nodes.length; i += 1) total += half * (weights[i] ?? 0) * f(middle + half * (nodes[i] ?? 0));
  }
  return total;
}

/** Roots of the Legendre polynomial by Newton's steps from the cosine's guess. */
function gaussLegendre(count: number): { nodes: number[]; weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 1; i <= count; i += 1) {
    let x = Math.cos((Math.PI * (i - 0.25)) / (count + 0.5));
    let slope = 1;
    for (let turn = 0; turn < 20; turn += 1) {
      let [before, now] = [1, x];
      for (let k = 2; k <= count; k += 1) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
      slope = (count * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}
