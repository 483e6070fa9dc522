// Analyses as people define them: read with templates and lint, checked before they are kept, kept, tried on the past.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { rolloutTarget } from "@/lib/deployments/service/rollouts";
import { argoYaml } from "../argo-yaml";
import { expressionOf } from "../evidence/selectors";
import { selectorsOf } from "../evidence/look";
import { lintDefinition } from "../lint/definition";
import { analysisDefinition } from "../model";
import { backtest } from "../replay";
import { analysisSettings, truths, type Subject } from "../run";
import { analysisTemplates, templateFor } from "../templates";
import type { AnalysisAnswer, BacktestRow } from "../views";
import { argoTemplates } from "./argo-runs";
import { workloadInput } from "./canaries";
import { serverGround } from "./ground";
import { changeRun, digestOf, endRun, evidenceOf, findAnalysis, keepAnalysis, runningRun, toRun } from "./kept";
import { rolloutFor } from "./rollout-subject";
import { toSummary, versionsIn } from "./shown";

type Workload = z.infer<typeof workloadInput>;
const subjectOf = ({ cluster, namespace, workload }: Workload): Subject => {
  const isThere = rolloutFor(serverGround().handleOf(cluster), { namespace, workload }) !== null;
  return { cluster, namespace, kind: isThere ? "Rollout" : "Deployment", workload };
};
const target = ({ cluster, namespace, workload }: Workload) => rolloutTarget({ cluster, namespace, name: workload });

export const analysisOf = feed({
  name: "canary.analysis",
  permission: "cluster.read",
  input: workloadInput,
  run: async (_ctx, of): Promise<AnalysisAnswer> => {
    const ground = serverGround();
    const kept = await findAnalysis(ground.db, subjectOf(of));
    const suggested = kept?.definition ?? templateFor(of.workload)?.definition ?? analysisTemplates[0]?.definition;
    if (!suggested) throw new AppError("internal", "There is no template.");
    return {
      kept, suggested, templates: [...analysisTemplates], yaml: argoYaml({ ...of, consoleUrl: env().QUARTERDECK_URL, minutes: suggested.minutes }),
      argoTemplates: await argoTemplates(ground.handleOf(of.cluster).client, of.namespace).catch(() => []),
    };
  },
});

/** What a lint says, and what Prometheus would be asked. */
export const checkAnalysis = feed({
  name: "canary.check",
  permission: "cluster.read",
  input: workloadInput.extend({ definition: analysisDefinition }),
  run: async (_ctx, { definition, ...of }) => {
    const handle = serverGround().handleOf(of.cluster);
    const rollout = rolloutFor(handle, of);
    const unnamed = { hash: "", set: of.workload, image: "" };
    const versions = rollout ? versionsIn(handle, rollout) : { canary: unnamed, baseline: unnamed };
    return { findings: lintDefinition(definition), digest: digestOf(definition), expressions: selectorsOf(definition).map((selector) => expressionOf(selector, { namespace: of.namespace, versions })) };
  },
});

export const saveAnalysis = verb({
  name: "canary.define",
  permission: "canary.edit",
  input: workloadInput.extend({ definition: analysisDefinition, settings: analysisSettings }),
  target,
  run: async ({ actor }, { definition, settings, ...of }) => {
    const wrong = lintDefinition(definition).filter(({ severity }) => severity === "error");
    if (wrong.length > 0) throw new AppError("invalid", `It was not kept: ${wrong.map(({ metric, say }) => (metric === null ? say : `${metric}: ${say}`)).join(" ")}`);
    const { db, now } = serverGround();
    const subject = subjectOf(of);
    const revision = await keepAnalysis(db, subject, { definition, settings, savedBy: actor.name });
    const running = await runningRun(db, subject);
    // Evidence by another definition is another analysis; how it acts may change while it runs.
    if (running && running.digest !== digestOf(definition)) await endRun(db, running.id, { outcome: "superseded", say: `${actor.name} changed the analysis`, at: now() });
    else if (running) await changeRun(db, running.id, { settings });
    return { revision };
  },
});

const mostTried = 20;

/** Each past analysis of the workload judged again by this definition: would it have caught it, and when. */
export const tryOnPast = feed({
  name: "canary.backtest",
  permission: "cluster.read",
  input: workloadInput.extend({ definition: analysisDefinition }),
  run: async ({ signal }, { definition, cluster, namespace, workload }) => {
    const { db } = serverGround();
    const where = { cluster, namespace, workload, state: "ended" };
    const past = (await db.canaryRun.findMany({ where, orderBy: { startedAt: "desc" }, take: mostTried })).map(toRun);
    const rows: BacktestRow[] = [];
    for (const run of past) {
      signal.throwIfAborted();
      const evidence = await evidenceOf(db, run);
      const outcome = truths.find((one) => one === run.truth) ?? "unknown";
      const { word, minutes, judgement, sentence } = backtest({ definition: run.definition, evidence, outcome }, definition);
      rows.push({ run: toSummary(run), word, minutes, judgement, sentence });
      // Judging takes the processor; others are let in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { rows, of: await db.canaryRun.count({ where }) };
  },
});
