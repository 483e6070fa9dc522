// The judge as Argo Rollouts asks it: pass, fail or undecided for the version that is asked about, and for no other.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import type { VerdictWord } from "../model";
import type { Subject } from "../run";
import { serverGround, type Ground } from "./ground";
import { findAnalysis, latestRun, startRun, type Run } from "./kept";
import { canaryHref } from "./news";
import { rolloutFor, versionsOf } from "./rollout-subject";

export interface JudgeAnswer { verdict: VerdictWord; sentence: string; hash: string; evidence: Record<string, number>; minutes: number; url: string }

const hash = z.string().min(1).max(63).regex(/^[a-z0-9-]+$/);

export const askJudge = feed({
  name: "canary.judge",
  permission: "cluster.read",
  input: z.object({ cluster: z.string().min(1).max(63), namespace: z.string().min(1).max(63), workload: z.string().min(1).max(253), canary: hash, stable: hash }),
  run: async (_ctx, { canary, stable, ...of }): Promise<JudgeAnswer> => {
    const ground = serverGround();
    const run = await runFor(ground, { ...of, kind: "Rollout" }, { canary, stable });
    const { verdict, word, trouble } = run;
    return {
      verdict: word, hash: canary, sentence: trouble || (verdict?.sentence ?? "Counting has begun; nothing is known yet."),
      evidence: Object.fromEntries((verdict?.metrics ?? []).map(({ name, logFail, logPass }) => [name, Math.round(Math.exp(Math.min(30, Math.max(logFail, logPass))) * 100) / 100])),
      minutes: Math.round(verdict?.minutes ?? 0), url: `${env().QUARTERDECK_URL.replace(/\/+$/, "")}${canaryHref(run)}`,
    };
  },
});

/** Being asked begins the analysis, for the versions that are on their way; a stale question about others is refused. */
async function runFor(ground: Ground, of: Subject, { canary, stable }: { canary: string; stable: string }): Promise<Run> {
  const known = await latestRun(ground.db, of, canary);
  if (known && known.versions.baseline.hash === stable && known.state === "running") return known;
  const analysis = await findAnalysis(ground.db, of);
  if (!analysis) throw new AppError("not-found", `No analysis is defined for ${of.namespace}/${of.workload}. Define one under Canary.`);
  const handle = ground.handleOf(of.cluster);
  const rollout = rolloutFor(handle, of);
  const versions = rollout && versionsOf(handle, rollout);
  if (versions?.canary.hash === canary && versions.baseline.hash === stable) {
    const run = (await startRun(ground.db, of, { ...analysis, versions, startedBy: "Argo Rollouts", at: ground.now() })) ?? (await latestRun(ground.db, of, canary));
    if (run) return run;
  }
  if (known && known.versions.baseline.hash === stable) return known;
  throw new AppError("conflict", `${of.workload} is not on its way from ${stable} to ${canary}; it is judged for no other versions than those that stand against each other.`);
}
