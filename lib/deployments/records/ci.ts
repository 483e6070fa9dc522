// Builds, deployments and commits of CI as they are stored, and their meeting with the records: whichever of the two comes last finds the other.
import "server-only";
import type { Database } from "@/lib/adapters/database/client";
import { isNewer, ciStates, type CiCommit, type CiEvent, type CiState, type Heard } from "../rules/ci-event";
import { linkRecord } from "./link";

/** A deployment and its build are this close, clocks that differ by minutes included. */
const before = "interval '30 days'";
const after = "interval '2 days'";

const toState = (text: string): CiState => ciStates.find((one) => one === text) ?? "queued";

/** True: this delivery is new. */
export async function takeDelivery(db: Database, delivery: { source: string; deliveryId: string; event: string; bytes: number }): Promise<boolean> {
  return (await db.hookDelivery.createMany({ data: [delivery], skipDuplicates: true })).count > 0;
}

/** Not taken after all: the sender may send it again under the same id. */
export async function returnDelivery(db: Database, { source, deliveryId }: { source: string; deliveryId: string }): Promise<void> {
  await db.hookDelivery.deleteMany({ where: { source, deliveryId } });
}

export async function hear(db: Database, { events, commits }: Heard): Promise<{ matched: number }> {
  await keepCommits(db, commits);
  let matched = 0;
  for (const event of events) matched += await matchEvent(db, await keepEvent(db, event));
  for (const { sha } of commits) await leadTimesOf(db, sha);
  return { matched };
}

async function keepCommits(db: Database, commits: readonly CiCommit[]): Promise<void> {
  await db.ciCommit.createMany({ data: commits.map((one) => ({ ...one, sha: one.sha.toLowerCase(), committedAt: new Date(one.committedAt) })), skipDuplicates: true });
}

const when = (at: number | null): Date | null => (at === null ? null : new Date(at));

async function keepEvent(db: Database, event: CiEvent): Promise<bigint> {
  const data = { ...event, commit: event.commit?.toLowerCase() ?? null, startedAt: when(event.startedAt), finishedAt: when(event.finishedAt), saidAt: new Date(event.saidAt) };
  const key = { source_kind_externalId: { source: event.source, kind: event.kind, externalId: event.externalId } };
  const made = await db.ciEvent.createManyAndReturn({ data: [data], skipDuplicates: true, select: { id: true } });
  if (made[0]) return made[0].id;
  const known = await db.ciEvent.findUniqueOrThrow({ where: key });
  if (isNewer({ saidAt: known.saidAt.getTime(), state: toState(known.state) }, event)) {
    await db.ciEvent.update({ where: key, data: { ...data, url: data.url ?? known.url, actor: data.actor ?? known.actor, startedAt: data.startedAt ?? known.startedAt, keys: [...new Set([...known.keys, ...data.keys])] } });
  }
  return known.id;
}

/** By a digest, an image, a tag or a commit; of a commit the whole hash must agree, but for Argo CD's, which is of the repository of manifests. */
const meeting = `r."keys" && e."keys" AND r."startedAt" BETWEEN e."saidAt" - ${after} AND e."saidAt" + ${before}
  AND (e."cluster" IS NULL OR r."clusterUid" IN (SELECT "uid" FROM "deployment_clusters" c WHERE c."slug" = e."cluster"))
  AND (r."commit" IS NULL OR e."commit" IS NULL OR e."source" = 'argocd' OR starts_with(e."commit", lower(r."commit")) OR starts_with(lower(r."commit"), e."commit"))`;
const link = `INSERT INTO "ci_links" ("recordId", "eventId", "by") SELECT r."id", e."id", (SELECT k FROM unnest(r."keys") k WHERE k = ANY(e."keys") ORDER BY k LIMIT 1)
  FROM "deployment_records" r, "ci_events" e WHERE ${meeting}`;

async function matchEvent(db: Database, id: bigint): Promise<number> {
  const rows: unknown = await db.$queryRawUnsafe(`${link} AND e."id" = $1::bigint AND r."change" <> 'restart' ON CONFLICT DO NOTHING RETURNING "recordId"`, id);
  const records = await db.ciLink.findMany({ where: { eventId: id }, select: { recordId: true } });
  await db.ciEvent.update({ where: { id }, data: { matched: records.length } });
  for (const { recordId } of records) await takeFromCi(db, recordId);
  return Array.isArray(rows) ? rows.length : 0;
}

/** Called for a record that is new. */
export async function matchRecord(db: Database, id: bigint): Promise<void> {
  await db.$queryRawUnsafe(`${link} AND r."id" = $1::bigint AND r."change" <> 'restart' ON CONFLICT DO NOTHING`, id);
  await db.$executeRawUnsafe(`UPDATE "ci_events" e SET "matched" = (SELECT count(*) FROM "ci_links" l WHERE l."eventId" = e."id") WHERE e."id" IN (SELECT "eventId" FROM "ci_links" WHERE "recordId" = $1::bigint)`, id);
  await takeFromCi(db, id);
}

/** The record takes over what its builds tell: where to look, whose it was, and from which commit. */
async function takeFromCi(db: Database, recordId: bigint): Promise<void> {
  const record = await db.deploymentRecord.findUnique({ where: { id: recordId }, select: { commit: true, releaseGroup: true } });
  if (!record) return;
  const links = await db.ciLink.findMany({ where: { recordId }, select: { eventId: true } });
  const events = await db.ciEvent.findMany({ where: { id: { in: links.map(({ eventId }) => eventId) } }, orderBy: { saidAt: "desc" } });
  const build = events.find(({ kind, state }) => kind === "build" && state === "succeeded") ?? events.find(({ kind }) => kind === "build") ?? events[0];
  const commit = record.commit ?? events.find((one) => one.commit !== null && one.source !== "argocd")?.commit ?? null;
  if (build || commit !== record.commit) {
    await db.deploymentRecord.update({ where: { id: recordId }, data: { commit, releaseGroup: record.releaseGroup ?? commit, ...(build ? { ciLabel: build.label, ciUrl: build.url } : {}), updatedAt: new Date() } });
  }
  await linkRecord(db, recordId);
  await leadTime(db, recordId);
}

async function leadTimesOf(db: Database, sha: string): Promise<void> {
  const rows = await db.deploymentRecord.findMany({ where: { keys: { has: `commit:${sha.toLowerCase().slice(0, 7)}` } }, select: { id: true }, orderBy: { startedAt: "desc" }, take: 50 });
  for (const { id } of rows) await leadTime(db, id);
}

/** The median over the commits between the one deployed before and this one, of those that are known; of this one alone where nothing was there before it. */
export async function leadTime(db: Database, recordId: bigint): Promise<void> {
  await db.$executeRawUnsafe(`UPDATE "deployment_records" r SET "committedAt" = h."committedAt", "updatedAt" = now(),
      "leadMs" = CASE WHEN r."finishedAt" IS NULL OR r."outcome" <> 'succeeded' THEN NULL ELSE
        (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r."finishedAt" - c."committedAt") * 1000) FROM "ci_commits" c
          WHERE c."repository" = h."repository" AND c."committedAt" <= h."committedAt" AND (c."sha" = h."sha" OR c."committedAt" > p."committedAt"))::bigint END
    FROM (SELECT c.* FROM "ci_commits" c, "deployment_records" d WHERE d."id" = $1::bigint AND d."commit" IS NOT NULL AND starts_with(c."sha", lower(d."commit")) LIMIT 1) h
    LEFT JOIN LATERAL (SELECT b."committedAt" FROM "deployment_records" d JOIN "deployment_records" b ON b."workloadUid" = d."workloadUid" AND b."revision" < d."revision" AND b."outcome" = 'succeeded' AND b."committedAt" IS NOT NULL
      WHERE d."id" = $1::bigint ORDER BY b."revision" DESC LIMIT 1) p ON true
    WHERE r."id" = $1::bigint`, recordId);
}

export async function listUnmatched(db: Database, limit: number) {
  const rows = await db.ciEvent.findMany({ where: { matched: 0 }, orderBy: { receivedAt: "desc" }, take: limit });
  return rows.map(({ id, source, kind, repository, commit, ref, service, environment, state, label, url, actor, saidAt, receivedAt }) => ({ id: String(id), source, kind, repository, commit, ref, service, environment, state, label, url, actor, saidAt: saidAt.getTime(), receivedAt: receivedAt.getTime() }));
}
