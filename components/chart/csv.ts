// A chart's values as a file for a spreadsheet: a row per time, a column per line.

/** Quoted where it must be; a text that a spreadsheet would run as a formula is kept from it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(times: readonly number[], series: readonly { name: string; values: readonly (number | null)[] }[]): string {
  const rows = times.map((at, index) => [new Date(at).toISOString(), ...series.map(({ values }) => (values[index] ?? null) === null ? "" : String(values[index]))]);
  return [["time", ...series.map(({ name }) => name)], ...rows].map((row) => row.map(cell).join(",")).join("\n");
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
