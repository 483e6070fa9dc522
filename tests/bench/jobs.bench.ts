// `npm run bench -- jobs`: a log of 50,000 lines as it is written, read and first seen.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendLines, openSteps } from "@/lib/jobs/fenced";
import { jobLog } from "@/lib/jobs/log";
import { readLines } from "@/lib/jobs/queries";
import { claim } from "@/lib/jobs/store";
import { createJobLog } from "@/components/jobs/log-store";
import { logLine } from "@/lib/jobs/model";
import { z } from "zod";
import { startTestServer, type TestServer } from "../fixtures/database";
import { openYard, type Yard } from "../fixtures/jobs/yard";
import { witnessKind } from "../fixtures/jobs/witness";
import { createFigures, percentile } from "./figures";
import { measureFirstPaint } from "./jobs-page";

const lines = 50_000;
const figures = createFigures();
const aims = { firstPaintMs: { op: "<=", value: 1000 }, appendP99Ms: { op: "<=", value: 100 } } as const;
let server: TestServer;
let yard: Yard;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  yard = await openYard(server);
}, 120_000);
afterAll(async () => {
  await yard.close();
  await server.stop();
});

describe("a log of 50,000 lines", () => {
  it("is written in batches, each within its time, and none is lost", async () => {
    ({ id } = await yard.submit("bench", { steps: [{ name: "talk", needs: [], act: { do: "work", forMs: 1 } }] }));
    const mine = await claim(yard.db, { owner: "bench", leaseMs: 600_000, kinds: [witnessKind.kind], except: [] });
    if (!mine) throw new Error("the job could not be claimed");
    const holder = { id, fence: mine.fence, owner: "bench" };
    await openSteps(yard.db, holder, witnessKind.prepare(mine.input).steps);
    const took: number[] = [];
    const log = jobLog({
      lastLine: 0, now: () => Date.now(),
      append: async (batch, after) => {
        const begun = performance.now();
        await appendLines(yard.db, holder, { lines: batch, after });
        took.push(performance.now() - begun);
      },
    });
    const begun = performance.now();
    for (let n = 1; n <= lines; n++) {
      log.add({ step: "talk", attempt: 1, level: n % 997 === 0 ? "error" : n % 101 === 0 ? "warn" : "info", text: `kubelet[${n}]: node k8s-worker-${n % 7} condition Ready=True after ${n} ms, lease renewed` });
      if (n % 100 === 0) await sleep(2);
    }
    await log.flush();
    figures.tell("jobs.log.append.p50", percentile(took, 0.5), "ms");
    figures.tell("jobs.log.append.p99", percentile(took, 0.99), "ms", aims.appendP99Ms);
    figures.tell("jobs.log.write", lines / ((performance.now() - begun) / 1000), "lines/s");
    let read = 0;
    for (let page = await readLines(yard.db, id, { after: 0, limit: 5000 }); page.length > 0; page = await readLines(yard.db, id, { after: read, limit: 5000 })) {
      page.forEach(({ n }, at) => expect(n).toBe(read + at + 1));
      read += page.length;
    }
    expect(read).toBe(lines);
    const text = JSON.stringify({ lines: await readLines(yard.db, id, { after: 0, limit: 5000 }) });
    const parsed = performance.now();
    z.object({ lines: z.array(logLine) }).parse(JSON.parse(text));
    figures.tell("jobs.log.parse.5000", performance.now() - parsed, "ms");
    const store = createJobLog((after, limit) => readLines(yard.db, id, { after, limit }));
    const filled = performance.now();
    store.expect(lines);
    await store.whole();
    figures.tell("jobs.log.filled", performance.now() - filled, "ms");
    expect([store.view().held.length, store.view().held.at(-1)?.n]).toEqual([lines, lines]);
  }, 300_000);

  it("is first seen in a browser within its time", async () => {
    await figures.attempt("first paint of the log", () => measureFirstPaint({ figures, id, lines, aim: aims.firstPaintMs, url: yard.url, home: server.home }));
    expect(figures.missing).toEqual([]);
  }, 900_000);
});
