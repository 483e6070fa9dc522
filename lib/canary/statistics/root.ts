// Where a function changes its sign: plain halving for our own questions.

export interface Bracket { low: number; high: number }

/** The root of a rising function to the last bit of a double; an end of the bracket if it lies outside. */
export function bisect(rising: (x: number) => number, { low, high }: Bracket): number {
  let [a, b] = [low, high];
  for (let turn = 0; turn < 200; turn += 1) {
    const middle = a + (b - a) / 2;
    if (middle <= a || middle >= b) break;
    if (rising(middle) < 0) a = middle;
    else b = middle;
  }
  return a + (b - a) / 2;
}
