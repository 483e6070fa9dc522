// The expressions that were run in this browser last; fifty, the newest first.
import { readLocalStorageValue } from "@mantine/hooks";

const key = "quarterdeck.promql";
const keptAtMost = 50;

export function recentExpressions(): string[] {
  const kept: unknown = readLocalStorageValue({ key, defaultValue: [] });
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, keptAtMost) : [];
}

export function rememberExpression(expression: string): void {
  const kept = [expression, ...recentExpressions().filter((one) => one !== expression)].slice(0, keptAtMost);
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still runs queries.
  }
}
