// Works on one claimed job: its steps in order, each from where an earlier process left it, until the job ends, waits, or is no longer ours.
import "server-only";
import { AppError, causeText } from "@/lib/base/errors";
import type { JobDatabase } from "./database";
import type { Lease } from "./lease";
import { jobLog, type JobLog } from "./log";
import { stepIsOver, type LogLevel, type StepProgress } from "./model";
import { reactTo, reactToThrown, type Reaction } from "./react";
import type { JobKind, PreparedJob, PreparedStep } from "./step";
import { appendLines, beginAttempt, finish, LeaseLost, openSteps, release, saveProgress, settle, type Claim, type Mine } from "./store";

export interface Turn {
  db: JobDatabase;
  claim: Claim;
  mine: Mine;
  kind: JobKind;
  lease: Lease;
  /** Aborts when this process is to end: the job is given back at the next step boundary. */
  shutdown: AbortSignal;
  random: () => number;
  /** performance.now() when it was claimed. */
  claimedAt: number;
}

/** Resolves when this process has let go of the job, whatever became of it. Rejects only when the database does. */
export async function work(turn: Turn): Promise<void> {
  const log = jobLog((lines) => appendLines(turn.db, turn.mine, lines), () => Date.now());
  try {
    await run(turn, log);
  } catch (thrown) {
    if (!(thrown instanceof LeaseLost)) throw thrown;
  } finally {
    await log.flush().catch(() => undefined);
  }
}

async function run(turn: Turn, log: JobLog): Promise<void> {
  const { db, mine, claim, kind, lease } = turn;
  const prepared = prepare(kind, claim.input);
  if (prepared instanceof AppError) return refuse(turn, prepared.say);
  const states = await openSteps(db, mine, prepared.steps);
  const progress = new Map(states.flatMap(({ name, progress: saved }) => (saved ? [[name, saved] as const] : [])));
  const isOver = (name: string) => states.some((state) => state.name === name && stepIsOver(state.status));
  let left = prepared.steps.filter(({ name }) => !isOver(name));
  while (left.length > 0 && !lease.cancelling()) {
    const [step] = left;
    if (!step) break;
    if (turn.shutdown.aborted) return release(db, mine);
    const reaction = await runStep(turn, log, { step, progress });
    await log.flush();
    const status = await settle(db, mine, { ...reaction, status: reaction.step, step: step.name });
    if (status !== "RUNNING" && status !== "CANCELLING") return;
    if (stepIsOver(reaction.step)) left = left.slice(1);
    if (status === "CANCELLING") break;
  }
  await finish(db, mine, left.length === 0 ? { to: "SUCCEEDED", say: prepared.succeeded(progress) } : { to: "CANCELLED", say: prepared.stopped(progress) });
}

function prepare(kind: JobKind, input: unknown): PreparedJob | AppError {
  try {
    return kind.prepare(input);
  } catch (thrown) {
    return new AppError("invalid", `This version of the console cannot read what the job was given: ${causeText(thrown)}`, thrown);
  }
}

async function refuse({ db, mine }: Turn, say: string): Promise<void> {
  const status = await settle(db, mine, { step: "", status: "failed", attempt: "failed", say, code: "invalid", to: "FAILED", afterMs: 0 });
  if (status === "CANCELLING") await finish(db, mine, { to: "CANCELLED", say });
}

interface StepTurn { step: PreparedStep; progress: Map<string, StepProgress> }

/** One attempt, or the next look of one that waits. Never answers before the step has returned: cancelled means stopped. */
async function runStep(turn: Turn, log: JobLog, { step, progress }: StepTurn): Promise<Reaction> {
  const { db, mine, claim, lease, random } = turn;
  const { attempt, goesOn } = await beginAttempt(db, mine, step.name);
  const line = (text: string, level: LogLevel = "info") => log.add({ step: step.name, attempt, level, text });
  if (!goesOn) line(attempt === 1 ? step.title : `${step.title}: attempt ${attempt}`);
  const said = progress.get(step.name) ?? null;
  try {
    const outcome = await step.perform({
      job: mine.id,
      log: line,
      signal: lease.signal,
      fence: mine.fence,
      assertOwner: lease.assertOwner,
      attempt,
      ageMs: () => claim.ageMs + (performance.now() - turn.claimedAt),
      progress: said,
      async save(now) {
        await saveProgress(db, mine, { step: step.name, progress: now });
        progress.set(step.name, now);
      },
    });
    return spoken(reactTo(outcome), line);
  } catch (thrown) {
    if (thrown instanceof LeaseLost) throw thrown;
    lease.assertOwner();
    if (lease.cancelling()) return { step: "stopped", attempt: "retrying", say: "Stopped.", code: "", to: "RUNNING", afterMs: 0 };
    return spoken(reactToThrown(thrown, attempt, random()), line);
  }
}

function spoken(reaction: Reaction, line: (text: string, level: LogLevel) => void): Reaction {
  const level = reaction.step === "failed" ? "error" : reaction.step === "retrying" || reaction.step === "degraded" ? "warn" : "info";
  // A wait is told by the step itself, once per thing it waits for, not at every look.
  if (reaction.say && reaction.step !== "waiting") line(reaction.say, level);
  return reaction;
}
