// Labels and taints of a pool as a person writes them: one a line, key=value and key=value:Effect.
import type { Pool, Taint } from "@/lib/provisioning/model";

export const labelLines = (labels: Pool["labels"]): string => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join("\n");
export const taintLines = (taints: readonly Taint[]): string => taints.map(({ key, value, effect }) => `${key}${value === "" ? "" : `=${value}`}:${effect}`).join("\n");
export const settingsText = ({ labels, taints }: Pick<Pool, "labels" | "taints">): string => [labelLines(labels), taintLines(taints)].filter((part) => part !== "").join("\n").replaceAll("\n", ", ");

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

export type Settings = { ok: true; labels: Record<string, string>; taints: Taint[] } | { ok: false; say: string };

const isEffect = (text: string): text is Taint["effect"] => text === "NoSchedule" || text === "PreferNoSchedule" || text === "NoExecute";

/** What a key and a value may hold is the server's to judge; here only that each line is one. */
export function toSettings(labels: string, taints: string): Settings {
  const pairs: Record<string, string> = {};
  for (const line of linesOf(labels)) {
    const at = line.indexOf("=");
    const key = at < 0 ? line : line.slice(0, at);
    if (at <= 0) return { ok: false, say: `"${line}" is no label; write key=value.` };
    if (key in pairs) return { ok: false, say: `The label ${key} is there twice.` };
    pairs[key] = line.slice(at + 1);
  }
  const all: Taint[] = [];
  for (const line of linesOf(taints)) {
    const [, key = "", value = "", effect = ""] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(line) ?? [];
    if (!isEffect(effect)) return { ok: false, say: `"${line}" is no taint; write key=value:NoSchedule, or PreferNoSchedule or NoExecute at the end.` };
    all.push({ key, value, effect });
  }
  return { ok: true, labels: pairs, taints: all };
}
