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
      (($4::boolean AND d."outcome" IN ('failed', 'aborted', 'rolled-back')) OR d."rolledBackAt" - interval '24 hours' <= coalesce(d."finishedAt", d."startedAt")) IS TRUE END AS "isFailed",
    greatest(d."startedAt", least(d."failedAt", d."rolledBackAt", CASE WHEN d."incident" IS NOT NULL OR d."deemed" = 'failed' THEN d."finishedAt" END)) AS "failedFrom"
  FROM "deployment_records" d
  WHERE d."clusterUid" = $1 AND d."startedAt" >= $2::timestamptz AND d."startedAt" < $3::timestamptz AND d."environment" = 'production' AND d."change" <> 'restart'
    AND d."outcome" IN ('succeeded', 'failed', 'aborted', 'rolled-back') AND ($5::smallint IS NULL OR d."tier" = $5) AND ($6::boolean OR d."change" <> 'config')`;

/** Grouped by hashing, in parallel; medians are taken of each service's own values afterwards, for an ordered aggregate would have all rows sorted by name first. */
const perService = `WITH grouped AS (
  SELECT "namespace", "name", max("tier")::int AS "tier",
    count(*) FILTER (WHERE "outcome" = 'succeeded')::int AS "deployments",
    count(*) FILTER (WHERE "isFailed")::int AS "failed",
    count(*)::int AS "finished",
    array_agg("leadMs") FILTER (WHERE "outcome" = 'succeeded' AND "leadMs" > 0 AND NOT "isFirst") AS "leads",
    count(*) FILTER (WHERE "outcome" = 'succeeded' AND "change" = 'release' AND NOT "isFirst")::int AS "leadAsked",
    count(*) FILTER (WHERE "leadMs" <= 0 AND NOT "isFirst")::int AS "leadDropped",
    array_agg("recoveredAt" - "failedFrom") FILTER (WHERE "isFailed" AND "recoveredAt" >= "failedFrom") AS "restores",
    count(*) FILTER (WHERE "isFailed" AND "recoveredAt" IS NOT NULL)::int AS "restored",
    count(*) FILTER (WHERE "isFailed" AND "recoveredAt" IS NULL)::int AS "open",
    count(*) FILTER (WHERE "isUnplanned" OR "incident" IS NOT NULL)::int AS "rework"
  FROM (${counted}) AS counted GROUP BY "namespace", "name")
  SELECT "namespace", "name", "tier", "deployments", "failed", "finished", coalesce(cardinality("leads"), 0) AS "leadKnown", "leadAsked", "leadDropped", "restored", "open", "rework",
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY "lead") FROM unnest("leads") AS "lead")::float8 AS "leadMs",
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', "restore") * 1000) FROM unnest("restores") AS "restore") AS "restoreMs"
  FROM grouped ORDER BY "namespace", "name"`;

/** Those of one group that follow each other within a quarter of an hour are one; only a group that spans more is looked at start by start. */
const groups = `WITH spans AS (
    SELECT "releaseGroup", count(*) AS "starts", max("startedAt") - min("startedAt") AS "span", array_agg("startedAt") FILTER (WHERE "releaseGroup" IS NOT NULL) AS "at"
    FROM (${counted}) AS counted WHERE "outcome" = 'succeeded' GROUP BY "releaseGroup")
  SELECT coalesce(sum(CASE WHEN "releaseGroup" IS NULL THEN "starts" WHEN "span" <= interval '15 minutes' THEN 1
      ELSE (SELECT count(*) FILTER (WHERE "gap" IS NULL OR "gap" > interval '15 minutes') FROM (SELECT "one" - lag("one") OVER (ORDER BY "one") AS "gap" FROM unnest("at") AS "one") AS "gaps") END), 0)::int AS "groups"
  FROM spans`;

/** Room to hash a quarter's records without files. */
const roomy = "SET LOCAL work_mem = '64MB'";

const rows = z.array(z.object({ ...serviceFigures.omit({ perWeek: true, failRate: true, reworkRate: true }).shape, finished: z.number() }));
const weekMs = 7 * 86_400_000;

export async function doraOf(db: Database, asked: DoraAsked): Promise<{ services: ServiceFigures[]; groups: number }> {
  const cluster = await db.deploymentCluster.findUnique({ where: { slug: asked.cluster } });
  if (!cluster) return { services: [], groups: 0 };
  const values = [cluster.uid, asked.since, asked.until, asked.countUnfinished, asked.tier ?? null, asked.countConfig];
  const ask = async (asks: string) => (await db.$transaction([db.$executeRawUnsafe(roomy), db.$queryRawUnsafe(asks, ...values)]))[1];
  const [told, grouped] = await Promise.all([ask(perService), ask(groups)]);
  const weeks = Math.max(1 / 7, (asked.until.getTime() - asked.since.getTime()) / weekMs);
  const services = rows.parse(told).map(({ finished, ...one }) => ({
    ...one, perWeek: one.deployments / weeks, failRate: finished === 0 ? null : one.failed / finished, reworkRate: finished === 0 ? null : one.rework / finished,
  }));
  return { services, groups: z.array(z.object({ groups: z.number() })).parse(grouped)[0]?.groups ?? 0 };
}
