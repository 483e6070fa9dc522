// Guarantees of the job engine on a real PostgreSQL: one running job per key, take-over, fences, cancel that means stopped.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Database } from "@/lib/adapters/database/client";
import { jobDatabaseOver, type JobDatabase } from "@/lib/jobs/database";
import { hasEnded, type JobDetail, type JobStatus } from "@/lib/jobs/model";
import { findJob, listAttempts, readLines } from "@/lib/jobs/queries";
import { saveProgress } from "@/lib/jobs/fenced";
import { claim, enqueue, LeaseLost } from "@/lib/jobs/store";
import { requestCancel, resume, retryStep } from "@/lib/jobs/wishes";
import { startJobWorker, type Worker } from "@/lib/jobs/worker";
import { startTestServer, type TestServer } from "../fixtures/database";
import { startChild, type Child } from "../fixtures/jobs/child";
import { until } from "../fixtures/jobs/until";
import { sightings, witnessKind, type WitnessInput } from "../fixtures/jobs/witness";

const leaseMs = 1500;
let server: TestServer;
let url: string;
let client: Database;
let db: JobDatabase;
let witness: string;
let end: AbortController;
let workers: Worker[];
let children: Child[];

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await server.fresh();
  client = connect(url);
  db = jobDatabaseOver(client, url);
  witness = path.join(server.home, `${path.basename(url)}.witness`);
  end = new AbortController();
  workers = [];
  children = [];
});
afterEach(async () => {
  end.abort();
  for (const child of children) child.process.kill("SIGKILL");
  await Promise.all([...workers.map(({ stopped }) => stopped), ...children.map(({ ended }) => ended)]);
  await client.$disconnect();
});

const worker = (owner: string) => {
  const started = startJobWorker({ kinds: [witnessKind], signal: end.signal, leaseMs, owner, db, leaseDb: db });
  workers.push(started);
  return started;
};
const child = async (owner: string) => {
  const started = await startChild("worker.ts", [String(leaseMs), owner], { DATABASE_URL: url });
  children.push(started);
  return started;
};
const submit = async (key: string, steps: WitnessInput["steps"], exclusive = false) => {
  const prepared = witnessKind.prepare({ key, witness, steps });
  return enqueue(db, { kind: witnessKind.kind, prepared, startedBy: "a test", exclusive });
};
const reached = (id: string, statuses: readonly JobStatus[] | "end") =>
  until(`${id} to reach ${String(statuses)}`, async (): Promise<JobDetail | null> => {
    const now = await findJob(db, id);
    return (statuses === "end" ? hasEnded(now.status) : statuses.includes(now.status)) ? now : null;
  });
const work = (name: string, forMs: number) => ({ name, act: { do: "work" as const, forMs } });

describe("one running job per key", () => {
  it("three workers, twelve jobs, three keys: jobs of a key never overlap, all are done in order, and keys run side by side", async () => {
    const keys = ["a", "b", "c"];
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.push((await submit(keys[n % 3] ?? "a", [work(`one-${n}`, 40), work(`two-${n}`, 40)])).id);
    for (const owner of ["w1", "w2", "w3"]) worker(owner);
    for (const id of ids) expect((await reached(id, "end")).status, id).toBe("SUCCEEDED");
    const seen = sightings(witness);
    expect(seen).toHaveLength(48);
    for (const key of keys) {
      const ofKey = seen.filter(({ job }) => job === key);
      ofKey.forEach(({ what }, at) => expect(what, `${key} at ${at}`).toBe(at % 2 === 0 ? "begin" : "return"));
      const order = ofKey.filter(({ what }) => what === "begin").map(({ step }) => Number(step.split("-")[1]));
      expect(order).toEqual([...order].sort((x, y) => x - y));
    }
    expect(seen.some(({ what, job }, at) => what === "begin" && seen[at + 1]?.what === "begin" && seen[at + 1]?.job !== job)).toBe(true);
  });

  it("the database itself refuses a second running job of a key, and the claim takes that for an answer", async () => {
    const first = await submit("k", [work("x", 1)]);
    const second = await submit("k", [work("x", 1)]);
    const terms = { owner: "w", leaseMs, kinds: [witnessKind.kind], except: [] };
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(db, terms)));
    expect(claims.flatMap((mine) => (mine ? [mine.id] : []))).toEqual([first.id]);
    await expect(server.query(url, `UPDATE "Job" SET "status" = 'RUNNING' WHERE "id" = $1`, [second.id])).rejects.toThrow(/Job_slot_key/);
  });

  it("of exclusive jobs asked for at once, one is taken and every other answer names it", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit("only", [work("x", 1)], true)));
    expect(answers.filter(({ started }) => started)).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });
});

describe("take-over", () => {
  it("a worker killed with -9 inside a step: another goes on from that step within the lease, finished steps are not repeated", async () => {
    const first = await child("child");
    const { id } = await submit("k", [work("one", 5), { name: "two", act: { do: "die" } }, work("three", 5)]);
    expect(await first.ended).toBe("SIGKILL");
    worker("heir");
    expect((await reached(id, "end")).status).toBe("SUCCEEDED");
    expect(sightings(witness).filter(({ what }) => what === "begin").map(({ step, attempt }) => `${step}/${attempt}`)).toEqual(["one/1", "two/1", "two/2", "three/1"]);
    expect((await listAttempts(db, id)).map(({ step, number, outcome }) => [step, number, outcome])).toEqual([
      ["one", 1, "done"], ["two", 1, "interrupted"], ["two", 2, "done"], ["three", 1, "done"],
    ]);
  });

  it("a frozen owner that wakes after its lease is refused: what it writes changes nothing", async () => {
    const go = path.join(server.home, `${path.basename(url)}.go`);
    const frozen = await child("frozen");
    const { id } = await submit("k", [{ name: "hold", act: { do: "hold", file: go } }, work("last", 5)]);
    await until("the frozen worker to begin", async () => sightings(witness).length > 0 || null);
    frozen.process.kill("SIGSTOP");
    worker("heir");
    await until("the heir to begin", async () => sightings(witness).length > 1 || null);
    writeFileSync(go, "");
    const done = await reached(id, "end");
    expect(done.status).toBe("SUCCEEDED");
    frozen.process.kill("SIGCONT");
    await until("the frozen step to return", async () => sightings(witness).filter(({ pid, what }) => pid === frozen.pid && what === "return").length > 0 || null);
    frozen.process.kill("SIGTERM");
    expect(await frozen.ended).toBe(0);
    expect(await findJob(db, id)).toEqual(done);
    expect(done.steps[0]?.say).toBe(`held by ${process.pid}`);
    expect(done.steps[0]?.progress?.items[0]?.name).toBe(`by ${process.pid}`);
    expect(sightings(witness).some(({ step, pid }) => step === "last" && pid === frozen.pid)).toBe(false);
  });

  it("every write of a stale owner is refused by the fence alone", async () => {
    const { id } = await submit("k", [work("x", 1)]);
    const terms = { leaseMs: 1, kinds: [witnessKind.kind], except: [] };
    const stale = await claim(db, { ...terms, owner: "same" });
    const fresh = await until("the lease to run out", () => claim(db, { ...terms, owner: "same" }));
    expect(fresh.fence).toBe((stale?.fence ?? 0) + 1);
    const progress = { done: 1, total: 1, items: [] };
    await expect(saveProgress(db, { id, fence: stale?.fence ?? 0, owner: "same" }, { step: "x", progress })).rejects.toBeInstanceOf(LeaseLost);
    await expect(saveProgress(db, { id, fence: fresh.fence, owner: "same" }, { step: "x", progress })).resolves.toBeUndefined();
  });

  it("told to end, a worker lets its step return and gives the job back at once, without waiting for the lease", async () => {
    const first = await child("first");
    const { id } = await submit("k", [work("one", 400), work("two", 5)]);
    await until("step one to begin", async () => sightings(witness).length > 0 || null);
    first.process.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    const between = await findJob(db, id);
    expect([between.status, between.owner, between.leaseUntil, between.steps[0]?.status]).toEqual(["RUNNING", null, null, "done"]);
    worker("next");
    await reached(id, "end");
    expect(sightings(witness).filter(({ what }) => what === "begin").map(({ step }) => step)).toEqual(["one", "two"]);
  });
});

describe("cancel", () => {
  it("means stopped: CANCELLED, and the next job of the key, only after the running step returned", async () => {
    const go = path.join(server.home, `${path.basename(url)}.go`);
    worker("w");
    const first = await submit("k", [{ name: "hold", act: { do: "hold", file: go } }, work("never", 1)]);
    const second = await submit("k", [work("after", 1)]);
    await until("the step to begin", async () => sightings(witness).length > 0 || null);
    await requestCancel(db, first.id, "a test");
    expect((await listAttempts(db, first.id))[0]?.outcome).toBe("running");
    expect((await findJob(db, first.id)).status).toBe("CANCELLING");
    expect((await findJob(db, second.id)).status).toBe("QUEUED");
    writeFileSync(go, "");
    const stopped = await reached(first.id, "end");
    expect([stopped.status, stopped.say, stopped.cancelledBy]).toEqual(["CANCELLED", "Stopped with 1 saved.", "a test"]);
    await reached(second.id, "end");
    expect(sightings(witness).map(({ step, what }) => `${step} ${what}`)).toEqual(["hold begin", "hold return", "after begin", "after return"]);
  });

  it("a job in the queue is cancelled at once, and one that has ended refuses", async () => {
    const { id } = await submit("k", [work("x", 1)]);
    await requestCancel(db, id, "a test");
    expect((await findJob(db, id)).status).toBe("CANCELLED");
    await expect(requestCancel(db, id, "a test")).rejects.toMatchObject({ code: "conflict" });
    await expect(requestCancel(db, "job-9999", "a test")).rejects.toMatchObject({ code: "not-found" });
  });

  it("a job that waits between two looks stops without another look", async () => {
    worker("w");
    const { id } = await submit("k", [{ name: "wait", act: { do: "wait", looks: 50, afterMs: 60_000 } }]);
    await reached(id, ["RETRY_WAIT"]);
    await requestCancel(db, id, "a test");
    const stopped = await reached(id, "end");
    expect([stopped.status, stopped.steps[0]?.status]).toEqual(["CANCELLED", "stopped"]);
    expect(sightings(witness).filter(({ what }) => what === "begin")).toHaveLength(1);
  });
});

describe("answers of a step", () => {
  it("waiting is one attempt of many looks; what was saved is there at the next look", async () => {
    worker("w");
    const { id } = await submit("k", [{ name: "wait", act: { do: "wait", looks: 4, afterMs: 10 } }]);
    const done = await reached(id, "end");
    expect([done.status, done.steps[0]?.attempt, done.steps[0]?.progress?.done]).toEqual(["SUCCEEDED", 1, 4]);
  });

  it("a failure ends the job with the step's sentence, and later steps never begin", async () => {
    worker("w");
    const { id } = await submit("k", [{ name: "bad", act: { do: "fail" } }, work("never", 1)]);
    const failed = await reached(id, "end");
    expect([failed.status, failed.say, failed.steps.map(({ status }) => status)]).toEqual(["FAILED", "It cannot be.", ["failed", "todo"]]);
  });

  it("what is thrown again and again asks for a person, holds its slot, and goes on when resumed", async () => {
    worker("w");
    const { id } = await submit("k", [{ name: "throws", act: { do: "throw", times: 6 } }]);
    const hasten = setInterval(() => void retryStep(db, { id, step: "throws" }).catch(() => undefined), 200);
    const asking = await reached(id, ["NEEDS_ATTENTION"]).finally(() => clearInterval(hasten));
    expect(asking.say).toContain("tried 6 times");
    const next = await submit("k", [work("x", 1)]);
    expect(await claim(db, { owner: "w", leaseMs, kinds: [witnessKind.kind], except: [] })).toBeNull();
    await resume(db, id);
    expect((await reached(id, "end")).status).toBe("SUCCEEDED");
    await reached(next.id, "end");
  });

  it("input that this version cannot read fails the job in words instead of holding its key for ever", async () => {
    const { id } = await submit("k", [work("x", 1)]);
    await server.query(url, `UPDATE "Job" SET "input" = '{"old": true}' WHERE "id" = $1`, [id]);
    worker("w");
    const failed = await reached(id, "end");
    expect(failed.status).toBe("FAILED");
    expect(failed.say).toContain("cannot read what the job was given");
  });
});

describe("the log", () => {
  it("five thousand lines from two jobs: numbered without gap, and a reader that resumes from its number misses and repeats none", async () => {
    worker("w1");
    const { id } = await submit("a", [{ name: "talk", act: { do: "talk", lines: 5000 } }]);
    const other = await submit("b", [{ name: "talk", act: { do: "talk", lines: 5000 } }]);
    const read: string[] = [];
    let after = 0;
    let ended = false;
    while (!ended || (await findJob(db, id)).lastLine > after) {
      ended = hasEnded((await findJob(db, id)).status);
      const page = await readLines(db, id, { after, limit: 313 });
      page.forEach(({ n }, at) => expect(n).toBe(after + at + 1));
      read.push(...page.map(({ text }) => text));
      after = page.at(-1)?.n ?? after;
    }
    expect(read.filter((text) => text.startsWith("line"))).toEqual(Array.from({ length: 5000 }, (_, n) => `line ${n + 1} of 5000`));
    const last = (await findJob(db, id)).lastLine;
    expect((await readLines(db, id, { after: -3, limit: 10 })).map(({ n }) => n)).toEqual([last - 2, last - 1, last]);
    await reached(other.id, "end");
  });
});
