// Claims what is due and works on it: woken by notifications, by the next due time, and by a slow look in case a notification was lost.
import "server-only";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { dueChannel, jobDatabase, leaseDatabase, type JobDatabase } from "./database";
import { work } from "./executor";
import { holdLease, type Lease } from "./lease";
import type { JobKind } from "./step";
import { claim, dueInMs, type Claim } from "./store";

export interface WorkerOptions {
  kinds: readonly JobKind[];
  /** Aborts when the process is to end: nothing new is claimed, what runs is given back at its next step boundary. */
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

/** Starts a worker in this process. The lease is longer than any single call to the outside world may take. */
export function startJobWorker({ kinds, signal, db = jobDatabase(), leaseDb = leaseDatabase(), leaseMs = 45_000, owner = processName(), slots = 8 }: WorkerOptions): Worker {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
  const names = [...byName.keys()];
  const running = new Map<string, { lease: Lease; over: Promise<void> }>();
  let wake: () => void = () => undefined;
  let noticed = true;
  const notice = () => {
    noticed = true;
    wake();
  };

  const begin = (claimed: Claim, kind: JobKind) => {
    const claimedAt = performance.now();
    const mine = { id: claimed.id, fence: claimed.fence, owner };
    const lease = holdLease(leaseDb, { mine, leaseMs, cancelling: claimed.status === "CANCELLING" });
    const over = work({ db, claim: claimed, mine, kind, lease, shutdown: signal, random: Math.random, claimedAt })
      .catch((thrown: unknown) => log.error({ job: claimed.id, cause: causeText(thrown) }, "a job was let go because the database could not be written"))
      .finally(() => {
        lease.end();
        running.delete(claimed.id);
        notice();
      });
    running.set(claimed.id, { lease, over });
  };

  const claimAll = async () => {
    while (!signal.aborted && running.size < slots) {
      const claimed = await claim(db, { owner, leaseMs, kinds: names, except: [...running.keys()] });
      const kind = claimed && byName.get(claimed.kind);
      if (!claimed || !kind) return;
      begin(claimed, kind);
    }
  };
  const sleep = (forMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, noticed ? 0 : forMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async () => {
    while (!signal.aborted) {
      noticed = false;
      const dueMs = await claimAll().then(() => dueInMs(db, names)).catch((thrown: unknown) => {
        log.warn({ cause: causeText(thrown) }, "the job worker cannot reach the database");
        return null;
      });
      // With every slot taken nothing can be begun; the end of a job wakes the loop.
      await sleep(running.size >= slots ? pollMs : Math.min(pollMs, Math.max(minWaitMs, dueMs ?? pollMs)));
    }
  };

  const deafen = db.listen(dueChannel, (id) => {
    void running.get(id)?.lease.look();
    notice();
  }, notice);
  signal.addEventListener("abort", notice, { once: true });
  const stopped = loop().then(async () => {
    await deafen();
    await Promise.all([...running.values()].map(({ over }) => over));
  });
  return { owner, stopped };
}

/** Unlike any other process, also one of the same number on another machine or after a restart. */
function processName(): string {
  return `${hostname()}/${process.pid}/${randomBytes(3).toString("hex")}`;
}
