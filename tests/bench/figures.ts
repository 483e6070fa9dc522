// How a benchmark tells a figure: on a line of its own with its aim, or that it could not be made.
export interface Aim { op: "<=" | ">="; value: number }

export interface Figures {
  tell(name: string, value: number, unit: string, aim?: Aim): void;
  note(text: string): void;
  /** Makes a measurement; one that fails is told, counted, and does not keep the others from being made. */
  attempt(name: string, measure: () => Promise<void>): Promise<void>;
  readonly missing: readonly string[];
}

export function createFigures(write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`)): Figures {
  const missing: string[] = [];
  return {
    missing,
    note: write,
    tell(name, value, unit, aim) {
      const shown = Number(value.toPrecision(value >= 1000 ? 8 : 4));
      const verdict = aim === undefined ? "(no aim)" : `(aim ${aim.op} ${aim.value}, ${(aim.op === "<=" ? value <= aim.value : value >= aim.value) ? "met" : "missed"})`;
      write(`FIGURE ${name} ${shown} ${unit} ${verdict}`);
    },
    async attempt(name, measure) {
      try {
        await measure();
      } catch (error) {
        missing.push(name);
        write(`NOT MADE ${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
      }
    },
  };
}

/** The value that `share` of all are not above, by nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
