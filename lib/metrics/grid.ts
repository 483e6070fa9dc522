// Series on one grid of times: what Prometheus leaves out, and what is no number, is null, so that a line breaks there and is never joined across.

export interface Grid { start: number; end: number; stepMs: number }

export function gridLength({ start, end, stepMs }: Grid): number {
  return Math.floor((end - start) / stepMs) + 1;
}

export function gridTimes(grid: Grid): number[] {
  return Array.from({ length: gridLength(grid) }, (_, index) => grid.start + index * grid.stepMs);
}

/** The points' values by their place on the grid; a point beside the grid is left out. */
export function onGrid(points: readonly (readonly [at: number, value: number])[], grid: Grid): (number | null)[] {
  const values = new Array<number | null>(gridLength(grid)).fill(null);
  for (const [at, value] of points) {
    const place = Math.round((at - grid.start) / grid.stepMs);
    if (place >= 0 && place < values.length && Number.isFinite(value)) values[place] = value;
  }
  return values;
}

/** The last value that is one, and how many steps before the end it stands; null when there is none. */
export function lastValue(values: readonly (number | null)[]): { value: number; stepsAgo: number } | null {
  for (let place = values.length - 1; place >= 0; place -= 1) {
    const value = values[place];
    if (value !== null && value !== undefined) return { value, stepsAgo: values.length - 1 - place };
  }
  return null;
}
