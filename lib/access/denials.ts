// Refusals to somebody without a session: counted by route and minute, because anybody can cause any number of them.
import "server-only";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { database, ending, keep } from "@/lib/runtime";

const flushEveryMs = 5000;
const minuteMs = 60_000;
const keptMs = 90 * 24 * 60 * minuteMs;

/** By "<minute> <route>"; routes are the names of verbs and feeds, so there are only so many. */
const counted = (): Map<string, number> => keep("access.denials", () => new Map<string, number>());

export function countDenial(route: string, now = Date.now()): void {
  const key = `${Math.floor(now / minuteMs)} ${route}`;
  counted().set(key, (counted().get(key) ?? 0) + 1);
}

/** Adds what was counted to the database; what could not be added is kept for the next time. */
export async function flushDenials(): Promise<void> {
  const taken = [...counted()];
  counted().clear();
  for (const [key, count] of taken) {
    const space = key.indexOf(" ");
    const [minute, route] = [new Date(Number(key.slice(0, space)) * minuteMs), key.slice(space + 1)];
    try {
      await database().$executeRaw`INSERT INTO "denial_counts" ("route", "minute", "count") VALUES (${route}, ${minute}, ${count}) ON CONFLICT ("route", "minute") DO UPDATE SET "count" = "denial_counts"."count" + ${count}`;
    } catch (cause) {
      counted().set(key, (counted().get(key) ?? 0) + count);
      log.warn({ route, cause: causeText(cause) }, "refusals without a session could not be counted yet");
    }
  }
}

/** Runs as long as the server. */
export function startDenialCount(): void {
  const timer = setInterval(() => void flushDenials(), flushEveryMs);
  const forget = () => void database().denialCount.deleteMany({ where: { minute: { lt: new Date(Date.now() - keptMs) } } }).catch((cause: unknown) => log.warn({ cause: causeText(cause) }, "old counts of refusals could not be removed"));
  const daily = setInterval(forget, 24 * 60 * minuteMs);
  ending().signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearInterval(daily);
    void flushDenials();
  }, { once: true });
}
