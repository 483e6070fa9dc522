// What the console does by itself on a verdict: abort, promote, hold and let go; each time only the version that was judged, and each time on the record.
import "server-only";
import { record } from "@/lib/access/audit";
import type { Actor } from "@/lib/access/model";
import { AppError, causeText } from "@/lib/base/errors";
import type { RolloutDeed } from "@/lib/deployments/rollouts/patches";
import { isInProgress, standingOf, type RolloutObject } from "@/lib/deployments/rollouts/standing";
import { actOnRollout } from "@/lib/deployments/service/rollouts";
import { onePodText, type OnePod } from "../judge/one-pod";
import type { Verdict } from "../model";
import type { Ground } from "./ground";
import { addLine, changeRun, type Run } from "./kept";

const judgeActor: Actor = { kind: "system", id: "canary-judge", name: "Canary judge", role: "operator", via: null };

export interface Judged { verdict: Verdict; onePod: OnePod | null }

/** Beyond this share of bad requests the canary is ended whatever the cause. */
const harmfulShare = 0.1;

/** One pod alone speaks against the version, and it does not yet hurt much: it is held for a person instead of ended. */
function isOnePod({ verdict, onePod }: Judged): boolean {
  const deciding = verdict.metrics.find(({ name }) => name === verdict.deciding);
  return onePod?.decides === true && deciding !== undefined && deciding.canary.events < harmfulShare * deciding.canary.exposure;
}

/** What follows from where the rollout and the verdict stand; null: nothing. */
export function deedFor(rollout: RolloutObject, { settings, word, held, versions }: Pick<Run, "settings" | "word" | "held" | "versions">, judged: Judged): { deed: RolloutDeed; why: string } | null {
  const { verdict, onePod } = judged;
  const { abortOnFail, promoteOnPass, holdWhileIll } = settings;
  if (rollout.rollout.currentHash !== versions.canary.hash || !isInProgress(rollout) || rollout.rollout.aborted) return null;
  if (word === "fail" && onePod && isOnePod(judged)) return abortOnFail && !held && !rollout.paused ? { deed: "pause", why: `${onePodText(onePod)}. Held for a person instead of aborted` } : null;
  if (word === "fail") return abortOnFail ? { deed: "abort", why: verdict.sentence } : null;
  const ill = verdict.guard.state === "burning" || verdict.guard.state === "clearing" || verdict.share.state === "none";
  if (ill) return holdWhileIll && !held && !rollout.paused ? { deed: "pause", why: verdict.sentence } : null;
  if (held && rollout.paused && verdict.guard.state !== "unknown") return { deed: "resume", why: "What held it is over" };
  const waits = standingOf(rollout).heldBy;
  return promoteOnPass && word === "pass" && (waits === "step" || waits === "analysis") ? { deed: "promote", why: verdict.sentence } : null;
}

/** True when the rollout was changed. */
export async function act(ground: Ground, run: Run, { deed, why }: { deed: RolloutDeed; why: string }): Promise<boolean> {
  const requestId = crypto.randomUUID();
  const deedRecord = { actor: judgeActor, address: "", requestId, action: `rollout.${deed}`, target: { kind: "rollout", name: `${run.namespace}/${run.workload}`, cluster: run.cluster } };
  const intentId = await record({ ...deedRecord, outcome: "allowed", reason: why, input: { hash: run.versions.canary.hash, run: run.id } }, ground.db);
  try {
    await actOnRollout(ground.handleOf(run.cluster), { namespace: run.namespace, name: run.workload }, { deed, meant: run.versions.canary.hash });
  } catch (thrown) {
    const say = thrown instanceof AppError ? thrown.say : causeText(thrown);
    await record({ ...deedRecord, outcome: "failed", reason: say, intentId }, ground.db);
    await addLine(ground.db, run.id, { mood: "act", say: `${wordOf[deed]} was not done: ${say}` });
    return false;
  }
  await record({ ...deedRecord, outcome: "succeeded", intentId }, ground.db);
  await addLine(ground.db, run.id, { mood: deed === "abort" ? "fail" : deed === "promote" ? "pass" : "hold", say: `${doneOf[deed]}: ${why}` });
  if (deed === "pause" || deed === "resume") await changeRun(ground.db, run.id, { held: deed === "pause" });
  return true;
}

const wordOf: Record<RolloutDeed, string> = { promote: "Promotion", "promote-full": "Full promotion", abort: "Abort", retry: "Retry", pause: "Hold", resume: "Letting go" };
const doneOf: Record<RolloutDeed, string> = { promote: "Promoted one step", "promote-full": "Promoted fully", abort: "Aborted", retry: "Retried", pause: "Held", resume: "Let go on" };
