// `npm run bench -- deployments-status`, part records: a million records on the real PostgreSQL, listed, filtered, and told as DORA's measures.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/lib/adapters/database/client";
import { doraOf } from "@/lib/deployments/records/dora";
import { listMarks, listRecords, newestPerWorkload, type RecordFilter } from "@/lib/deployments/records/query";
import { matchRecord } from "@/lib/deployments/records/ci";
import { clusterUid, dayMs, nameTheCluster } from "../fixtures/deployments/records";
import { startTestServer, type TestServer } from "../fixtures/database";
import { createFigures, percentile } from "./figures";

const count = 1_000_000;
const workloads = 250;
const figures = createFigures();
let server: TestServer;
let db: Database;

/** 400 days of 250 workloads of one cluster in four tiers: kinds, outcomes and lead times in the shares that one meets. */
const fill = `INSERT INTO "deployment_records" ("clusterUid", "workloadUid", "kind", "namespace", "name", "tier", "revision", "revisionName", "generation", "templateDigest", "change", "version", "fromVersion", "images", "differences", "keys", "commit", "claims", "actor", "actorKind", "actorSource",
    "source", "startedAt", "startedFrom", "finishedAt", "finishedFrom", "lastSeenAt", "outcome", "failedAt", "recoveredAt", "leadMs", "isUnplanned", "releaseGroup", "replicas", "updated", "ready")
  SELECT $1, 'uid-' || (n % ${workloads}), 'Deployment', 'team-' || (n % 25), 'service-' || (n % ${workloads}), (n % 4) + 1, n / ${workloads} + 1, 'service-' || (n % ${workloads}) || '-' || n, n, md5((n % 5000)::text),
    (ARRAY['release', 'release', 'release', 'release', 'release', 'release', 'config', 'config', 'restart', 'rollback'])[n % 10 + 1], '1.' || n, '1.' || (n - ${workloads}),
    jsonb_build_array(jsonb_build_object('container', 'main', 'image', 'r/service:1.' || n, 'repository', 'r/service', 'tag', '1.' || n, 'digest', '')), '[]'::jsonb, ARRAY['image:r/service:1.' || n, 'commit:' || left(md5(n::text), 7)], md5(n::text), '[]'::jsonb, 'person-' || (n % 40), 'ci', 'ci',
    'watch', now() - (${count} - n) * interval '34.5 seconds', 'cluster', now() - (${count} - n) * interval '34.5 seconds' + interval '90 seconds', 'watched', now(), (ARRAY['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'superseded', 'failed'])[n % 11 + 1],
    CASE WHEN n % 11 = 10 THEN now() - (${count} - n) * interval '34.5 seconds' + interval '60 seconds' END, CASE WHEN n % 11 = 10 THEN now() - (${count} - n) * interval '34.5 seconds' + interval '40 minutes' END,
    (n::bigint * 7919 % 86400) * 1000, n % 10 = 9, left(md5((n / 3)::text), 7), 3, 3, 3
  FROM generate_series(1, ${count}) n`;

beforeAll(async () => {
  server = await startTestServer();
  const url = await server.fresh();
  const owner = server.postgres.urlOf(new URL(url).pathname.slice(1));
  // The word to open pages is for changes, not for a table that is filled.
  await server.query(owner, `ALTER TABLE "deployment_records" DISABLE TRIGGER "deployment_records_changed"`).catch(() => []);
  db = connect(url);
  await nameTheCluster(db);
  await server.query(owner, fill, [clusterUid]);
  // As autovacuum does while records come one by one; a second time for what the first could not yet take for visible to all.
  for (const _ of [1, 2]) await server.query(owner, `VACUUM ANALYZE "deployment_records"`);
}, 900_000);
afterAll(async () => {
  await db?.$disconnect();
  await server?.stop();
});

async function timed(times: number, act: (index: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const begun = performance.now();
    await act(index);
    took.push(performance.now() - begun);
  }
  return took;
}

describe("a million records", () => {
  const now = Date.now();
  const base = { cluster: "sesac-prod", limit: 100 };
  const filters: [string, RecordFilter][] = [
    ["all", base], ["tier", { ...base, tier: 2 }], ["kind", { ...base, change: "rollback" }], ["outcome", { ...base, outcome: "failed" }], ["workload", { ...base, namespace: "team-7", name: "service-32" }], ["name", { ...base, name: "service-101" }],
    ["tier and outcome", { ...base, tier: 3, outcome: "failed" }], ["tier, kind and window", { ...base, tier: 1, change: "config", since: now - 7 * dayMs }], ["none there", { ...base, outcome: "cancelled" }], ["deep page", { ...base, until: now - 300 * dayMs }],
  ];
  it("are listed and filtered within 50 ms", async () => {
    const all: number[] = [];
    for (const [name, filter] of filters) {
      const took = await timed(30, () => listRecords(db, filter));
      all.push(...took);
      figures.tell(`deployments list, ${name}, p95`, percentile(took, 0.95), "ms", { op: "<=", value: 50 });
    }
    figures.tell("deployments list and filters, p95 of all", percentile(all, 0.95), "ms", { op: "<=", value: 50 });
    expect(percentile(all, 0.95)).toBeLessThanOrEqual(50);
  });
  it("are told as DORA's measures of 90 days within 300 ms", async () => {
    const asked = { cluster: "sesac-prod", since: new Date(now - 90 * dayMs), until: new Date(now), countUnfinished: true, countConfig: true };
    const took = await timed(12, () => doraOf(db, asked));
    const { services, groups } = await doraOf(db, asked);
    // Of every tenth workload there are restarts alone, which no measure counts.
    expect(services).toHaveLength(workloads * 0.9);
    expect(groups).toBeGreaterThan(1000);
    figures.tell("DORA of 90 days, p95", percentile(took, 0.95), "ms", { op: "<=", value: 300 });
    figures.tell("DORA of 90 days, median", percentile(took, 0.5), "ms");
  });
  it("give the newest per workload, marks of a day, and a record its builds", async () => {
    figures.tell("newest per workload, p95", percentile(await timed(5, () => newestPerWorkload(db, "sesac-prod")), 0.95), "ms");
    figures.tell("marks of a day, p95", percentile(await timed(20, () => listMarks(db, { cluster: "sesac-prod", since: now - dayMs, until: now, limit: 500 })), 0.95), "ms", { op: "<=", value: 50 });
    const [one] = await listRecords(db, base);
    figures.tell("a record meets its builds, p95", percentile(await timed(10, () => matchRecord(db, BigInt(one?.id ?? 0))), 0.95), "ms");
  });
});
