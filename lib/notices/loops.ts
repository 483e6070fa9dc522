// Lets old notices go: they are news, not a record; what happened stands in the audit and in the jobs.
import "server-only";
import { systemClock } from "@/lib/base/clock";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { database } from "@/lib/runtime";

export const keptDays = 30;
/** And never more than so many, however much happens in a month. */
export const keptMost = 2_000;
const everyMs = 6 * 3_600_000;

export async function pruneNotices(now: number): Promise<number> {
  const [past] = await database().notice.findMany({ orderBy: { id: "desc" }, skip: keptMost, take: 1, select: { id: true } });
  const { count } = await database().notice.deleteMany({ where: { OR: [{ at: { lt: new Date(now - keptDays * 86_400_000) } }, ...(past ? [{ id: { lte: past.id } }] : [])] } });
  return count;
}

export async function startNoticeLoops(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pruneNotices(systemClock.now()).catch((thrown: unknown) => log.warn({ cause: causeText(thrown) }, "old notices could not be let go"));
    await systemClock.sleep(everyMs, signal);
  }
}
