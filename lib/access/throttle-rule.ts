// How long an account stays closed after its n-th wrong password in a row.

const freeFailures = 4;
const firstMs = 15_000;
const longestMs = 15 * 60_000;
export const forgottenAfterMs = 24 * 3600_000;

/** Nothing for the first four; then 15 s, doubling, at most 15 minutes: the owner is kept out for minutes, a guesser for good. */
export function blockedForMs(failures: number): number {
  return failures <= freeFailures ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(failures - freeFailures - 1, 20));
}
