// The records read: lists with filters, the newest of each workload, what is under way, marks for charts.
import "server-only";
import { z } from "zod";
import type { Database } from "@/lib/adapters/database/client";
import { AppError } from "@/lib/base/errors";
import { deploymentMark, deploymentRecord, type DeploymentMark, type DeploymentRecord } from "../model";

const ms = (column: string) => `(extract(epoch from r."${column}") * 1000)::float8 AS "${column}"`;
const columns = `r."id"::text AS "id", r."kind", r."namespace", r."name", r."workloadUid", r."tier", r."environment", r."revision", r."revisionName", r."change", r."isFirst", r."fromRevision", r."returnsTo",
  r."fromVersion", r."version", r."images", r."differences", r."commit", r."application", r."chart", r."actor", r."actorKind", r."actorSource", r."note", r."source", ${ms("startedAt")}, r."startedFrom",
  ${ms("firstReadyAt")}, ${ms("finishedAt")}, r."finishedFrom", ${ms("lastSeenAt")}, ${ms("failedAt")}, ${ms("recoveredAt")}, r."outcome", r."reason", r."say", r."isLate", r."rolledBackBy",
  r."replicas", r."updated", r."ready", coalesce(r."canary", '[]'::jsonb) AS "canary", r."ciLabel", r."ciUrl", r."leadMs"::float8 AS "leadMs", r."isUnplanned", r."incident", r."deemed"`;
const ofCluster = `r."clusterUid" = (SELECT "uid" FROM "deployment_clusters" WHERE "slug" = $1)`;

const records = z.array(deploymentRecord);

export interface RecordFilter {
  cluster: string;
  tier?: number | undefined;
  change?: string | undefined;
  outcome?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
  kind?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** "<startedAt>:<id>" of the last one of the page before. */
  after?: string | undefined;
  limit: number;
}

/** Newest first. Only the conditions that are asked for are written: each combination has its index. */
export async function listRecords(db: Database, filter: RecordFilter): Promise<DeploymentRecord[]> {
  const values: unknown[] = [filter.cluster];
  const conditions = [ofCluster];
  const add = (value: unknown, condition: (place: string) => string) => {
    if (value !== undefined) conditions.push(condition(`$${values.push(value)}`));
  };
  add(filter.tier, (at) => `r."tier" = ${at}::smallint`);
  add(filter.change, (at) => `r."change" = ${at}`);
  add(filter.outcome, (at) => `r."outcome" = ${at}`);
  add(filter.namespace, (at) => `r."namespace" = ${at}`);
  add(filter.name, (at) => `r."name" = ${at}`);
  add(filter.kind, (at) => `r."kind" = ${at}`);
  add(filter.since === undefined ? undefined : new Date(filter.since), (at) => `r."startedAt" >= ${at}::timestamptz`);
  add(filter.until === undefined ? undefined : new Date(filter.until), (at) => `r."startedAt" < ${at}::timestamptz`);
  const [at, id] = filter.after?.split(":") ?? [];
  if (at && id) conditions.push(`(r."startedAt", r."id") < ($${values.push(new Date(Number(at)))}::timestamptz, $${values.push(id)}::bigint)`);
  const sql = `SELECT ${columns} FROM "deployment_records" r WHERE ${conditions.join(" AND ")} ORDER BY r."startedAt" DESC, r."id" DESC LIMIT $${values.push(filter.limit)}::int`;
  return records.parse(await db.$queryRawUnsafe(sql, ...values));
}

/** Steps from name to name along the index instead of sorting all that ever was; two kinds under one name are told apart among its latest. */
const newest = `WITH RECURSIVE cluster AS (SELECT "uid" FROM "deployment_clusters" WHERE "slug" = $1), workload AS (
    (SELECT d."namespace", d."name" FROM "deployment_records" d, cluster c WHERE d."clusterUid" = c."uid" ORDER BY d."namespace", d."name" LIMIT 1)
    UNION ALL SELECT n."namespace", n."name" FROM workload w, cluster c CROSS JOIN LATERAL
      (SELECT d."namespace", d."name" FROM "deployment_records" d WHERE d."clusterUid" = c."uid" AND (d."namespace", d."name") > (w."namespace", w."name") ORDER BY d."namespace", d."name" LIMIT 1) n)
  SELECT ${columns} FROM workload w, cluster c CROSS JOIN LATERAL (SELECT DISTINCT ON (l."kind") l.* FROM
    (SELECT * FROM "deployment_records" d WHERE d."clusterUid" = c."uid" AND d."namespace" = w."namespace" AND d."name" = w."name" ORDER BY d."startedAt" DESC, d."id" DESC LIMIT 20) l ORDER BY l."kind", l."startedAt" DESC, l."id" DESC) r
  ORDER BY r."startedAt" DESC`;

/** The newest of each workload that has any: for a page that tells of all services at once. */
export async function newestPerWorkload(db: Database, cluster: string): Promise<DeploymentRecord[]> {
  return records.parse(await db.$queryRawUnsafe(newest, cluster));
}

export async function recordsUnderWay(db: Database, cluster: string): Promise<DeploymentRecord[]> {
  return records.parse(await db.$queryRawUnsafe(`SELECT ${columns} FROM "deployment_records" r WHERE ${ofCluster} AND r."outcome" IN ('running', 'paused') ORDER BY r."startedAt" DESC LIMIT 500`, cluster));
}

export async function findRecord(db: Database, cluster: string, id: string): Promise<DeploymentRecord> {
  const [found] = records.parse(await db.$queryRawUnsafe(`SELECT ${columns} FROM "deployment_records" r WHERE ${ofCluster} AND r."id" = $2::bigint`, cluster, id));
  if (!found) throw new AppError("not-found", `${cluster} has no deployment ${id}. It may have been too old to be kept.`);
  return found;
}

/** For a record that changed; null when it is of a cluster without a name here. */
export async function recordWithClusters(db: Database, id: string): Promise<{ record: DeploymentRecord; clusters: string[] } | null> {
  const rows: unknown = await db.$queryRawUnsafe(`SELECT ${columns}, ARRAY(SELECT "slug" FROM "deployment_clusters" c WHERE c."uid" = r."clusterUid") AS "clusters" FROM "deployment_records" r WHERE r."id" = $1::bigint`, id);
  const [row] = z.array(deploymentRecord.extend({ clusters: z.array(z.string()) })).parse(rows);
  if (!row) return null;
  const { clusters, ...record } = row;
  return { record, clusters };
}

const marks = z.array(deploymentMark);

export interface MarkFilter { cluster: string; since: number; until: number; tier?: number | undefined; namespace?: string | undefined; name?: string | undefined; limit: number }

/** Oldest first; restarts too, because a chart shows them. */
export async function listMarks(db: Database, { cluster, since, until, tier, namespace, name, limit }: MarkFilter): Promise<DeploymentMark[]> {
  const sql = `SELECT r."id"::text AS "id", (extract(epoch from r."startedAt") * 1000)::float8 AS "at", ${ms("finishedAt")}, r."kind", r."namespace", r."name" AS "workload", r."tier", r."version", r."change", r."outcome"
    FROM "deployment_records" r WHERE ${ofCluster} AND r."startedAt" >= $2::timestamptz AND r."startedAt" < $3::timestamptz
    AND ($4::int IS NULL OR r."tier" = $4) AND ($5::text IS NULL OR r."namespace" = $5) AND ($6::text IS NULL OR r."name" = $6) ORDER BY r."startedAt" DESC LIMIT $7::int`;
  return marks.parse(await db.$queryRawUnsafe(sql, cluster, new Date(since), new Date(until), tier ?? null, namespace ?? null, name ?? null, limit)).reverse();
}
