// How long records are kept, and the removal of those that are older; what is under way is never too old.
import "server-only";
import type { Database } from "@/lib/adapters/database/client";

/** Thirteen months: this year beside the last. */
export const standardDays = 400;
const dayMs = 86_400_000;
const batch = 5_000;

export async function retentionDays(db: Database): Promise<number> {
  return (await db.deploymentSetting.findUnique({ where: { id: 1 } }))?.retentionDays ?? standardDays;
}

/** In batches, so that nobody waits for it. The newest record of a workload stays: it says what runs. */
export async function removeOld(db: Database, now: number): Promise<number> {
  const before = new Date(now - (await retentionDays(db)) * dayMs);
  let removed = 0;
  for (;;) {
    const gone = await db.$executeRawUnsafe(
      `WITH old AS (SELECT d."id" FROM "deployment_records" d WHERE d."startedAt" < $1 AND d."outcome" NOT IN ('running', 'paused')
         AND EXISTS (SELECT 1 FROM "deployment_records" n WHERE n."workloadUid" = d."workloadUid" AND n."revision" > d."revision") LIMIT ${batch}),
       evidence AS (DELETE FROM "deployment_evidence" WHERE "recordId" IN (SELECT "id" FROM old)), links AS (DELETE FROM "ci_links" WHERE "recordId" IN (SELECT "id" FROM old))
       DELETE FROM "deployment_records" WHERE "id" IN (SELECT "id" FROM old)`, before);
    removed += gone;
    if (gone < batch) break;
  }
  await db.hookDelivery.deleteMany({ where: { receivedAt: { lt: before } } });
  await db.ciEvent.deleteMany({ where: { receivedAt: { lt: before } } });
  await db.$executeRawUnsafe(`DELETE FROM "pod_templates" t WHERE t."seenAt" < $1 AND NOT EXISTS (SELECT 1 FROM "deployment_records" d WHERE d."templateDigest" = t."digest")`, before);
  return removed;
}
