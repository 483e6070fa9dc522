// Feeds of the canary screens: what is on its way, one canary whole, what was.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Database } from "@/lib/adapters/database/client";
import { AppError } from "@/lib/base/errors";
import { isRollout, type RolloutObject } from "@/lib/deployments/rollouts/standing";
import { loadPolicy } from "@/lib/placement/service/stored-policy";
import { onePodText } from "../judge/one-pod";
import { judgeByKayenta } from "../kayenta/judge";
import type { Evidence } from "../model";
import { assembled, type Subject } from "../run";
import type { CanariesAnswer, CanaryAnswer, Card, RunDetail, RunSummary } from "../views";
import { argoRunsOf } from "./argo-runs";
import { serverGround, type Ground } from "./ground";
import { findAnalysis, frameOf, latestRun, looksOfRun, runById, toRun, type Run } from "./kept";
import { onePodIn } from "./look";
import { rolloutFor } from "./rollout-subject";
import { podViews, toRolloutView, toSummary, versionsIn } from "./shown";

const cluster = z.string().min(1).max(63);
export const workloadInput = z.object({ cluster, namespace: z.string().min(1).max(63), workload: z.string().min(1).max(253) });

export const canaries = feed({
  name: "canary.list",
  permission: "cluster.read",
  input: z.object({ cluster }),
  run: async (_ctx, { cluster: slug }): Promise<CanariesAnswer> => {
    const ground = serverGround();
    const handle = ground.handleOf(slug);
    const rollouts = [...handle.store("Rollout").values()].filter(isRollout);
    const running = (await ground.db.canaryRun.findMany({ where: { cluster: slug, state: "running" } })).map(toRun);
    const defined = new Set((await ground.db.canaryAnalysis.findMany({ where: { cluster: slug, kind: "Rollout" }, select: { namespace: true, workload: true } })).map(({ namespace, workload }) => `${namespace}/${workload}`));
    const policy = await loadPolicy(slug);
    const cards = rollouts.map((rollout): Card => {
      const run = running.find(({ kind, namespace, workload }) => kind === "Rollout" && namespace === rollout.namespace && workload === rollout.name);
      return { rollout: toRolloutView(handle, rollout, policy), run: run ? toSummary(run) : null, hasAnalysis: defined.has(`${rollout.namespace}/${rollout.name}`) };
    });
    const known = handle.kinds().find(({ kind }) => kind === "Rollout");
    return {
      inFlight: cards.filter(({ rollout }) => rollout.inProgress), settled: cards.filter(({ rollout }) => !rollout.inProgress),
      stepped: running.filter(({ kind }) => kind === "Deployment").map(toSummary), recent: await ended(ground.db, { cluster: slug }, 5),
      rolloutsKnown: known?.state === "live" ? "" : known?.state === "absent" ? "This cluster has no Argo Rollouts." : (known?.say ?? ""),
    };
  },
});

async function ended(db: Database, where: Partial<Subject>, take: number): Promise<RunSummary[]> {
  return (await db.canaryRun.findMany({ where: { ...where, state: "ended" }, orderBy: { startedAt: "desc" }, take })).map((row) => toSummary(toRun(row)));
}

export const canaryHistory = feed({
  name: "canary.history",
  permission: "cluster.read",
  input: z.object({ cluster, limit: z.coerce.number().int().min(1).max(500).default(200) }),
  run: async (_ctx, { cluster: slug, limit }) => ({ runs: await ended(serverGround().db, { cluster: slug }, limit) }),
});

/** The newest analysis of the workload, or the one that is named. */
export const canary = feed({
  name: "canary.read",
  permission: "cluster.read",
  input: workloadInput.extend({ run: z.uuid().optional() }),
  run: async (_ctx, { cluster: slug, namespace, workload, run: id }): Promise<CanaryAnswer> => {
    const ground = serverGround();
    const handle = ground.handleOf(slug);
    const rollout = rolloutFor(handle, { namespace, workload });
    const of: Subject = { cluster: slug, namespace, kind: rollout ? "Rollout" : "Deployment", workload };
    const run = await shownRun(ground, of, { id, rollout });
    if (!rollout && !run) throw new AppError("not-found", `There is no Rollout ${namespace}/${workload}, and no canary of it was ever judged.`);
    const kept = run && (await looksOfRun(ground.db, run.id));
    const evidence = run && kept ? assembled(frameOf(run), kept.looks) : null;
    const versions = run?.versions ?? (rollout ? versionsIn(handle, rollout) : null);
    return {
      subject: run ? { ...of, kind: run.kind } : of, rollout: rollout && toRolloutView(handle, rollout, await loadPolicy(slug)), hasAnalysis: (await findAnalysis(ground.db, of)) !== null,
      run: run && kept && evidence ? await toDetail(ground, run, { evidence, path: kept.path }) : null,
      pods: versions ? podViews(handle, { namespace, versions, evidence }) : { canary: [], baseline: [] },
      argo: await argoOf(handle, rollout), earlier: await ended(ground.db, { cluster: slug, namespace, workload }, 8),
    };
  },
});

/** A version that nobody judges is shown without the verdict on an earlier one. */
async function shownRun(ground: Ground, of: Subject, { id, rollout }: { id: string | undefined; rollout: RolloutObject | null }): Promise<Run | null> {
  if (id === undefined) return latestRun(ground.db, of, rollout ? rollout.rollout.currentHash : undefined);
  const run = await runById(ground.db, id);
  if (run && run.cluster === of.cluster && run.namespace === of.namespace && run.workload === of.workload) return run;
  throw new AppError("not-found", "There is no such analysis of this workload.");
}

async function argoOf(handle: ClusterHandle, rollout: RolloutObject | null): Promise<CanaryAnswer["argo"]> {
  if (rollout === null) return [];
  return argoRunsOf(handle.client, { namespace: rollout.namespace, uid: rollout.uid, hash: rollout.rollout.currentHash }).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === "forbidden") return [];
    throw thrown;
  });
}

async function toDetail(ground: Ground, run: Run, { evidence, path }: { evidence: Evidence; path: RunDetail["path"] }): Promise<RunDetail> {
  const lines = await ground.db.canaryLine.findMany({ where: { runId: run.id }, orderBy: { id: "desc" }, take: 100 });
  const second = judgeByKayenta(run.definition, evidence, { at: run.lastAt });
  const pod = run.word === "fail" && run.verdict ? await onePodIn(ground, run, run.verdict) : null;
  return {
    ...toSummary(run), definition: run.definition, settings: run.settings, verdict: run.verdict, path, traffic: evidence.traffic,
    lines: lines.map(({ at, mood, say }) => ({ at: at.getTime(), mood, say })), onePod: pod?.decides ? onePodText(pod) : "",
    kayenta: { score: second.score, sentence: second.sentence, metrics: second.metrics },
  };
}
