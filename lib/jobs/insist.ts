// Says something to the database again while it cannot be reached, as long as the job is provably ours.
import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@/lib/base/backoff";
import type { JobDatabase } from "./database";
import type { Lease } from "./lease";

const pause = { baseMs: 100, capMs: 2000 };

/** For statements that may be repeated when their reply was lost. Throws LeaseLost when the lease ends before the database is back. */
export async function insist<T>(db: JobDatabase, lease: Lease, say: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await say();
    } catch (thrown) {
      if (!db.isUnreachable(thrown)) throw thrown;
      lease.assertOwner();
      await sleep(backoffMs(pause, attempt, Math.random()));
    }
  }
}
