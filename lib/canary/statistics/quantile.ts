// Means, spreads and quantiles of plain samples.

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The sample variance, about its own mean; NaN for fewer than two. */
export function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.length < 2 ? Number.NaN : values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** The quantile of an ascending sample by linear interpolation (R's type 7, numpy's default); `share` from 0 to 1. */
export function quantile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) return Number.NaN;
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] ?? Number.NaN;
  const above = ascending[Math.ceil(place)] ?? Number.NaN;
  return below === above ? below : below + (place - Math.floor(place)) * (above - below);
}

/** Lag-1 autocorrelation, 0 where there is nothing to correlate. */
export function autocorrelation(values: readonly number[]): number {
  const middle = mean(values);
  let [both, own] = [0, 0];
  values.forEach((value, i) => {
    own += (value - middle) ** 2;
    const next = values[i + 1];
    if (next !== undefined) both += (value - middle) * (next - middle);
  });
  return own > 0 ? both / own : 0;
}
