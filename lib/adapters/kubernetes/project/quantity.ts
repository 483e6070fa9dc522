// Kubernetes quantities ("250m", "1.5Gi", "2e3") as numbers in the unit asked for, rounded up as the scheduler does.
import type { Flaws } from "./read";

const shape = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\d{1,4}))?$/;
const binaryPower: Readonly<Record<string, number>> = { K: 10, M: 20, G: 30, T: 40, P: 50, E: 60 };
const decimalPower: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** The value times 10^shift; NaN when it is no quantity. The shift goes into the decimal exponent, so "0.1" cores are 100 millicores exactly. */
function shifted(value: unknown, shift: number): number {
  const parts = shape.exec(typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "");
  if (!parts) return NaN;
  const [, mantissa = "", binary, decimal, exponent] = parts;
  const power = shift + (decimal ? (decimalPower[decimal] ?? 0) : exponent ? Number(exponent) : 0);
  const result = Number(`${mantissa}e${power}`) * (binary ? 2 ** (binaryPower[binary] ?? 0) : 1);
  return Number.isFinite(result) ? roundUp(result) : NaN;
}

/** Away from zero, as the API machinery rounds what its unit cannot hold. */
function roundUp(value: number): number {
  return Number.isInteger(value) ? value : value < 0 ? Math.floor(value) : Math.ceil(value);
}

/** Whole units: bytes, pods, devices. */
export function toUnits(value: unknown): number {
  return shifted(value, 0);
}

/** Thousandths: millicores. */
export function toMillis(value: unknown): number {
  return shifted(value, 3);
}

/** Absent is 0; unreadable is NaN and noted; negative is kept and noted. */
export function quantity(value: unknown, read: (value: unknown) => number, at: { path: string; flaws: Flaws }): number {
  if (value === undefined || value === null) return 0;
  const result = read(value);
  if (Number.isNaN(result) || result < 0) at.flaws.note(at.path, value);
  return result;
}
