// Values as charts write them, by their unit: short, and never more exact than they are.
import type { Unit } from "@/lib/metrics/model";

/** "1.2k", "0.35", "12": three figures that count. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)}G`;
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 10_000) return `${trim(value / 1000)}k`;
  return trim(value);
}

function trim(value: number): string {
  const size = Math.abs(value);
  const fixed = size >= 100 || Number.isInteger(value) ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 0.01 || size === 0 ? value.toFixed(2) : value.toPrecision(2);
  return fixed.includes(".") && !fixed.includes("e") ? fixed.replace(/\.?0+$/, "") : fixed;
}

const steps = ["B", "Ki", "Mi", "Gi", "Ti"] as const;

function bytesText(value: number): string {
  let [size, step] = [value, 0];
  while (Math.abs(size) >= 1024 && step < steps.length - 1) {
    size /= 1024;
    step += 1;
  }
  return `${trim(size)} ${steps[step] ?? "B"}`;
}

function secondsText(value: number): string {
  const size = Math.abs(value);
  if (size >= 7200) return `${(value / 3600).toPrecision(2)} h`;
  if (size >= 120) return `${Math.round(value / 60)} min`;
  if (size >= 1 || size === 0) return `${trim(value)} s`;
  return size >= 0.001 ? `${trim(value * 1000)} ms` : `${trim(value * 1e6)} µs`;
}

const writers: Record<Unit, (value: number) => string> = {
  bytes: bytesText, seconds: secondsText, ratio: (value) => `${trim(value * 100)} %`, millicores: (value) => `${trim(value)}m`,
  count: shortNumber, "per second": shortNumber, "per minute": shortNumber,
};

export function figure(value: number | null | undefined, unit: Unit): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "–" : writers[unit](value);
}

/** 03:12, with the day where the window is longer than one. */
export function timeText(at: number, spanMs: number): string {
  const options: Intl.DateTimeFormatOptions = spanMs > 86_400_000 ? { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", hour12: false } : { hour: "2-digit", minute: "2-digit", hour12: false };
  return new Date(at).toLocaleString("en-GB", options);
}
