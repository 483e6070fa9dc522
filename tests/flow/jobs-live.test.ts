// Guarantees of following a job: every change and every line once and in order, also after what was missed; the list hears of all; an end is told once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Database } from "@/lib/adapters/database/client";
import { createHub } from "@/lib/jobs/live";
import { hasEnded, job as listedJob, jobChange, type JobChange } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import type { Topic } from "@/lib/base/topics";
import { startTestServer, type TestServer } from "../fixtures/database";
import { openYard, type Yard } from "../fixtures/jobs/yard";
import { until } from "../fixtures/jobs/until";

let server: TestServer;
let yard: Yard;
let client: Database;
let ends: (() => void)[];
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  yard = await openYard(server);
  client = connect(yard.url);
  ends = [];
});
afterEach(async () => {
  for (const end of ends) end();
  await yard.close();
  await client.$disconnect();
});

interface Heard { changes: { n: number; change: JobChange }[]; again: number }

/** Follows as a browser does: from the number it has, then whatever comes. */
function hear(topic: Topic, from: number): Heard {
  const heard: Heard = { changes: [], again: 0 };
  const take = (n: number, text: string | null) => (text === null ? void heard.again++ : void heard.changes.push({ n, change: jobChange.parse(JSON.parse(text)) }));
  for (const { n, text } of topic.since(from) ?? []) take(n, text);
  ends.push(topic.subscribe(take));
  return heard;
}

const hub = () => {
  const made = createHub(yard.db);
  ends.push(() => void made.close());
  return made;
};

describe("following a job", () => {
  it("the changes lead to the job as it stands, revisions only rise, and the lines they carry are 1…n without gap", async () => {
    const { id } = await yard.submit("k", { steps: [{ name: "talk", needs: [], act: { do: "talk", lines: 120 } }, { name: "wait", needs: [], act: { do: "wait", looks: 6, afterMs: 120 } }] });
    const heard = hear(await hub().follow(id), Number.MAX_SAFE_INTEGER);
    yard.worker("w");
    const done = await yard.reached(id, "end");
    await until("the end to be heard", async () => (heard.changes.at(-1)?.change.job.status === "SUCCEEDED" && heard.changes.at(-1)?.change.job.lastLine === done.lastLine) || null);
    const { input: _left, ...moving } = done;
    expect(heard.changes.at(-1)?.change.job).toEqual(moving);
    const revisions = heard.changes.map(({ change }) => change.job.revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(heard.changes.flatMap(({ change }) => change.lines.map(({ n }) => n))).toEqual(Array.from({ length: done.lastLine }, (_, at) => at + 1));
  });

  it("whoever comes back with the number of what they saw last is told what came since, once", async () => {
    const live = hub();
    const { id } = await yard.submit("k", { steps: [{ name: "wait", needs: [], act: { do: "wait", looks: 12, afterMs: 100 } }] });
    const all = hear(await live.follow(id), Number.MAX_SAFE_INTEGER);
    yard.worker("w");
    await until("some changes", async () => all.changes.length >= 3 || null);
    const seen = all.changes[1]?.n ?? 0;
    const back = hear(await live.follow(id), seen);
    await yard.reached(id, "end");
    await until("the end to be heard by both", async () => [all, back].every(({ changes }) => hasEnded(changes.at(-1)?.change.job.status ?? "QUEUED")) || null);
    expect(back.changes).toEqual(all.changes.slice(2));
  });

  it("more lines at once than the stream carries are left to be fetched, and the job's last number tells of them", async () => {
    const { id } = await yard.submit("k", { steps: [{ name: "talk", needs: [], act: { do: "talk", lines: 3000 } }] });
    const heard = hear(await hub().follow(id), Number.MAX_SAFE_INTEGER);
    yard.worker("w");
    const done = await yard.reached(id, "end");
    await until("the end to be heard", async () => heard.changes.at(-1)?.change.job.lastLine === done.lastLine || null);
    for (const { change } of heard.changes) expect(change.lines.length).toBeLessThanOrEqual(300);
    const numbers = heard.changes.flatMap(({ change }) => change.lines.map(({ n }) => n));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it("a job that is not there is refused", async () => {
    await expect(hub().follow("job-9999")).rejects.toMatchObject({ code: "not-found" });
  });

  it("after the connection to the database broke, followers are told to start from a snapshot", async () => {
    const { id } = await yard.submit("k", { steps: [{ name: "x", needs: [], act: { do: "work", forMs: 1 } }] });
    const heard = hear(await hub().follow(id), Number.MAX_SAFE_INTEGER);
    await until("the first word, that it listens", async () => heard.again >= 1 || null);
    await server.query(yard.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()");
    await until("the word to start over", async () => heard.again >= 2 || null);
    yard.worker("w");
    await until("the end to be heard", async () => heard.changes.at(-1)?.change.job.status === "SUCCEEDED" || null);
  });
});

describe("following all jobs", () => {
  it("hears of each job's every stand, without its steps", async () => {
    const topic = hub().followAll();
    const texts: string[] = [];
    ends.push(topic.subscribe((_n, text) => void (text !== null && texts.push(text))));
    yard.worker("w");
    const ids = await Promise.all(["a", "b"].map(async (key) => (await yard.submit(key, { steps: [{ name: "x", needs: [], act: { do: "work", forMs: 20 } }] })).id));
    for (const id of ids) await yard.reached(id, "end");
    await until("both ends to be heard", async () => ids.every((id) => texts.some((text) => text.includes(id) && text.includes("SUCCEEDED"))) || null);
    for (const text of texts) {
      expect(listedJob.safeParse(JSON.parse(text)).success).toBe(true);
      expect(text).not.toContain('"steps"');
    }
  });
});

describe("what ends or asks", () => {
  it("is told once each, with what became of it; a job that only waits is not told", async () => {
    yard.worker("w");
    const good = await yard.submit("good", { steps: [{ name: "wait", needs: [], act: { do: "wait", looks: 3, afterMs: 10 } }] });
    const bad = await yard.submit("bad", { steps: [{ name: "bad", needs: [], act: { do: "fail" } }] });
    const ask = await yard.submit("ask", { afterFailure: "ask", steps: [{ name: "bad", needs: [], act: { do: "fail" } }] });
    await yard.reached(good.id, "end");
    await yard.reached(bad.id, "end");
    await yard.reached(ask.id, ["NEEDS_ATTENTION"]);
    const told = await server.query(yard.url, `SELECT "source", "mood", "say", "href" FROM "Notice" ORDER BY "source"`);
    expect(told).toEqual([
      { source: good.id, mood: "good", say: "All seen.", href: `/jobs/${good.id}` },
      { source: bad.id, mood: "bad", say: "It cannot be.", href: `/jobs/${bad.id}` },
      { source: ask.id, mood: "ask", say: "It cannot be.", href: `/jobs/${ask.id}` },
    ]);
    expect((await findJob(yard.db, good.id)).status).toBe("SUCCEEDED");
  });
});
