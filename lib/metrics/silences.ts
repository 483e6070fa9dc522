// Silences: which alert they hold back, said as matchers; those that count first.
import { z } from "zod";

const matcher = z.object({ name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "A label's name has letters, digits and _."), value: z.string().max(1000), isRegex: z.boolean().default(false), isEqual: z.boolean().default(true) });
export type Matcher = z.infer<typeof matcher>;

export const silence = z.object({ id: z.string(), state: z.enum(["active", "pending", "expired"]), matchers: z.array(matcher), startsAt: z.number(), endsAt: z.number(), createdBy: z.string(), comment: z.string() });
export type Silence = z.infer<typeof silence>;

/** What is wanted of a new one: exactly the labels that it names, a reason, and an end. */
export const wantedSilence = z.object({
  matchers: z.array(matcher).min(1, "Name at least one label.").max(30).refine((all) => all.some(({ value, isEqual, isRegex }) => isEqual && value !== "" && !(isRegex && /^\.[*+]$/.test(value))), "A silence that matches everything is not made."),
  minutes: z.number().int().min(1).max(30 * 24 * 60),
  reason: z.string().trim().min(3, "Say in a few words why.").max(500),
});

/** All labels of an alert, so that no other is held back. */
export function matchersOf(name: string, labels: Readonly<Record<string, string>>): Matcher[] {
  const all = { alertname: name, ...labels };
  return Object.entries(all).map(([label, value]) => ({ name: label, value, isRegex: false, isEqual: true }));
}

export function matcherText({ name, value, isRegex, isEqual }: Matcher): string {
  return `${name}${isEqual ? (isRegex ? "=~" : "=") : isRegex ? "!~" : "!="}${JSON.stringify(value)}`;
}

/** Whether exactly these labels are meant: as Alertmanager matches, a pattern holds for the whole value. */
export function holds(matchers: readonly Matcher[], name: string, labels: Readonly<Record<string, string>>): boolean {
  const all: Record<string, string> = { ...labels, alertname: name };
  return matchers.every(({ name: label, value, isRegex, isEqual }) => fits(all[label] ?? "", { value, isRegex }) === isEqual);
}

function fits(text: string, { value, isRegex }: { value: string; isRegex: boolean }): boolean {
  if (!isRegex) return text === value;
  try {
    return new RegExp(`^(?:${value})$`).test(text);
  } catch {
    return false;
  }
}

const order = ["active", "pending", "expired"] as const;

/** Active first, by when they end; of those that are over only the latest. */
export function inOrder(silences: readonly Silence[], expiredAtMost = 20): Silence[] {
  const sorted = [...silences].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.state === "expired" ? b.endsAt - a.endsAt : a.endsAt - b.endsAt));
  return sorted.filter((one, at) => one.state !== "expired" || at - sorted.findIndex(({ state }) => state === "expired") < expiredAtMost);
}
