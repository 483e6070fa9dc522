// Analyses run as long as the server does: they begin when another version is on its way, and whoever comes back after a crash goes on where the last look was kept.
import "server-only";
import { systemClock } from "@/lib/base/clock";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { isRollout } from "@/lib/deployments/rollouts/standing";
import { serverGround, type Ground } from "./service/ground";
import { findAnalysis, latestRun, runningRun, startRun, takeDue } from "./service/kept";
import { look } from "./service/look";
import { versionsOf } from "./service/rollout-subject";

const everyMs = 1000;

/** Resolves when the signal has ended it and nothing of it runs any more. */
export async function startCanaryLoops(signal: AbortSignal, ground: Ground = serverGround()): Promise<void> {
  let said = "";
  while (!signal.aborted) {
    try {
      await beginAll(ground);
      await lookAll(ground, signal);
      said = "";
    } catch (thrown) {
      if (causeText(thrown) !== said) log.error({ cause: causeText(thrown) }, "canaries could not be looked at");
      said = causeText(thrown);
    }
    await systemClock.sleep(everyMs, signal);
  }
}

/** What is on its way and has an analysis that starts by itself. One that somebody stopped is not begun again for the same version. */
async function beginAll(ground: Ground): Promise<void> {
  for (const { slug, handle } of ground.clusters()) {
    for (const rollout of handle.store("Rollout").values()) {
      const versions = isRollout(rollout) ? versionsOf(handle, rollout) : null;
      if (versions === null) continue;
      const subject = { cluster: slug, namespace: rollout.namespace, kind: "Rollout" as const, workload: rollout.name };
      const analysis = await findAnalysis(ground.db, subject);
      if (!analysis?.settings.automatic || (await runningRun(ground.db, subject))) continue;
      if ((await latestRun(ground.db, subject, versions.canary.hash))?.outcome === "stopped") continue;
      await startRun(ground.db, subject, { ...analysis, versions, startedBy: "the console", at: ground.now() });
    }
  }
}

async function lookAll(ground: Ground, signal: AbortSignal): Promise<void> {
  for (const run of await takeDue(ground.db, ground.now())) {
    if (signal.aborted) return;
    await look(ground, run, signal).catch((thrown: unknown) => log.error({ run: run.id, cause: causeText(thrown) }, "a look at a canary failed"));
  }
}
