// Asks what is configured from outside the clusters, each address in its own time, and keeps the answers.
import "server-only";
import { goHttp, goTcp } from "@/lib/adapters/outgoing/go";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { database, keep } from "@/lib/runtime";

const keptMs = 30 * 86_400_000;
const atOnce = 10;

const askedAt = (): Map<string, number> => keep("status.probed", () => new Map<string, number>());

interface Probe { id: string; kind: string; address: string; expect: string; everyMs: number; timeoutMs: number }

/** Those that are due, a few at a time. An address that is refused now, though it was allowed, is a failure like another. */
export async function probeDue(now: number, signal: AbortSignal): Promise<void> {
  const probes = await database().statusProbe.findMany({ where: { removedAt: null } });
  const due = probes.filter(({ id, everyMs }) => now - (askedAt().get(id) ?? 0) >= everyMs);
  for (let first = 0; first < due.length; first += atOnce) await Promise.all(due.slice(first, first + atOnce).map((probe) => probeOnce(probe, now, signal)));
}

export async function probeOnce({ id, kind, address, expect, timeoutMs }: Probe, now: number, signal?: AbortSignal): Promise<void> {
  askedAt().set(id, now);
  const going = { timeoutMs, ...(signal ? { signal } : {}) };
  const went = await Promise.resolve().then(() => (kind === "tcp" ? goTcp(address, going) : goHttp(address, going))).catch((cause: unknown) => {
    log.warn({ probe: id, cause: causeText(cause) }, "a probe could not go out");
    return { ok: false, status: 0, tookMs: 0, say: "its address is refused" };
  });
  if (signal?.aborted) return;
  const ok = went.ok || (expect === "answers" && went.status > 0 && went.status < 500);
  await database().probeResult.createMany({ data: [{ probeId: id, at: new Date(now), ok, tookMs: went.tookMs, say: went.say }], skipDuplicates: true });
}

export async function forgetOldResults(now: number): Promise<void> {
  await database().probeResult.deleteMany({ where: { at: { lt: new Date(now - keptMs) } } });
}
