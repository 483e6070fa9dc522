// Figures as the trade writes them: 130m, 0.9 Gi.

const steps: readonly (readonly [string, number])[] = [["Ti", 1024 ** 4], ["Gi", 1024 ** 3], ["Mi", 1024 ** 2], ["Ki", 1024]];

export function cpuText(millis: number): string {
  return Number.isFinite(millis) ? `${Math.round(millis)}m` : "?";
}

/** Free memory is rounded down and short memory is not, so one digit after the point is kept from the true side by the caller's choice of figure. */
export function bytesText(bytes: number): string {
  if (!Number.isFinite(bytes)) return "?";
  const step = steps.find(([, size]) => Math.abs(bytes) >= size);
  if (!step) return `${Math.round(bytes)} B`;
  const value = bytes / step[1];
  return `${Number.isInteger(value) || Math.abs(value) >= 100 ? Math.round(value) : value.toFixed(1)} ${step[0]}`;
}

export function figureText({ unit }: { unit: "millicores" | "bytes" | "count" }, value: number): string {
  if (unit === "millicores") return cpuText(value);
  return unit === "bytes" ? bytesText(value) : String(value);
}
