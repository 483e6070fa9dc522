// The record as it leaves the console: one flat row per entry, as JSON or as a line of CSV that no spreadsheet runs.
import type { AuditOutcome } from "./model";

export const exportColumns = ["seq", "id", "at", "actorKind", "actorId", "actorName", "via", "address", "requestId", "action", "targetKind", "targetName", "cluster", "outcome", "reason", "input", "durationMs", "intentId", "prevHash", "hash"] as const;
export type ExportRow = Record<(typeof exportColumns)[number], string>;

export interface Entry {
  seq: bigint | null; id: bigint; at: Date; actorKind: string; actorId: string; actorName: string; via: string | null; address: string; requestId: string;
  action: string; targetKind: string; targetName: string; cluster: string | null; outcome: AuditOutcome; reason: string; input: unknown; durationMs: number | null; intentId: bigint | null; prevHash: string; hash: string;
}

export function toExportRow(entry: Entry): ExportRow {
  return {
    ...entry, seq: entry.seq?.toString() ?? "", id: entry.id.toString(), at: entry.at.toISOString(), via: entry.via ?? "", cluster: entry.cluster ?? "",
    input: entry.input === null || entry.input === undefined ? "" : JSON.stringify(entry.input), durationMs: entry.durationMs?.toString() ?? "", intentId: entry.intentId?.toString() ?? "",
  };
}

/** A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
}
