// Records as lines of CSV that a spreadsheet opens without running anything in them.
import type { DeploymentRecord } from "../model";

const columns = ["id", "startedAt", "finishedAt", "kind", "namespace", "name", "tier", "environment", "revision", "change", "fromVersion", "version", "commit", "outcome", "reason", "actor", "actorSource", "ciLabel", "ciUrl", "leadMs", "failedAt", "recoveredAt", "returnsTo", "rolledBackBy", "source"] as const;
const times: ReadonlySet<string> = new Set(["startedAt", "finishedAt", "failedAt", "recoveredAt"]);

/** A cell that begins like a formula is given an apostrophe: names and messages are other people's text. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvHead = `${columns.join(",")}\n`;

export function csvLine(record: DeploymentRecord): string {
  return `${columns.map((column) => cell(times.has(column) && typeof record[column] === "number" ? new Date(record[column]).toISOString() : record[column])).join(",")}\n`;
}
