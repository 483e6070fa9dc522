// The analyses as a stepped canary asks them: the same runs, looked at by the same loop, ended by the job that steps.
import "server-only";
import type { StepAnalyst } from "../step-analyst";
import type { Subject } from "../run";
import { serverGround, type Ground } from "./ground";
import { endRun, findAnalysis, runById, runningRun, startRun } from "./kept";

export function stepAnalyst(groundNow: () => Ground = serverGround): StepAnalyst {
  return {
    async begin({ job, cluster, namespace, workload, canary, baseline, startedBy }) {
      const ground = groundNow();
      const of: Subject = { cluster, namespace, kind: "Deployment", workload };
      const analysis = await findAnalysis(ground.db, of);
      if (!analysis) return null;
      const by = `${startedBy} (${job})`;
      const known = await runningRun(ground.db, of);
      if (known?.startedBy === by) return { run: known.id };
      if (known) await endRun(ground.db, known.id, { outcome: "superseded", say: `Another canary has begun: ${job}`, at: ground.now() });
      const run = (await startRun(ground.db, of, { ...analysis, versions: { canary, baseline }, startedBy: by, at: ground.now() })) ?? (await runningRun(ground.db, of));
      return run && { run: run.id };
    },
    async look(id) {
      const run = await runById(groundNow().db, id);
      if (!run) return { word: "undecided", ill: false, ended: true, sentence: "The analysis is gone.", at: null, trouble: "The analysis is gone." };
      const { verdict } = run;
      const ill = verdict !== null && (verdict.guard.state === "burning" || verdict.guard.state === "clearing" || verdict.share.state === "none" || verdict.share.state === "less");
      return { word: run.word, ill, ended: verdict?.ended ?? false, sentence: verdict?.sentence ?? "Counting has begun; nothing is known yet.", at: verdict?.at ?? null, trouble: run.trouble };
    },
    async endFor(job, how, say) {
      const ground = groundNow();
      const rows = await ground.db.canaryRun.findMany({ where: { state: "running", kind: "Deployment", startedBy: { endsWith: `(${job})` } }, select: { id: true } });
      for (const { id } of rows) await endRun(ground.db, id, { outcome: how, say, at: ground.now() });
    },
  };
}
