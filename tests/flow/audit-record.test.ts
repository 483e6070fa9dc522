// The record: nobody alters it, a chain shows what was altered by whoever owns the tables, refusals of strangers are counted, and a backup brings it back whole.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHead, verifyChain } from "@/infra/dev/audit-chain";
import { backUp, restore } from "@/infra/dev/backup";
import { startEmbeddedPostgres } from "@/infra/dev/database";
import { csvLine } from "@/lib/access/record-export";
import { flushDenials } from "@/lib/access/denials";
import { record, type Deed } from "@/lib/access/audit";
import { connect } from "@/lib/adapters/database/client";
import { database } from "@/lib/runtime";
import * as audit from "@/app/api/access/audit/route";
import * as denials from "@/app/api/access/denials/route";
import * as exported from "@/app/api/access/audit/export/route";
import * as jobs from "@/app/api/jobs/route";
import * as readyz from "@/app/api/readyz/route";
import { POST as authPost } from "@/app/api/auth/[...all]/route";
import { caller, origin } from "../fixtures/callers";
import { useFreshDatabase } from "../fixtures/database";
import { signedIn } from "../fixtures/people";

let server: Awaited<ReturnType<typeof useFreshDatabase>>;
const system = { kind: "system" as const, id: "", name: "the console", role: "admin" as const, via: null };
const deed = (name: string, more: Partial<Deed> = {}): Deed => ({ actor: system, address: "", requestId: "r", action: "suite.deed", target: { kind: "thing", name }, outcome: "succeeded", ...more });

beforeAll(async () => {
  server = await useFreshDatabase();
});
afterAll(async () => {
  await database().$disconnect();
  await server.stop();
});

/** As the owner of the tables, with the triggers off: what only somebody with the owner's password can do. */
const tamper = (url: string, sql: string) => server.query(url, `ALTER TABLE audit_entries DISABLE TRIGGER USER; ${sql}; ALTER TABLE audit_entries ENABLE TRIGGER USER`);

describe("the console's role", () => {
  const asConsole = (sql: string) => server.query(process.env.DATABASE_URL ?? "", sql);

  it.each([
    "UPDATE audit_entries SET action = 'y'", "DELETE FROM audit_entries", "TRUNCATE audit_entries", "UPDATE audit_head SET seq = 0", "DELETE FROM audit_head", "INSERT INTO audit_head VALUES (2, 0, '')",
    "DELETE FROM _prisma_migrations",
  ])("is not granted: %s", async (sql) => {
    await expect(asConsole(sql)).rejects.toThrow(/permission denied/);
  });

  it.each(["ALTER TABLE audit_entries DISABLE TRIGGER USER", "DROP TABLE audit_entries", "CREATE TABLE mine (a int)", "CREATE OR REPLACE FUNCTION public.audit_part(value TEXT) RETURNS TEXT LANGUAGE sql AS 'SELECT value'", "SET session_replication_role = replica", "CREATE ROLE other"])("owns nothing: %s", async (sql) => {
    await expect(asConsole(sql)).rejects.toThrow(/permission denied|must be owner/);
  });

  it("adds rows, and chooses neither their place, nor their time, nor their hash", async () => {
    await asConsole(`INSERT INTO audit_entries ("at","actorKind","actorId","actorName",address,"requestId",action,"targetKind","targetName",outcome,seq,"prevHash",hash) VALUES ('2001-01-01','system','','','','','suite.forged','','','succeeded',999,'a','b')`);
    const [row] = await server.query(server.url, `SELECT seq::int AS seq, hash, "at" > now() - interval '1 minute' AS now FROM audit_entries WHERE action = 'suite.forged'`);
    expect(row).toMatchObject({ now: true, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(row?.seq).toBeLessThan(999);
    expect(await verifyChain(server.url)).toMatchObject({ whole: true });
  });
});

describe("the chain", () => {
  it("stays one chain while two replicas write at once, within transactions and without", async () => {
    const url = server.asConsole(await server.fresh());
    const replicas = [connect(url), connect(url)];
    const begun = performance.now();
    const took: number[] = [];
    await Promise.all(replicas.flatMap((client, replica) => Array.from({ length: 8 }, async (_, lane) => {
      for (let n = 0; n < 25; n += 1) {
        const at = performance.now();
        const write = (tx: Parameters<typeof record>[1]) => record(deed(`${replica}.${lane}.${n}`, { input: { é: "ß\n,", n, list: [1.5, null, true] }, reason: "“, 3:x”" }), tx);
        await (n % 5 === 0 ? client.$transaction((tx) => write(tx)) : write(client));
        took.push(performance.now() - at);
      }
    })));
    took.sort((a, b) => a - b);
    console.log(`FIGURE audit-insert-p95-16-writers ${Math.round(took[Math.floor(took.length * 0.95)] ?? 0)} ms; ${Math.round(400 / ((performance.now() - begun) / 1000))} rows/s`);
    for (const client of replicas) await client.$disconnect();
    expect(await verifyChain(url)).toMatchObject({ whole: true, rows: 400 });
  });

  it("names a row that was changed, one that is missing, and an end that was cut off", async () => {
    const url = await server.fresh();
    const client = connect(server.asConsole(url));
    for (let n = 1; n <= 6; n += 1) await record(deed(`thing ${n}`), client);
    await client.$disconnect();
    const sound = await verifyChain(url);
    expect(sound).toMatchObject({ whole: true, rows: 6 });
    await tamper(url, `UPDATE audit_entries SET "targetName" = 'another' WHERE seq = 3`);
    expect(await verifyChain(url)).toMatchObject({ whole: false, seq: 3n, say: expect.stringContaining("was changed after it was written") });
    await tamper(url, `UPDATE audit_entries SET "targetName" = 'thing 3' WHERE seq = 3`);
    expect(await verifyChain(url)).toEqual(sound);
    await tamper(url, "DELETE FROM audit_entries WHERE seq = 6");
    expect(await verifyChain(url)).toMatchObject({ whole: false, say: expect.stringContaining("rows at the end are missing") });
    await tamper(url, "DELETE FROM audit_entries WHERE seq = 4");
    expect(await verifyChain(url)).toMatchObject({ whole: false, say: "row 4 is missing" });
  });

  it("that was written anew from some row on is told by a head that was noted before", async () => {
    const url = await server.fresh();
    const client = connect(server.asConsole(url));
    for (let n = 1; n <= 3; n += 1) await record(deed(`thing ${n}`), client);
    const before = await verifyChain(url);
    if (!before.whole) throw new Error(before.say);
    const noted = readHead(`${before.head.seq}:${before.head.hash}`);
    await tamper(url, `DELETE FROM audit_entries WHERE seq >= 2; UPDATE audit_head SET seq = 1, hash = (SELECT hash FROM audit_entries WHERE seq = 1)`);
    for (let n = 2; n <= 4; n += 1) await record(deed(`other ${n}`), client);
    await client.$disconnect();
    expect(await verifyChain(url)).toMatchObject({ whole: true, rows: 4 });
    expect(await verifyChain(url, noted)).toMatchObject({ whole: false, say: expect.stringContaining("written anew") });
  });
});

describe("refusals to somebody without a session", () => {
  it("are counted by route and minute, and lengthen no chain", async () => {
    const before = await verifyChain(server.url);
    const stranger = caller();
    for (let n = 0; n < 7; n += 1) expect(await stranger.call(jobs.GET)).toMatchObject({ status: 401 });
    await stranger.call(authPost, { email: "nobody@example.org", password: "wrong wrong wrong" }, { path: "/api/auth/sign-in/email" });
    await flushDenials();
    const rows = await server.query(server.url, `SELECT sum("count")::int AS count FROM denial_counts WHERE route = 'job.list'`);
    expect(rows).toEqual([{ count: 7 }]);
    const after = await verifyChain(server.url);
    if (!before.whole || !after.whole) throw new Error("not whole");
    expect(after.rows).toBe(before.rows);
    expect(after.unchained).toBe(before.unchained + 1);
    const admin = await signedIn("admin");
    expect((await admin.who.call(denials.GET)).body).toMatchObject({ routes: expect.arrayContaining([{ route: "job.list", count: 7, lastAt: expect.any(Number) }, { route: "session.start", count: 1, lastAt: expect.any(Number) }]) });
  });
});

describe("the export", () => {
  it("holds every row with its place in the chain, is itself recorded, and runs in no spreadsheet", async () => {
    const { who } = await signedIn("operator");
    await record(deed('=HYPERLINK("http://x")'));
    const { body } = await who.call(exported.GET, undefined, { path: "/api/access/audit/export?format=json&action=suite.deed" });
    expect(body).toEqual(expect.arrayContaining([expect.objectContaining({ action: "suite.deed", targetName: '=HYPERLINK("http://x")', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })]));
    const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const csv = await (await exported.GET(new Request(`${origin}/api/access/audit/export?format=csv`, { headers: { cookie } }), { params: Promise.resolve({}) })).text();
    const [{ count } = { count: 0 }] = await server.query(server.url, "SELECT count(*)::int AS count FROM audit_entries");
    expect(csv.trim().split("\r\n")).toHaveLength(Number(count) + 1);
    expect(csv).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect((await who.call(audit.GET, undefined, { path: "/api/access/audit?action=audit.export" })).body).toMatchObject({ entries: [{ action: "audit.export", targetName: "csv" }, { action: "audit.export", targetName: "json" }] });
    const viewer = await signedIn("viewer");
    expect(await viewer.who.call(exported.GET)).toMatchObject({ status: 403 });
  });

  it("cells are quoted, and formulas are text", () => {
    expect(csvLine(['a "b"', "-1", "@x"])).toBe('"a ""b""","\'-1","\'@x"\r\n');
  });
});

describe("a backup", () => {
  const homes = [0, 1].map(() => mkdtempSync(path.join(tmpdir(), "quarterdeck-backup-test-")));
  afterAll(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true })));

  it("taken while rows are being written is restored elsewhere, with the record whole", async () => {
    const [, other = ""] = homes;
    const file = path.join(homes[0] ?? "", "console.tar");
    const url = process.env.DATABASE_URL;
    delete process.env.DATABASE_URL;
    const before = await verifyChain(server.url);
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n += 1) await record(deed(`while backed up ${n}`));
    })();
    expect(await backUp(server.home, file)).toContain("Backed up");
    writing = false;
    await writer;
    await expect(backUp(server.home, file)).rejects.toThrow(/is there already/);
    await expect(restore(server.home, file)).rejects.toThrow(/in use/);
    expect(await restore(other, file)).toContain("Restored");
    process.env.DATABASE_URL = url;
    const restored = await startEmbeddedPostgres({ home: other });
    try {
      const found = await verifyChain(restored.urlOf("suite_1"));
      if (!found.whole || !before.whole) throw new Error(found.whole ? "" : found.say);
      expect(found.rows).toBeGreaterThanOrEqual(before.rows);
      const client = new pg.Client({ connectionString: restored.urlOf("suite_1") });
      await client.connect();
      expect((await client.query("SELECT count(*)::int AS n FROM users")).rows).toEqual([{ n: await database().user.count() }]);
      await client.end();
    } finally {
      await restored.stop();
    }
  });
});

describe("readiness", () => {
  it("is told while the database answers, and not while it is away", async () => {
    expect(await (await readyz.GET()).json()).toEqual({ ready: true, say: "" });
    await server.postgres.stop();
    await expect.poll(async () => (await readyz.GET()).status, { interval: 300 }).toBe(503);
    await server.restart();
    await expect.poll(async () => (await readyz.GET()).status, { interval: 300 }).toBe(200);
  });
});
