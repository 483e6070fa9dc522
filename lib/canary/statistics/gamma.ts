// Logarithms of the gamma and beta functions, and the incomplete beta function, exact enough for counts of a hundred million.

/** What Stirling's formula leaves over; for arguments of at least ten the series is exact to the last bit. */
function stirlingRest(x: number): number {
  const s = 1 / (x * x);
  return (1 / x) * (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360_360 - s / 156))))));
}

const halfLogTwoPi = 0.918938533204672741780329736406;

export function lnGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let y = x;
  while (y < 10) {
    shift += Math.log(y);
    y += 1;
  }
  return (y - 0.5) * Math.log(y) - y + halfLogTwoPi + stirlingRest(y) - shift;
}

/** For two large arguments the large parts are taken out on paper, so that what is left has all its digits. */
export function lnBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  if (small < 10) return lnGamma(small) + (large < 10 ? lnGamma(large) - lnGamma(a + b) : lnGammaFall(large, small));
  const rest = stirlingRest(a) + stirlingRest(b) - stirlingRest(a + b);
  return (a - 0.5) * Math.log(a / (a + b)) + b * Math.log(b / (a + b)) + halfLogTwoPi + rest - 0.5 * Math.log(b);
}

/** ln Γ(x) − ln Γ(x + by) for a large x. */
function lnGammaFall(x: number, by: number): number {
  const to = x + by;
  return -(x - 0.5) * Math.log1p(by / x) - by * Math.log(to) + by + stirlingRest(x) - stirlingRest(to);
}

/** The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b)) / a;
  return front * betaFraction(x, a, b);
}

const tiny = 1e-300;
const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}
