// The proof that this process still owns a job: renewed on its own connection, given up before the database would.
import "server-only";
import type { JobDatabase } from "./database";
import { LeaseLost, renew, type Mine } from "./store";

export interface Lease {
  /** Aborts when somebody asked to cancel, or the lease can no longer be proven. What a step listens to. */
  readonly signal: AbortSignal;
  cancelling(): boolean;
  /** How often somebody wished something of the job's steps, as far as this process has heard. */
  wishes(): number;
  /** Throws LeaseLost once 0.8 of the lease passed without proof; true also right after a frozen process wakes, before any timer ran. */
  assertOwner(): void;
  /** Renews now; used when somebody asked to cancel, or wished something. */
  look(): Promise<void>;
  end(): void;
}

export interface LeaseTerms {
  mine: Mine;
  leaseMs: number;
  cancelling: boolean;
  wishes: number;
  /** Called when a look brought a cancel or a wish, or found the lease lost. */
  onNews(): void;
}

export function holdLease(db: JobDatabase, { mine, leaseMs, cancelling, wishes, onNews }: LeaseTerms): Lease {
  const stop = new AbortController();
  const patienceMs = leaseMs * 0.8;
  let provenAt = performance.now();
  let cancelled = cancelling;
  let heard = wishes;
  let lost = false;
  let told = false;
  let ended = false;

  const expired = () => lost || performance.now() - provenAt > patienceMs;
  const check = () => {
    if (!expired() || ended || told) return;
    lost = told = true;
    stop.abort(new LeaseLost(mine.id));
    onNews();
  };
  const look = async () => {
    if (ended) return;
    const askedAt = performance.now();
    const answer = await renew(db, mine, leaseMs).catch(() => null);
    if (ended || answer === null) return check();
    if (answer.is === "lost") lost = true;
    else {
      if (!expired()) provenAt = askedAt;
      const news = (answer.is === "cancelling" && !cancelled) || answer.wishes !== heard;
      heard = answer.wishes;
      if (answer.is === "cancelling" && !cancelled) {
        cancelled = true;
        stop.abort(new Error("The job is being cancelled."));
      }
      if (news) onNews();
    }
    check();
  };
  const renewal = setInterval(() => void look(), leaseMs / 4);
  const watchdog = setInterval(check, leaseMs / 20);
  if (cancelling) stop.abort(new Error("The job is being cancelled."));
  return {
    signal: stop.signal,
    cancelling: () => cancelled,
    wishes: () => heard,
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
