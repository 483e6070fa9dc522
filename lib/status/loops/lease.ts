// One replica of several runs a loop: whoever holds the lease, and anybody once it was not renewed.
import "server-only";
import { database } from "@/lib/runtime";

/** True while this owner holds the lease, renewed by the asking. */
export async function holdLoop(name: string, owner: string, forMs: number): Promise<boolean> {
  const rows = await database().$queryRaw<{ owner: string }[]>`
    INSERT INTO "loop_leases" ("name", "owner", "until") VALUES (${name}, ${owner}, now() + ${forMs} * interval '1 millisecond')
    ON CONFLICT ("name") DO UPDATE SET "owner" = excluded."owner", "until" = excluded."until"
    WHERE "loop_leases"."owner" = excluded."owner" OR "loop_leases"."until" < now()
    RETURNING "owner"`;
  return rows.length === 1;
}

/** So that another replica need not wait until it runs out. */
export async function leaveLoop(name: string, owner: string): Promise<void> {
  await database().loopLease.deleteMany({ where: { name, owner } });
}
