// DORA's measures from the table of records, per service: one read of what counts within the window.
import "server-only";
import { z } from "zod";
import type { Database } from "@/lib/adapters/database/client";
import { serviceFigures, type ServiceFigures } from "../rules/dora";

export interface DoraAsked {
  cluster: string;
  since: Date;
  until: Date;
  tier?: number | undefined;
  /** A rollout that never came to its end while the old pods served on counts as failed, unless this says otherwise. */
  countUnfinished: boolean;
  /** Changes of configuration alone count, unless this says otherwise. */
  countConfig: boolean;
}

/** The partial index deployment_records_counted holds every column that is read here. */
const counted = `SELECT d."namespace", d."name", d."tier", d."outcome", d."change", d."isFirst", d."isUnplanned", d."incident", d."leadMs", d."startedAt", d."finishedAt", d."releaseGroup", d."recoveredAt",
    CASE d."deemed" WHEN 'failed' THEN true WHEN 'fine' THEN false ELSE
      (($4::boolean AND d."outcome" IN ('failed', 'aborted', 'rolled-back')) OR d."rolledBackAt" <= coalesce(d."finishedAt", d."startedAt") + interval '24 hours') IS TRUE END AS "isFailed",
    greatest(d."startedAt", least(d."failedAt", d."rolledBackAt", CASE WHEN d."incident" IS NOT NULL OR d."deemed" = 'failed' THEN d."finishedAt" END)) AS "failedFrom"
  FROM "deployment_records" d
  WHERE d."clusterUid" = $1 AND d."startedAt" >= $2::timestamptz AND d."startedAt" < $3::timestamptz AND d."environment" = 'production' AND d."change" <> 'restart'
    AND d."outcome" IN ('succeeded', 'failed', 'aborted', 'rolled-back') AND ($5::smallint IS NULL OR d."tier" = $5) AND ($6::boolean OR d."change" <> 'config')`;

const perService = `WITH counted AS MATERIALIZED (${counted})
  SELECT "namespace", "name", max("tier")::int AS "tier",
    count(*) FILTER (WHERE "outcome" = 'succeeded')::int AS "deployments",
    count(*) FILTER (WHERE "isFailed")::int AS "failed",
    count(*)::int AS "finished",
    percentile_cont(0.5) WITHIN GROUP (ORDER BY "leadMs") FILTER (WHERE "outcome" = 'succeeded' AND "leadMs" > 0 AND NOT "isFirst")::float8 AS "leadMs",
    count(*) FILTER (WHERE "outcome" = 'succeeded' AND "leadMs" > 0 AND NOT "isFirst")::int AS "leadKnown",
    count(*) FILTER (WHERE "outcome" = 'succeeded' AND "change" = 'release' AND NOT "isFirst")::int AS "leadAsked",
    count(*) FILTER (WHERE "leadMs" <= 0 AND NOT "isFirst")::int AS "leadDropped",
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM "recoveredAt" - "failedFrom") * 1000) FILTER (WHERE "isFailed" AND "recoveredAt" >= "failedFrom")::float8 AS "restoreMs",
    count(*) FILTER (WHERE "isFailed" AND "recoveredAt" IS NOT NULL)::int AS "restored",
    count(*) FILTER (WHERE "isFailed" AND "recoveredAt" IS NULL)::int AS "open",
    count(*) FILTER (WHERE "isUnplanned" OR "incident" IS NOT NULL)::int AS "rework"
  FROM counted GROUP BY "namespace", "name" ORDER BY "namespace", "name"`;

/** Those of one group that follow each other within a quarter of an hour are one. */
const groups = `WITH counted AS (${counted}), marked AS (
    SELECT "releaseGroup", "startedAt" - lag("startedAt") OVER (PARTITION BY "releaseGroup" ORDER BY "startedAt") AS "gap" FROM counted WHERE "outcome" = 'succeeded')
  SELECT count(*) FILTER (WHERE "releaseGroup" IS NULL OR "gap" IS NULL OR "gap" > interval '15 minutes')::int AS "groups" FROM marked`;

const rows = z.array(z.object({ ...serviceFigures.omit({ perWeek: true, failRate: true, reworkRate: true }).shape, finished: z.number() }));
const weekMs = 7 * 86_400_000;

export async function doraOf(db: Database, asked: DoraAsked): Promise<{ services: ServiceFigures[]; groups: number }> {
  const cluster = await db.deploymentCluster.findUnique({ where: { slug: asked.cluster } });
  if (!cluster) return { services: [], groups: 0 };
  const values = [cluster.uid, asked.since, asked.until, asked.countUnfinished, asked.tier ?? null, asked.countConfig];
  const [told, grouped] = await Promise.all([db.$queryRawUnsafe(perService, ...values), db.$queryRawUnsafe(groups, ...values)]);
  const weeks = Math.max(1 / 7, (asked.until.getTime() - asked.since.getTime()) / weekMs);
  const services = rows.parse(told).map(({ finished, ...one }) => ({
    ...one, perWeek: one.deployments / weeks, failRate: finished === 0 ? null : one.failed / finished, reworkRate: finished === 0 ? null : one.rework / finished,
  }));
  return { services, groups: z.array(z.object({ groups: z.number() })).parse(grouped)[0]?.groups ?? 0 };
}
