// The shortest way from one list of lines to another, for texts of some hundred lines.

export interface DiffLine { sign: " " | "+" | "-"; text: string; number: number }

/** By the longest common subsequence between what the two have alike at both ends. */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const middle = between(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const same = (text: string) => ({ sign: " " as const, text });
  return [...after.slice(0, head).map(same), ...middle, ...after.slice(after.length - tail).map(same)].map((line, number) => ({ ...line, number }));
}

const mostCells = 4_000_000;

function between(before: readonly string[], after: readonly string[]): Omit<DiffLine, "number">[] {
  const went = before.map((text) => ({ sign: "-" as const, text }));
  const came = after.map((text) => ({ sign: "+" as const, text }));
  if (before.length * after.length > mostCells || before.length === 0 || after.length === 0) return [...went, ...came];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) for (let j = after.length - 1; j >= 0; j -= 1) {
    common[i * width + j] = before[i] === after[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  }
  const lines: Omit<DiffLine, "number">[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: " ", text: after[j] ?? "" });
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) lines.push(went[i++] ?? { sign: "-", text: "" });
    else lines.push(came[j++] ?? { sign: "+", text: "" });
  }
  return lines;
}
