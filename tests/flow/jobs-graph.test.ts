// Guarantees of the job engine over a graph of steps, on a real PostgreSQL: side by side, crash, cancel, retry, skip, expectation.
import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findJob, listAttempts, listJobs } from "@/lib/jobs/queries";
import { requestCancel, resume, retryStep, skipStep } from "@/lib/jobs/wishes";
import { openYard, type Yard } from "../fixtures/jobs/yard";
import { startTestServer, type TestServer } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import type { WitnessInput } from "../fixtures/jobs/witness";

let server: TestServer;
let yard: Yard;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  yard = await openYard(server);
});
afterEach(() => yard.close());

type Steps = WitnessInput["steps"];
const work = (name: string, needs: string[], forMs = 5): Steps[number] => ({ name, needs, act: { do: "work", forMs } });
const hold = (name: string, needs: string[], file: string): Steps[number] => ({ name, needs, act: { do: "hold", file } });
const began = () => yard.seen().filter(({ what }) => what === "begin").map(({ step }) => step);
const statuses = async (id: string) => Object.fromEntries((await findJob(yard.db, id)).steps.map(({ name, status }) => [name, status]));

/** Two lanes of three that meet at the end. */
const twoLanes = (act: (name: string, needs: string[]) => Steps[number]): Steps => [
  act("root", []), act("left-1", ["root"]), act("left-2", ["left-1"]), act("right-1", ["root"]), act("right-2", ["right-1"]), act("meet", ["left-2", "right-2"]),
];

describe("steps side by side", () => {
  it("what needs nothing of each other runs at the same time, up to the bound of its kind", async () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => yard.file(name));
    const { id } = await yard.submit("k", { parallel: 2, steps: [hold("a", [], a ?? ""), hold("b", [], b ?? ""), hold("c", [], c ?? ""), work("end", ["a", "b", "c"])] });
    yard.worker("w");
    await until("two to begin", async () => began().length === 2 || null);
    expect((await statuses(id)).c).toBe("todo");
    writeFileSync(a ?? "", "");
    await until("the third to begin", async () => began().length === 3 || null);
    expect(await statuses(id)).toMatchObject({ a: "done", b: "running", c: "running", end: "todo" });
    for (const file of [b, c]) writeFileSync(file ?? "", "");
    expect((await yard.reached(id, "end")).status).toBe("SUCCEEDED");
    expect([began().slice(0, 2).sort(), began().slice(2)]).toEqual([["a", "b"], ["c", "end"]]);
  });

  it("one that waits for a long time holds nothing back, and the job stands in RETRY_WAIT only when nothing else can go on", async () => {
    const { id } = await yard.submit("k", { steps: [{ name: "slow", needs: [], act: { do: "wait", looks: 2, afterMs: 60_000 } }, work("free", []), work("then", ["free"]), work("late", ["slow", "then"])] });
    yard.worker("w");
    const waiting = await yard.reached(id, ["RETRY_WAIT"]);
    expect(waiting.steps.map(({ status }) => status)).toEqual(["waiting", "done", "done", "todo"]);
    await retryStep(yard.db, { id, step: "slow" });
    expect((await yard.reached(id, "end")).status).toBe("SUCCEEDED");
    expect((await findJob(yard.db, id)).steps[0]?.attempt).toBe(1);
  });

  it("a step whose patience ends is degraded or failed as it says; a degraded one is told at the end", async () => {
    const wait = (name: string, then: "degraded" | "failed"): Steps[number] => ({ name, needs: [], act: { do: "wait", looks: 1000, afterMs: 10 }, patience: { ms: 60, then } });
    yard.worker("w");
    const soft = await yard.submit("soft", { steps: [wait("soft", "degraded"), work("after", ["soft"])] });
    expect(await yard.reached(soft.id, "end")).toMatchObject({ status: "SUCCEEDED", say: expect.stringContaining("Degraded: Step soft: look") });
    const hard = await yard.submit("hard", { afterFailure: "ask", steps: [wait("hard", "failed"), work("after", ["hard"])] });
    expect(await yard.reached(hard.id, ["NEEDS_ATTENTION"])).toMatchObject({ steps: [{ status: "failed", code: "timeout" }, { status: "todo" }] });
  });

  it("a degraded step is tried again also after the end of its job, and heals it, unless a later job has acted on the same", async () => {
    const slow = (looks: number): Steps => [{ name: "slow", needs: [], act: { do: "wait", looks, afterMs: 10 }, patience: { ms: 60, then: "degraded" } }, work("after", ["slow"])];
    yard.worker("w");
    const { id } = await yard.submit("k", { steps: slow(9) });
    await yard.reached(id, "end");
    // As often as it takes: each attempt looks a few times.
    const healed = await until("the job to be whole", async () => {
      const now = await yard.reached(id, "end");
      if (now.steps.every(({ status }) => status === "done")) return now;
      await retryStep(yard.db, { id, step: "slow" });
      return null;
    });
    expect([healed.status, healed.say.includes("Degraded"), healed.endedAt]).toEqual(["SUCCEEDED", false, expect.any(Number)]);
    expect(began().filter((step) => step === "after")).toEqual(["after"]);
    await expect(retryStep(yard.db, { id, step: "slow" })).rejects.toMatchObject({ code: "conflict" });
    const first = await yard.submit("other", { steps: slow(1000) });
    await yard.reached(first.id, "end");
    await yard.reached((await yard.submit("other", { steps: [work("later", [])] })).id, "end");
    await expect(retryStep(yard.db, { id: first.id, step: "slow" })).rejects.toMatchObject({ code: "conflict", say: expect.stringContaining("Another job has acted on the same") });
  });
});

describe("a failure", () => {
  it("lets every branch end that does not need it, then asks; its slot stays taken; retried, the job goes on from there", async () => {
    const mended = yard.file("mended");
    yard.worker("w");
    const { id } = await yard.submit("k", { afterFailure: "ask", steps: twoLanes((name, needs) => (name === "left-1" ? { name, needs, act: { do: "fail-unless", file: mended } } : work(name, needs, 20))) });
    const next = await yard.submit("k", { steps: [work("next", [])] });
    const asking = await yard.reached(id, ["NEEDS_ATTENTION"]);
    expect(asking.say).toBe("It cannot be.");
    expect(await statuses(id)).toEqual({ root: "done", "left-1": "failed", "left-2": "todo", "right-1": "done", "right-2": "done", meet: "todo" });
    expect((await listJobs(yard.db, { limit: 9 })).find((job) => job.id === next.id)).toMatchObject({ status: "QUEUED", behind: { id, ahead: 1 } });
    writeFileSync(mended, "");
    await retryStep(yard.db, { id, step: "left-1" });
    expect((await yard.reached(id, "end")).status).toBe("SUCCEEDED");
    expect((await listAttempts(yard.db, id)).filter(({ step }) => step === "left-1").map(({ number, outcome }) => [number, outcome])).toEqual([[1, "failed"], [2, "done"]]);
    await yard.reached(next.id, "end");
    expect(began().filter((step) => step !== "left-1")).toHaveLength(6);
  });

  it("is retried while other steps run, by the worker that runs them", async () => {
    const [mended, go] = [yard.file("mended"), yard.file("go")];
    yard.worker("w");
    const { id } = await yard.submit("k", { afterFailure: "ask", steps: [{ name: "bad", needs: [], act: { do: "fail-unless", file: mended } }, hold("long", [], go), work("end", ["bad", "long"])] });
    await until("the failure", async () => (await statuses(id)).bad === "failed" || null);
    writeFileSync(mended, "");
    await retryStep(yard.db, { id, step: "bad" });
    await until("the second try", async () => (await statuses(id)).bad === "done" || null);
    expect(await statuses(id)).toMatchObject({ long: "running" });
    writeFileSync(go, "");
    expect((await yard.reached(id, "end")).status).toBe("SUCCEEDED");
  });

  it("skipped with a reason, what needs it goes on without it, and the reason stays with the step", async () => {
    yard.worker("w");
    const { id } = await yard.submit("k", { afterFailure: "ask", steps: [{ name: "bad", needs: [], act: { do: "fail" } }, work("end", ["bad"])] });
    await yard.reached(id, ["NEEDS_ATTENTION"]);
    await skipStep(yard.db, { id, step: "bad", by: "Min-su", reason: "made by hand" });
    const done = await yard.reached(id, "end");
    expect([done.status, done.steps[0]?.status, done.steps[0]?.say]).toEqual(["SUCCEEDED", "skipped", "Left out by Min-su: made by hand"]);
    await expect(skipStep(yard.db, { id, step: "end", by: "x", reason: "late" })).rejects.toMatchObject({ code: "conflict" });
    await expect(retryStep(yard.db, { id, step: "nowhere" })).rejects.toMatchObject({ code: "not-found" });
  });

  it("resumed, every failed step is tried again; a step that is over is never moved by a wish", async () => {
    const mended = yard.file("mended");
    yard.worker("w");
    const bad = (name: string): Steps[number] => ({ name, needs: [], act: { do: "fail-unless", file: mended } });
    const { id } = await yard.submit("k", { afterFailure: "ask", steps: [bad("one"), bad("two"), work("fine", [])] });
    expect((await yard.reached(id, ["NEEDS_ATTENTION"])).say).toBe("2 steps failed. Step one: It cannot be. Step two: It cannot be.");
    await expect(retryStep(yard.db, { id, step: "fine" })).rejects.toMatchObject({ code: "conflict", say: expect.stringContaining("is done") });
    expect((await findJob(yard.db, id)).status).toBe("NEEDS_ATTENTION");
    writeFileSync(mended, "");
    await resume(yard.db, id);
    expect((await yard.reached(id, "end")).status).toBe("SUCCEEDED");
    expect(began().filter((step) => step === "fine")).toHaveLength(1);
  });
});

describe("cancel of steps side by side", () => {
  it("CANCELLED only after the last of them returned, and nothing begins after the wish", async () => {
    const [a, b] = [yard.file("a"), yard.file("b")];
    yard.worker("w");
    const { id } = await yard.submit("k", { steps: [hold("a", [], a), hold("b", [], b), work("after-a", ["a"])] });
    await until("both to begin", async () => began().length === 2 || null);
    await requestCancel(yard.db, id, "a test");
    writeFileSync(a, "");
    await until("the first to return", async () => (await statuses(id)).a === "done" || null);
    expect((await findJob(yard.db, id)).status).toBe("CANCELLING");
    await expect(retryStep(yard.db, { id, step: "b" })).rejects.toMatchObject({ code: "conflict" });
    writeFileSync(b, "");
    expect((await yard.reached(id, "end")).status).toBe("CANCELLED");
    expect(began().sort()).toEqual(["a", "b"]);
    expect(yard.seen().slice(2).map(({ step, what }) => `${step} ${what}`)).toEqual(["a return", "b return"]);
  });

  it("at every step of a graph: what was begun returned, what was not never begins", async () => {
    yard.worker("w");
    for (const at of ["root", "left-1", "left-2", "right-1", "right-2", "meet"]) {
      const go = yard.file(`go-${at}`);
      const { id } = await yard.submit(at, { steps: twoLanes((name, needs) => (name === at ? hold(name, needs, go) : work(name, needs))) });
      await until(`${at} to begin`, async () => (await statuses(id))[at] === "running" || null);
      await requestCancel(yard.db, id, "a test");
      writeFileSync(go, "");
      const ended = await yard.reached(id, "end");
      expect(ended.status, at).toBe(at === "meet" ? "SUCCEEDED" : "CANCELLED");
      const seen = yard.seen().filter(({ job }) => job === at);
      expect(seen.filter(({ what }) => what === "begin")).toHaveLength(seen.filter(({ what }) => what === "return").length);
      expect(new Set(seen.filter(({ what }) => what === "begin").map(({ step }) => step))).toEqual(new Set(ended.steps.filter(({ status }) => status === "done").map(({ name }) => name)));
    }
  });
});

describe("kill -9 at every step of a graph", () => {
  it("another worker goes on: what was over is not repeated, what ran beside the death is interrupted and run again", async () => {
    for (const at of ["root", "left-2", "right-1", "meet"]) {
      const first = await yard.child(`child-${at}`);
      const { id } = await yard.submit(at, { steps: twoLanes((name, needs) => (name === at ? { name, needs, act: { do: "die" } } : work(name, needs))) });
      expect(await first.ended).toBe("SIGKILL");
      const heir = await yard.child(`heir-${at}`);
      const done = await yard.reached(id, "end");
      heir.process.kill("SIGTERM");
      expect([done.status, done.steps.every(({ status }) => status === "done")]).toEqual(["SUCCEEDED", true]);
      const attempts = await listAttempts(yard.db, id);
      expect(attempts.filter(({ outcome }) => outcome === "done")).toHaveLength(6);
      expect(attempts.filter(({ step }) => step === at).map(({ outcome }) => outcome)).toEqual(["interrupted", "done"]);
      const overBefore = attempts.filter(({ outcome, owner }) => outcome === "done" && owner === `child-${at}`).map(({ step }) => step);
      for (const step of overBefore) expect(yard.seen().filter((one) => one.job === at && one.step === step && one.what === "begin"), `${step} when ${at} died`).toHaveLength(1);
    }
  });
});

describe("a lease that cannot be renewed", () => {
  it("is let go without a word about the job, which goes on when the database has freed it", async () => {
    yard.worker("w", { ...yard.db, query: () => Promise.reject(new Error("no connection for leases")) });
    const { id } = await yard.submit("k", { afterFailure: "ask", steps: [work("long", [], 1400), work("then", ["long"])] });
    const done = await yard.reached(id, ["NEEDS_ATTENTION", "FAILED", "SUCCEEDED"]);
    expect([done.status, done.steps.map(({ status }) => status)]).toEqual(["SUCCEEDED", ["done", "done"]]);
    expect(began().filter((step) => step === "then")).toHaveLength(1);
  });
});

describe("the database restarted in mid-job", () => {
  it("the job goes on with the same owner: no step is repeated, no line of the log lost or doubled", async () => {
    const go = yard.file("go");
    const own = await startTestServer();
    const there = await openYard(own);
    try {
      there.worker("w");
      const { id } = await there.submit("k", { steps: [{ name: "talk", needs: [], act: { do: "talk-until", file: go } }, { name: "wait", needs: [], act: { do: "wait", looks: 4, afterMs: 50 } }, work("end", ["talk", "wait"])] });
      await until("the talk to begin", async () => (await findJob(there.db, id)).lastLine > 30 || null);
      await own.restart();
      writeFileSync(go, "");
      const done = await there.reached(id, "end");
      expect(done.status).toBe("SUCCEEDED");
      expect((await listAttempts(there.db, id)).map(({ step, number, outcome }) => [step, number, outcome])).toEqual([["talk", 1, "done"], ["wait", 1, "done"], ["end", 1, "done"]]);
      const told = (await there.lines(id)).filter(({ step, text }) => step === "talk" && text.startsWith("word"));
      expect(told.map(({ text }) => text)).toEqual(told.map((_, at) => `word ${at + 1}`));
      expect(there.seen().filter(({ step, what }) => step === "talk" && what === "return")).toHaveLength(1);
    } finally {
      await there.close();
      await own.stop();
    }
  });
});

describe("how long a step is expected to take", () => {
  it("is the median of earlier successes of its kind; before any, the kind's own word; unknown stays unknown", async () => {
    yard.worker("w");
    const steps = (forMs: number): Steps => [{ name: "boot-1", alike: "boot", expectMs: 9000, needs: [], act: { do: "work", forMs } }, work("other", [])];
    const first = await yard.submit("k", { steps: steps(1) });
    expect((await findJob(yard.db, first.id)).steps.map(({ expectMs, expectFrom }) => [expectMs, expectFrom])).toEqual([[9000, 0], [null, 0]]);
    await yard.reached(first.id, "end");
    for (const forMs of [300, 320]) await yard.reached((await yard.submit("k", { steps: steps(forMs) })).id, "end");
    const { id } = await yard.submit("k", { steps: [{ name: "boot-2", alike: "boot", expectMs: 9000, needs: [], act: { do: "work", forMs: 1 } }] });
    const [step] = (await findJob(yard.db, id)).steps;
    expect(step?.expectFrom).toBe(3);
    expect(step?.expectMs).toBeGreaterThanOrEqual(300);
    expect(step?.expectMs).toBeLessThan(5000);
  });
});

describe("two workers, frozen and killed at random", () => {
  it("never two runs of one step at a time, every job ends, every step ended well exactly once", async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 100_000);
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) ids.push((await yard.submit(`k${n % 2}`, { steps: twoLanes((name, needs) => ({ name: `${n}.${name}`, needs: needs.map((need) => `${n}.${need}`), act: { do: "change", times: 4, everyMs: 40 } })) })).id);
    await yard.torment({ seed, until: async () => (await Promise.all(ids.map((id) => findJob(yard.db, id)))).every(({ endedAt }) => endedAt !== null) });
    for (const id of ids) {
      const job = await findJob(yard.db, id);
      expect([job.status, job.steps.every(({ status }) => status === "done")], `${id} with seed ${seed}`).toEqual(["SUCCEEDED", true]);
      const attempts = await listAttempts(yard.db, id);
      for (const { name } of job.steps) expect(attempts.filter(({ step, outcome }) => step === name && outcome === "done"), `${id} ${name} with seed ${seed}`).toHaveLength(1);
    }
    // In the order in which the world was changed: jobs of a key one after the other, and within a job never again by whoever was overtaken.
    const changes = yard.seen().filter(({ what }) => what === "change").map(({ job, step, fence }) => ({ key: job, n: Number(step.split(".")[0]), fence }));
    for (const key of ["k0", "k1"]) {
      const order = changes.filter((one) => one.key === key).map(({ n, fence }) => n * 1000 + fence);
      expect(order, `${key} with seed ${seed}`).toEqual([...order].sort((x, y) => x - y));
    }
  });
});
