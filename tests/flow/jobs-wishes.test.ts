// What people ask of jobs by the routes, and what holds for many jobs at once: steps tried again and left out, twenty jobs on five clusters with workers that freeze and die, news that grows old.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as retry from "@/app/api/jobs/[id]/steps/[step]/retry/route";
import * as skip from "@/app/api/jobs/[id]/steps/[step]/skip/route";
import { jobDatabase } from "@/lib/jobs/database";
import { hasEnded } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { enqueue } from "@/lib/jobs/store";
import { keptDays, keptMost, pruneNotices } from "@/lib/notices/loops";
import { database } from "@/lib/runtime";
import { sayOf } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { startChild, type Child } from "../fixtures/jobs/child";
import { until } from "../fixtures/jobs/until";
import { sightings, witnessKind, type WitnessInput } from "../fixtures/jobs/witness";
import { signedIn } from "../fixtures/people";

const leaseMs = 1_500;
let server: TestServer & { url: string };
let crew: Child[] = [];
const file = (name: string): string => path.join(server.home, name);
const employ = async (owner: string): Promise<Child> => {
  const child = await startChild("worker.ts", [String(leaseMs), owner], { DATABASE_URL: server.url });
  crew.push(child);
  return child;
};
const submit = async (key: string, witness: string, steps: WitnessInput["steps"]) =>
  (await enqueue(jobDatabase(), { kind: witnessKind.kind, prepared: witnessKind.prepare({ key, witness, steps, afterFailure: "ask" }), startedBy: "a test", exclusive: false })).id;
const at = (id: string, step: string) => ({ params: { id, step } });
const status = async (id: string) => (await findJob(jobDatabase(), id)).status;
const asks = (id: string) => until(`${id} to ask`, async () => ((await status(id)) === "NEEDS_ATTENTION" ? true : null));
const ends = (id: string) => until(`${id} to end`, async () => { const now = await findJob(jobDatabase(), id); return hasEnded(now.status) ? now : null; });

beforeAll(async () => {
  server = await useFreshDatabase();
});
afterEach(async () => {
  for (const child of crew) child.process.kill("SIGKILL");
  await Promise.all(crew.map(({ ended }) => ended));
  crew = [];
});
afterAll(async () => {
  await database().$disconnect();
  await server.stop();
});

describe("a step", () => {
  it("that failed is tried again, or left out for a reason, by operators alone; the record keeps both", async () => {
    const [operator, viewer] = [(await signedIn("operator")).who, (await signedIn("viewer")).who];
    await employ("w");
    const id = await submit("k", file("steps"), [{ name: "mends", act: { do: "fail-unless", file: file("mended") } }, { name: "never", act: { do: "fail" } }, { name: "last", act: { do: "work", forMs: 1 } }]);
    await asks(id);
    expect((await viewer.call(retry.POST, {}, at(id, "mends"))).status).toBe(403);
    expect(sayOf(await operator.call(retry.POST, {}, at(id, "last")), 409)).toContain("cannot be tried again: only one that failed");
    expect(sayOf(await operator.call(retry.POST, {}, at(id, "nobody")), 404)).toContain("has no step nobody");
    writeFileSync(file("mended"), "");
    expect((await operator.call(retry.POST, {}, at(id, "mends"))).status).toBe(200);
    await until("the first step to be over", async () => ((await findJob(jobDatabase(), id)).steps[0]?.status === "done" ? true : null));
    await asks(id);
    expect((await viewer.call(skip.POST, { reason: "it is not needed" }, at(id, "never"))).status).toBe(403);
    expect(sayOf(await operator.call(skip.POST, { reason: " " }, at(id, "never")), 400)).toContain("Say in a few words why");
    expect((await operator.call(skip.POST, { reason: "it is not needed" }, at(id, "never"))).status).toBe(200);
    const job = await ends(id);
    expect([job.status, job.steps.map(({ status: how }) => how)]).toEqual(["SUCCEEDED", ["done", "skipped", "done"]]);
    expect(job.steps[1]?.say).toBe("Left out by Suite operator: it is not needed");
    expect(sayOf(await operator.call(skip.POST, { reason: "too late" }, at(id, "never")), 409)).toContain("its steps cannot be moved");
    const kept = await database().auditEntry.findMany({ where: { action: { in: ["job.retry-step", "job.skip-step"] }, outcome: "succeeded" }, orderBy: { id: "asc" }, select: { action: true, targetName: true } });
    expect(kept).toEqual([{ action: "job.retry-step", targetName: `${id}/mends` }, { action: "job.skip-step", targetName: `${id}/never` }]);
  });
});

describe("twenty jobs on five clusters", () => {
  it("never run two at once on one cluster, whichever of two workers is frozen or killed, and all come to their end", async () => {
    const witness = file("twenty");
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await submit(`cluster-${n % 5}`, witness, [{ name: `a-${n}`, act: { do: "change", times: 6, everyMs: 25 } }, { name: `b-${n}`, act: { do: "change", times: 6, everyMs: 25 } }]));
    let [first, second] = await Promise.all([employ("w1"), employ("w2")]);
    let deaths = 0;
    for (const seen = () => (existsSync(witness) ? sightings(witness).filter(({ what }) => what === "change").length : 0); deaths < 4; deaths += 1) {
      const before = seen();
      await until("some changes more", async () => (seen() >= before + 30 || (await Promise.all(ids.map(status))).every(hasEnded) ? true : null));
      if (deaths % 2 === 0) {
        first.process.kill("SIGSTOP");
        await until("the other to go on alone for a lease", async () => (seen() >= before + 60 || (await Promise.all(ids.map(status))).every(hasEnded) ? true : null));
        first.process.kill("SIGCONT");
        [first, second] = [second, first];
      } else {
        first.process.kill("SIGKILL");
        await first.ended;
        first = await employ(`w${deaths + 3}`);
      }
    }
    for (const id of ids) expect([id, (await ends(id)).status]).toEqual([id, "SUCCEEDED"]);
    const changes = sightings(witness).filter(({ what }) => what === "change");
    for (let n = 0; n < 5; n += 1) {
      const ofCluster = changes.filter(({ job }) => job === `cluster-${n}`);
      const turns = ofCluster.map(({ step }) => step.slice(2)).filter((number, index, all) => number !== all[index - 1]);
      expect(turns, `cluster-${n}: each job once, none between two halves of another`).toEqual([0, 1, 2, 3].map((turn) => String(n + 5 * turn)));
      for (const number of turns) {
        const fences = ofCluster.filter(({ step }) => step.slice(2) === number).map(({ fence }) => fence);
        expect(fences, "no owner that was overtaken changes anything").toEqual(fences.toSorted((a, b) => a - b));
      }
    }
  });
});

describe("notices", () => {
  it("go after a month, and when there are too many, the oldest first", async () => {
    const now = Date.now();
    const of = (title: string, ageDays: number) => ({ at: new Date(now - ageDays * 86_400_000), mood: "plain", title, say: "", href: "/jobs", source: "a test" });
    await database().notice.deleteMany();
    await database().notice.createMany({ data: [of("old", keptDays + 1), of("young", keptDays - 1)] });
    expect(await pruneNotices(now)).toBe(1);
    await database().notice.createMany({ data: Array.from({ length: keptMost }, (_, n) => of(`new ${n}`, 0)) });
    expect(await pruneNotices(now)).toBe(1);
    expect([await database().notice.count(), await database().notice.count({ where: { title: "young" } })]).toEqual([keptMost, 0]);
  });
});
