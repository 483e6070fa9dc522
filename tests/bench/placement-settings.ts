// What a run of the placement bench measures: sizes and parts from the words after `--`, and the aims of issue 3.
import type { Aim } from "./figures";

export interface Size { pods: number; nodes: number; label: string }

export const parts = ["data", "drawn", "faults", "latency", "start"] as const;
export type Part = (typeof parts)[number];

export interface Settings { sizes: readonly Size[]; latencyAt: readonly number[]; parts: readonly Part[] }

const allSizes: readonly Size[] = [
  { pods: 1_000, nodes: 50, label: "1k" },
  { pods: 10_000, nodes: 500, label: "10k" },
  { pods: 30_000, nodes: 1_000, label: "30k" },
  { pods: 150_000, nodes: 5_000, label: "150k" },
];

/** `--sizes 1000,10000 --latency 30000 --parts data,drawn`; what is not said is all of it. */
export function readSettings(words: readonly string[]): Settings {
  const listAfter = (flag: string): string[] | null => words[words.indexOf(flag) + 1]?.split(",").filter((word) => words.includes(flag) && word !== "") ?? null;
  const sized = (text: string): Size => allSizes.find(({ pods }) => pods === Number(text)) ?? refuse(`${text} is no size; there are ${allSizes.map(({ pods }) => pods).join(", ")}`);
  const part = (text: string): Part => parts.find((one) => one === text) ?? refuse(`${text} is no part; there are ${parts.join(", ")}`);
  return {
    sizes: words.includes("--sizes") ? (listAfter("--sizes") ?? []).map(sized) : allSizes,
    latencyAt: words.includes("--latency") ? (listAfter("--latency") ?? []).map(Number) : [30_000, 150_000],
    parts: words.includes("--parts") ? (listAfter("--parts") ?? []).map(part) : parts,
  };
}

function refuse(say: string): never {
  throw new RangeError(say);
}

const at = (pods: number, aim: Aim) => (size: Size): Aim | undefined => (size.pods === pods ? aim : undefined);

export const aims = {
  firstDataBytes: at(30_000, { op: "<=", value: 1_000_000 }),
  heapMb: at(30_000, { op: "<=", value: 60 }),
  rssOverIdleMb: at(150_000, { op: "<=", value: 300 }),
  etcdLoadMs: at(150_000, { op: "<=", value: 30_000 }),
  drawnMs: at(150_000, { op: "<=", value: 2_000 }),
  panFps: at(150_000, { op: ">=", value: 30 }),
  startOverRaw: at(150_000, { op: "<=", value: 1.3 }),
  latencyMs: { op: "<=", value: 250 },
  staleMs: { op: "<=", value: 2_000 },
  healedMs: { op: "<=", value: 5_000 },
  secondStartMs: { op: "<=", value: 8_000 },
} as const;
