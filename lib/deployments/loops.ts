// What runs as long as the server: a recorder of deployments for each cluster that is connected.
import "server-only";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { systemClock } from "@/lib/base/clock";
import { connections } from "@/lib/clusters/connections";
import { loadPolicy } from "@/lib/placement/service/stored-policy";
import { database, keep } from "@/lib/runtime";
import { removeOld } from "./records/retention";
import { createRecorder, type Recorder } from "./records/recorder";

interface Running { handle: unknown; recorder: Recorder; end: AbortController }

const running = (): Map<string, Running> => keep("deployments.recorders", () => new Map<string, Running>());
const lookEveryMs = 1_000;

export function recorderOf(slug: string): Recorder | undefined {
  return running().get(slug)?.recorder;
}

/** Runs until the signal: a cluster that comes gets a recorder, one that goes or is connected anew loses it. */
export function startDeploymentLoops(signal: AbortSignal): void {
  void followConnections(signal);
  void removeOldNow(signal);
}

const removeEveryMs = 6 * 3_600_000;
const firstAfterMs = 120_000;

/** Now and then; two consoles that do it at once remove the same rows. */
async function removeOldNow(signal: AbortSignal): Promise<void> {
  for (let waitMs = firstAfterMs; !signal.aborted; waitMs = removeEveryMs) {
    await systemClock.sleep(waitMs, signal);
    if (signal.aborted) return;
    await removeOld(database(), Date.now()).catch((cause: unknown) => log.warn({ cause: causeText(cause) }, "old deployments could not be removed"));
  }
}

async function followConnections(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const now = new Map(connections().map((one) => [one.slug, one.handle]));
    for (const [slug, { handle, end }] of running()) {
      if (now.get(slug) === handle) continue;
      end.abort();
      running().delete(slug);
    }
    for (const [slug, handle] of now) {
      if (running().has(slug)) continue;
      const end = new AbortController();
      const recorder = createRecorder({ slug, handle, db: database(), clock: systemClock, policy: () => loadPolicy(slug) });
      running().set(slug, { handle, recorder, end });
      void recorder.run(AbortSignal.any([signal, end.signal]));
    }
    await systemClock.sleep(lookEveryMs, signal);
  }
}
