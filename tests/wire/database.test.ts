// The embedded PostgreSQL, its migrations and NOTIFY, against the real server.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate, schemaDrift, startEmbeddedPostgres } from "@/infra/dev/database";
import { connect, isDuplicate } from "@/lib/adapters/database/client";
import { listen } from "@/lib/adapters/database/listen";
import { startTestServer, type TestServer } from "../fixtures/database";

async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 240_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A process that ended but was not yet waited for by whoever inherited it is not alive. */
const alive = (pid: number) => /^[^Z]/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout);

describe("the embedded server", () => {
  const homes: string[] = [];
  const newHome = () => {
    const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-pg-"));
    homes.push(home);
    return home;
  };
  afterAll(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true })));

  it("keeps its data over a stop and a start, and listens on loopback alone", async () => {
    const home = newHome();
    const first = await startEmbeddedPostgres({ home });
    const client = connect(first.url);
    await client.$executeRawUnsafe("CREATE TABLE kept (word text)");
    await client.$executeRawUnsafe("INSERT INTO kept VALUES ('still here')");
    const [{ addresses }] = await client.$queryRawUnsafe<[{ addresses: string }]>("SELECT current_setting('listen_addresses') AS addresses");
    expect(addresses).toBe("127.0.0.1");
    await client.$disconnect();
    await first.stop();
    expect(alive(first.pid)).toBe(false);
    const second = await startEmbeddedPostgres({ home });
    const again = connect(second.url);
    expect(await again.$queryRawUnsafe("SELECT word FROM kept")).toEqual([{ word: "still here" }]);
    await again.$disconnect();
    await second.stop();
  });

  it("asks for its password", async () => {
    const server = await startEmbeddedPostgres({ home: newHome(), durable: false });
    const stranger = new pg.Client({ connectionString: server.url.replace(/:[^:@]+@/, ":wrong@") });
    await expect(stranger.connect()).rejects.toThrow(/password authentication failed/);
    await server.stop();
  });

  it("ends when its parent is killed with -9, and the next start finds the data whole", async () => {
    const home = newHome();
    const script = `import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve("infra/dev/database.ts"))};
      const server = await startEmbeddedPostgres({ home: ${JSON.stringify(home)} }); console.log(server.pid); setInterval(() => {}, 1000);`;
    const parent = spawn("node", ["--input-type=module-typescript", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    expect(alive(pid)).toBe(true);
    parent.kill("SIGKILL");
    const next = await startEmbeddedPostgres({ home });
    expect(alive(pid)).toBe(false);
    await next.stop();
  });

  it("comes back after the server itself was killed with -9", async () => {
    const home = newHome();
    const first = await startEmbeddedPostgres({ home });
    process.kill(first.pid, "SIGKILL");
    const second = await startEmbeddedPostgres({ home });
    expect(second.pid).not.toBe(first.pid);
    await second.stop();
  });

  it("refuses to start beside one that is in use, and says whose it is", async () => {
    const home = newHome();
    const script = `import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve("infra/dev/database.ts"))};
      await startEmbeddedPostgres({ home: ${JSON.stringify(home)} }); console.log("up"); setInterval(() => {}, 1000);`;
    const other = spawn("node", ["--input-type=module-typescript", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(other.stdout, "data");
    await expect(startEmbeddedPostgres({ home })).rejects.toThrow(`in use by process ${other.pid}`);
    other.kill("SIGKILL");
    await once(other, "exit");
    const pidFile = path.join(home, "postgres/postmaster.pid");
    await until("the server of the dead ends", () => {
      try {
        return readFileSync(pidFile, "utf8") === "";
      } catch {
        return true;
      }
    });
  });
});

describe("migrations", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it("lead exactly to the schema", async () => {
    expect(await schemaDrift(server.postgres.url)).toBe("");
  });

  it("are applied once, also when two consoles start at the same moment", async () => {
    await server.query(server.postgres.urlOf("postgres"), "CREATE DATABASE pair");
    const url = server.postgres.urlOf("pair");
    const both = await Promise.all([migrate(url), migrate(url)]);
    expect(both.map((names) => names.length).sort()).toEqual([0, Math.max(...both.map((names) => names.length))]);
    expect(await migrate(url)).toEqual([]);
    const rows = await server.query(url, "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL");
    expect(rows).toHaveLength(both.flat().length);
  });

  it("say in words when the database does not answer", async () => {
    await expect(migrate("postgresql://nobody:x@127.0.0.1:1/none")).rejects.toThrow(/does not answer/);
  });

  it("make the record append-only: rows cannot be changed, deleted or cut off", async () => {
    const url = await server.fresh();
    await server.query(url, `INSERT INTO audit_entries ("actorKind","actorId","actorName",address,"requestId",action,"targetKind","targetName",outcome) VALUES ('system','','','','','x','','','allowed')`);
    for (const sql of ["UPDATE audit_entries SET action = 'y'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]) {
      await expect(server.query(url, sql)).rejects.toThrow(/append-only/);
    }
    expect(await server.query(url, "SELECT action FROM audit_entries")).toEqual([{ action: "x" }]);
  });

  it("a fresh database of the test door knows a duplicate when it sees one", async () => {
    const client = connect(await server.fresh());
    const cluster = { slug: "a", title: "A", source: "uploaded" as const };
    await client.cluster.create({ data: cluster });
    expect(isDuplicate(await client.cluster.create({ data: cluster }).catch((error: unknown) => error))).toBe(true);
    await client.$disconnect();
  });
});

describe("listening", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it("hears what is said, and hears again after its connection was cut", async () => {
    const url = server.postgres.url;
    const heard: string[] = [];
    let ready = 0;
    const end = listen("suite", (payload) => heard.push(payload), { url, onReady: () => (ready += 1) });
    await until("it listens", () => ready === 1);
    await server.query(url, "NOTIFY suite, 'one'");
    await until("one was heard", () => heard.includes("one"));
    await server.query(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quarterdeck listen'");
    await until("it listens again", () => ready === 2);
    await server.query(url, "NOTIFY suite, 'two'");
    await until("two was heard", () => heard.includes("two"));
    await end();
    const left = await server.query(url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'quarterdeck listen'");
    expect(left).toEqual([]);
  });

  it("refuses a channel name that is not a word", () => {
    expect(() => listen('x"; DROP', () => undefined, { url: server.postgres.url })).toThrow(RangeError);
  });
});
