// The normal and Student's t distribution: distribution functions and the normal quantile, to double precision.
import { incompleteBeta } from "./gamma";
import { bisect } from "./root";

/** The upper tail Q(x) for x >= 0: a series near the middle, a continued fraction in the tail, where 1 − Φ would have no digits left. */
function upperTail(x: number): number {
  if (x > 38.5) return 0;
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; Math.abs(term) > 1e-18 * sum && k < 200; k += 1) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let k = 120; k >= 1; k -= 1) fraction = x + k / fraction;
  return density / fraction;
}

export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  return -bisect((x) => p - upperTail(x), { low: 0, high: 38.5 });
}

/** Student's t with a degree of freedom that need not be whole. */
export function studentCdf(t: number, degrees: number): number {
  const tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}
