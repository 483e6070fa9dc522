// What people do about a canary: promote in knowledge of the verdict, stop or begin an analysis, say afterwards what became of the version.
import "server-only";
import { z } from "zod";
import { verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { rolloutTarget, actOnRollout } from "@/lib/deployments/service/rollouts";
import { truths, type Subject } from "../run";
import { workloadInput } from "./canaries";
import { serverGround } from "./ground";
import { addLine, changeRun, endRun, findAnalysis, latestRun, runById, runningRun, startRun } from "./kept";
import { rolloutFor, versionsOf } from "./rollout-subject";

type Workload = z.infer<typeof workloadInput>;
const target = ({ cluster, namespace, workload }: Workload) => rolloutTarget({ cluster, namespace, name: workload });
const rolloutSubject = ({ cluster, namespace, workload }: Workload): Subject => ({ cluster, namespace, kind: "Rollout", workload });

/** Without a PASS the service's name is to be typed: whoever overrides the judge knows that they do. */
const promotion = (deed: "promote" | "promote-full") => verb({
  name: `canary.${deed}`,
  permission: "rollout.act",
  input: workloadInput.extend({ hash: z.string().min(1).max(63), typed: z.string().max(253).default("") }),
  target,
  run: async ({ actor }, { hash, typed, ...of }) => {
    const ground = serverGround();
    const run = await latestRun(ground.db, rolloutSubject(of), hash);
    if (run?.word !== "pass" && typed !== of.workload) throw new AppError("invalid", `The judge has not said PASS. To promote ${of.workload} in spite of it, type its name.`);
    await actOnRollout(ground.handleOf(of.cluster), { namespace: of.namespace, name: of.workload }, { deed, meant: hash });
    if (run) await addLine(ground.db, run.id, { mood: "act", say: `${actor.name} promoted it${deed === "promote" ? " one step" : " fully"}${run.word === "pass" ? "" : `, although the judge said ${run.word}`}` });
  },
});
export const promoteCanary = promotion("promote");
export const promoteCanaryFully = promotion("promote-full");

export const startAnalysis = verb({
  name: "canary.start",
  permission: "canary.edit",
  input: workloadInput,
  target,
  run: async ({ actor }, of) => {
    const ground = serverGround();
    const handle = ground.handleOf(of.cluster);
    const analysis = await findAnalysis(ground.db, rolloutSubject(of));
    if (!analysis) throw new AppError("not-found", `No analysis is defined for ${of.workload}. Define one first.`);
    const rollout = rolloutFor(handle, of);
    const versions = rollout && versionsOf(handle, rollout);
    if (!versions) throw new AppError("conflict", `No other version of ${of.workload} is on its way, so there is nothing to compare.`);
    const run = await startRun(ground.db, rolloutSubject(of), { ...analysis, versions, startedBy: actor.name, at: ground.now() });
    if (!run) throw new AppError("conflict", "It is being analysed already.");
    return { id: run.id };
  },
});

export const stopAnalysis = verb({
  name: "canary.stop",
  permission: "canary.edit",
  input: workloadInput,
  target,
  run: async ({ actor }, of) => {
    const ground = serverGround();
    const run = (await runningRun(ground.db, rolloutSubject(of))) ?? (await runningRun(ground.db, { ...rolloutSubject(of), kind: "Deployment" }));
    if (!run) throw new AppError("gone", "No analysis runs.");
    await endRun(ground.db, run.id, { outcome: "stopped", say: `${actor.name} stopped the analysis`, at: ground.now() });
  },
});

/** For backtests: was the version good or bad in truth. */
export const sayTruth = verb({
  name: "canary.truth",
  permission: "canary.edit",
  input: workloadInput.extend({ run: z.uuid(), truth: z.enum(truths) }),
  target,
  run: async ({ actor }, { run: id, truth, ...of }) => {
    const { db } = serverGround();
    const run = await runById(db, id);
    if (!run || run.cluster !== of.cluster || run.workload !== of.workload || run.namespace !== of.namespace) throw new AppError("not-found", "There is no such analysis of this workload.");
    await changeRun(db, id, { truth, truthBy: actor.name });
    await addLine(db, id, { mood: "act", say: truth === "unknown" ? `${actor.name} took back what became of it` : `In truth it was ${truth}, says ${actor.name}` });
  },
});
