// Works on one claimed job: its ready steps side by side, each from where an earlier process left it, until the job ends, waits, or is no longer ours.
import "server-only";
import { AppError, causeText } from "@/lib/base/errors";
import type { Alarm } from "./alarm";
import { allOver, isUserError, openBoard, sayDegraded, sayStuck, sayWaiting, type Board } from "./board";
import type { JobDatabase } from "./database";
import { appendLines, beginAttempt, conclude, openSteps, readSteps, release, saveProgress, settle, type Conclusion } from "./fenced";
import { insist } from "./insist";
import type { Lease } from "./lease";
import { jobLog, type JobLog } from "./log";
import { movesOf } from "./graph";
import type { LogLevel } from "./model";
import { losePatience, reactTo, reactToThrown, type Reaction } from "./react";
import type { JobKind, PreparedJob, PreparedStep } from "./step";
import { LeaseLost, type Claim, type Mine } from "./store";

export interface Turn {
  db: JobDatabase;
  claim: Claim;
  mine: Mine;
  kind: JobKind;
  lease: Lease;
  /** Rings when a step has returned, somebody wished something, or the lease was lost. */
  bell: Alarm;
  /** Aborts when this process is to end: nothing new begins, and the job is given back when its running steps have returned. */
  shutdown: AbortSignal;
  random: () => number;
  /** performance.now() when it was claimed. */
  claimedAt: number;
}

interface Work extends Turn {
  log: JobLog;
  job: PreparedJob;
  board: Board;
  /** Steps that run now, by name. */
  running: Set<string>;
  /** What broke a step from outside of it (the lease or the database is gone); nothing new begins then. */
  broken: unknown[];
  /** The board may lack something that the database has. */
  stale: boolean;
  /** Rises when a reading of the board begins and when it ends: odd while one is under way. */
  reads: number;
}

/** Resolves when this process has let go of the job, whatever became of it, and none of its steps runs any more. Rejects only when the database does. */
export async function work(turn: Turn): Promise<void> {
  const { db, mine, lease, claim, bell, shutdown } = turn;
  const log = jobLog({ append: (lines, after) => insist(db, lease, () => appendLines(db, mine, { lines, after })), lastLine: claim.lastLine, now: () => Date.now() });
  shutdown.addEventListener("abort", bell.ring, { once: true });
  try {
    const job = prepare(turn.kind, claim.input);
    if (job instanceof AppError) return await refuse(turn, job.say);
    await insist(db, lease, () => openSteps(db, mine, job.steps));
    await run({ ...turn, log, job, board: openBoard(job.steps), running: new Set(), broken: [], stale: true, reads: 0 });
  } catch (thrown) {
    if (!(thrown instanceof LeaseLost)) throw thrown;
  } finally {
    shutdown.removeEventListener("abort", bell.ring);
    await log.flush().catch(() => undefined);
  }
}

function prepare(kind: JobKind, input: unknown): PreparedJob | AppError {
  try {
    return kind.prepare(input);
  } catch (thrown) {
    return new AppError("invalid", `This version of the console cannot read what the job was given: ${causeText(thrown)}`, thrown);
  }
}

async function refuse(turn: Turn, say: string): Promise<void> {
  while (!(await conclusion(turn, { to: turn.lease.cancelling() ? "CANCELLED" : "FAILED", say, afterMs: null, wishes: turn.lease.wishes() })));
}

/** False when meanwhile somebody asked to cancel or wished something, which the lease then knows. */
async function conclusion({ db, mine, lease }: Turn, to: Conclusion): Promise<boolean> {
  if (await insist(db, lease, () => conclude(db, mine, to))) return true;
  await lease.look();
  lease.assertOwner();
  return false;
}

async function run(work: Work): Promise<void> {
  const { lease, bell, board, shutdown, job, running, broken } = work;
  let wishes = work.claim.wishes;
  for (;;) {
    bell.set();
    // Also when the lease is lost here, what runs has to return first.
    if (broken.length === 0 && (work.stale || wishes !== lease.wishes())) wishes = await refresh(work).catch((thrown: unknown) => broken.push(thrown));
    const halting = broken.length > 0 || lease.signal.aborted || shutdown.aborted;
    const moves = movesOf(board.standings(), { now: performance.now(), running, parallel: halting ? 0 : job.parallel });
    for (const step of job.steps) if (moves.start.includes(step.name)) begin(work, step);
    if (running.size > 0) await bell.wait(halting || moves.dueAt === null ? null : Math.max(0, moves.dueAt - performance.now()));
    else if (broken.length > 0) throw broken[0];
    else if (!work.stale && (await letGo(work, wishes, moves.dueAt))) return;
  }
}

/** A step that returns while the board is read makes it stale again, so nothing that was wished of it is overlooked. */
async function refresh(work: Work): Promise<number> {
  const { db, mine, lease, board } = work;
  const busy = new Set(work.running);
  work.stale = false;
  work.reads += 1;
  const { wishes, steps } = await insist(db, lease, () => readSteps(db, mine)).finally(() => { work.reads += 1; });
  board.take(steps, busy, performance.now());
  return wishes;
}

function begin(work: Work, step: PreparedStep): void {
  work.running.add(step.name);
  void runStep(work, step)
    .catch((thrown: unknown) => void work.broken.push(thrown))
    .finally(() => {
      work.running.delete(step.name);
      work.bell.ring();
    });
}

/** Nothing runs: the job ends, waits, asks, or is given back. False when something new has to be looked at first. */
async function letGo(work: Work, wishes: number, dueAt: number | null): Promise<boolean> {
  const { db, mine, lease, board, shutdown, job } = work;
  // With a lost lease nothing begins any more, which must not be taken for a job that cannot go on.
  lease.assertOwner();
  const entries = board.standings();
  const plain = { afterMs: null, wishes };
  if (allOver(entries)) return conclusion(work, { ...plain, to: "SUCCEEDED", say: `${await inWords(() => job.succeeded(board.progress))}${sayDegraded(entries)}` });
  if (lease.cancelling()) return conclusion(work, { ...plain, to: "CANCELLED", say: await inWords(() => job.stopped(board.progress)) });
  if (shutdown.aborted) return insist(db, lease, () => release(db, mine)).then(() => true);
  if (dueAt !== null) return conclusion(work, { to: "RETRY_WAIT", say: sayWaiting(entries), afterMs: Math.max(0, dueAt - performance.now()), wishes });
  return conclusion(work, { ...plain, to: job.afterFailure === "end" && isUserError(entries) ? "FAILED" : "NEEDS_ATTENTION", say: sayStuck(entries) });
}

/** A kind that cannot find its closing words must not keep its job from ending. */
async function inWords(say: () => string | Promise<string>): Promise<string> {
  try {
    return await say();
  } catch (thrown) {
    return `What it leaves could not be told: ${causeText(thrown)}.`;
  }
}

/** One attempt, or the next look of one that waits. Never answers before the step has returned: cancelled means stopped. */
async function runStep(work: Work, step: PreparedStep): Promise<void> {
  const { db, mine, lease, log, board } = work;
  lease.assertOwner();
  const { attempt, goesOn, attemptMs } = await insist(db, lease, () => beginAttempt(db, mine, step.name));
  const begunAt = performance.now();
  const line = (text: string, level: LogLevel = "info") => log.add({ step: step.name, attempt, level, text });
  if (!goesOn) line(attempt === 1 ? step.title : `${step.title}: attempt ${attempt}`);
  const reaction = await perform(work, step, { attempt, line, attemptMs: () => attemptMs + performance.now() - begunAt });
  speak(reaction, line);
  await log.flush();
  const readBefore = work.reads;
  await insist(db, lease, () => settle(db, mine, { name: step.name, reaction }));
  // Known here without being read again, so that what follows begins at once. Only where the board was read while this was
  // written may a wish about the step have been counted and overlooked.
  board.settle(step.name, { status: reaction.step, say: reaction.say, userError: reaction.userError, dueAt: reaction.afterMs === null ? 0 : performance.now() + reaction.afterMs });
  if (work.reads !== readBefore || work.reads % 2 === 1) work.stale = true;
}

interface Attempting { attempt: number; line: (text: string, level?: LogLevel) => void; attemptMs: () => number }

async function perform({ db, mine, claim, claimedAt, lease, board, random }: Work, step: PreparedStep, { attempt, line, attemptMs }: Attempting): Promise<Reaction> {
  try {
    const outcome = await step.perform({
      job: mine.id,
      log: line,
      signal: lease.signal,
      fence: mine.fence,
      assertOwner: lease.assertOwner,
      attempt,
      ageMs: () => claim.ageMs + (performance.now() - claimedAt),
      attemptMs,
      progress: board.progress.get(step.name) ?? null,
      async save(now) {
        await insist(db, lease, () => saveProgress(db, mine, { step: step.name, progress: now }));
        board.progress.set(step.name, now);
      },
    });
    return reactTo(losePatience(outcome, step.patience, attemptMs()));
  } catch (thrown) {
    if (thrown instanceof LeaseLost) throw thrown;
    lease.assertOwner();
    if (lease.cancelling()) return { step: "stopped", attempt: "stopped", say: "Stopped.", code: "", userError: false, afterMs: null };
    return reactToThrown(thrown, attempt, random());
  }
}

function speak({ step, say }: Reaction, line: Attempting["line"]): void {
  const level = step === "failed" ? "error" : step === "retrying" || step === "degraded" ? "warn" : "info";
  // A wait is told by the step itself, once per thing it waits for, not at every look.
  if (say && step !== "waiting") line(say, level);
}
