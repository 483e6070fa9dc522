// Claims what is due and works on it: woken by notifications, by the next due time, and by a slow look in case a notification was lost.
import "server-only";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { createAlarm, type Alarm } from "./alarm";
import { dueChannel, jobDatabase, leaseDatabase, type JobDatabase } from "./database";
import { work } from "./executor";
import { holdLease, type Lease } from "./lease";
import type { JobKind } from "./step";
import { claim, dueInMs, type Claim } from "./store";

export interface WorkerOptions {
  kinds: readonly JobKind[];
  /** Aborts when the process is to end: nothing new is claimed, what runs is given back when its running steps have returned. */
  signal: AbortSignal;
  db?: JobDatabase;
  leaseDb?: JobDatabase;
  leaseMs?: number;
  owner?: string;
  /** Jobs worked on at the same time by this process. */
  slots?: number;
}

export interface Worker {
  owner: string;
  /** Resolves after the signal aborted and the last step returned. */
  stopped: Promise<void>;
}

const pollMs = 5_000;
const minWaitMs = 20;

interface Bench {
  options: Required<WorkerOptions>;
  byName: ReadonlyMap<string, JobKind>;
  running: Map<string, { lease: Lease; over: Promise<void> }>;
  alarm: Alarm;
}

/** Starts a worker in this process. The lease is longer than any single call to the outside world may take. */
export function startJobWorker(given: WorkerOptions): Worker {
  const options = { db: given.db ?? jobDatabase(), leaseDb: given.leaseDb ?? leaseDatabase(), leaseMs: 45_000, owner: processName(), slots: 8, ...given };
  const bench: Bench = { options, byName: new Map(options.kinds.map((kind) => [kind.kind, kind])), running: new Map(), alarm: createAlarm() };
  const deafen = options.db.listen(dueChannel, (id) => {
    void bench.running.get(id)?.lease.look();
    bench.alarm.ring();
  }, bench.alarm.ring);
  options.signal.addEventListener("abort", bench.alarm.ring, { once: true });
  const stopped = claimOn(bench).then(async () => {
    await deafen();
    await Promise.all([...bench.running.values()].map(({ over }) => over));
  });
  return { owner: options.owner, stopped };
}

async function claimOn(bench: Bench): Promise<void> {
  const { options: { db, signal, slots }, running, alarm, byName } = bench;
  while (!signal.aborted) {
    alarm.set();
    const dueMs = await claimAll(bench).then(() => dueInMs(db, [...byName.keys()])).catch((thrown: unknown) => {
      log.warn({ cause: causeText(thrown) }, "the job worker cannot reach the database");
      return null;
    });
    // With every slot taken nothing can be begun; the end of a job rings.
    await alarm.wait(running.size >= slots ? pollMs : Math.min(pollMs, Math.max(minWaitMs, dueMs ?? pollMs)));
  }
}

async function claimAll(bench: Bench): Promise<void> {
  const { options: { db, owner, leaseMs, signal, slots }, running, byName } = bench;
  while (!signal.aborted && running.size < slots) {
    const claimed = await claim(db, { owner, leaseMs, kinds: [...byName.keys()], except: [...running.keys()] });
    const kind = claimed && byName.get(claimed.kind);
    if (!claimed || !kind) return;
    begin(bench, claimed, kind);
  }
}

function begin({ options: { db, leaseDb, owner, leaseMs, signal }, running, alarm }: Bench, claimed: Claim, kind: JobKind): void {
  const claimedAt = performance.now();
  const mine = { id: claimed.id, fence: claimed.fence, owner };
  const bell = createAlarm();
  const lease = holdLease(leaseDb, { mine, leaseMs, cancelling: claimed.status === "CANCELLING", wishes: claimed.wishes, onNews: bell.ring });
  const over = work({ db, claim: claimed, mine, kind, lease, bell, shutdown: signal, random: Math.random, claimedAt })
    .catch((thrown: unknown) => log.error({ job: claimed.id, cause: causeText(thrown) }, "a job was let go because the database could not be written"))
    .finally(() => {
      lease.end();
      running.delete(claimed.id);
      alarm.ring();
    });
  running.set(claimed.id, { lease, over });
}

/** Unlike any other process, also one of the same number on another machine or after a restart. */
function processName(): string {
  return `${hostname()}/${process.pid}/${randomBytes(3).toString("hex")}`;
}
