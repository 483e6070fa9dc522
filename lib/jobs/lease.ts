// The proof that this process still owns a job: renewed on its own connection, given up before the database would.
import "server-only";
import type { JobDatabase } from "./database";
import { LeaseLost, renew, type Mine } from "./store";

export interface Lease {
  /** Aborts when somebody asked to cancel, or the lease can no longer be proven. What a step listens to. */
  readonly signal: AbortSignal;
  cancelling(): boolean;
  /** Throws LeaseLost once 0.8 of the lease passed without proof; true also right after a frozen process wakes, before any timer ran. */
  assertOwner(): void;
  /** Renews now; used when somebody asked to cancel. */
  look(): Promise<void>;
  end(): void;
}

export interface LeaseTerms { mine: Mine; leaseMs: number; cancelling: boolean }

export function holdLease(db: JobDatabase, { mine, leaseMs, cancelling }: LeaseTerms): Lease {
  const stop = new AbortController();
  const patienceMs = leaseMs * 0.8;
  let provenAt = performance.now();
  let cancelled = cancelling;
  let lost = false;
  let ended = false;

  const expired = () => lost || performance.now() - provenAt > patienceMs;
  const check = () => {
    if (!expired() || ended) return;
    lost = true;
    stop.abort(new LeaseLost(mine.id));
  };
  const look = async () => {
    if (ended) return;
    const askedAt = performance.now();
    const answer = await renew(db, mine, leaseMs).catch(() => "unknown" as const);
    if (ended || answer === "unknown") return check();
    if (answer === "lost") lost = true;
    else if (!expired()) provenAt = askedAt;
    if (answer === "cancelling" && !cancelled) {
      cancelled = true;
      stop.abort(new Error("The job is being cancelled."));
    }
    check();
  };
  const renewal = setInterval(() => void look(), leaseMs / 4);
  const watchdog = setInterval(check, leaseMs / 20);
  if (cancelling) stop.abort(new Error("The job is being cancelled."));
  return {
    signal: stop.signal,
    cancelling: () => cancelled,
    assertOwner: () => {
      if (expired()) throw new LeaseLost(mine.id);
    },
    look,
    end() {
      ended = true;
      clearInterval(renewal);
      clearInterval(watchdog);
    },
  };
}
