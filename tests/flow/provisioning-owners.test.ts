// Who acts for a cluster: one process at a time, whatever is killed or frozen; and nobody after a cancel.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { requestCancel } from "@/lib/jobs/wishes";
import { groupsOf } from "@/lib/provisioning/steps/build";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { inClusterKinds } from "@/lib/provisioning/graph/model";
import { hasEnded, stepIsOver } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { until } from "../fixtures/jobs/until";
import { sitesPerTest } from "../fixtures/provisioning/sites";
import { gatherCrew, type Crew } from "../fixtures/provisioning/crew";
import { blueprintOf, buildInputOf, countsOf, fourCounts, ledgerOf, logOf, pins, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";
import { seeded } from "../fixtures/scale";

let site: Site;
let crew: Crew | null;
const { open, work, restartDatabase } = sitesPerTest();

beforeEach(() => void (crew = null));
afterEach(() => crew?.dismiss());

const four = blueprintOf("four-node");
const counts = { ...fourCounts, keyPair: 0 };

/** Requests that change something, by whom: "job-0001#3" is the third owner of that job. */
const acts = () => site.aws.log.flatMap(({ userAgent, beganMs, endedMs, took, action }) => {
  const by = /quarterdeck\/(job-\d+)#(\d+)/.exec(userAgent);
  return by ? [{ job: by[1] ?? "", fence: Number(by[2]), beganMs, endedMs: endedMs ?? Number.POSITIVE_INFINITY, took, action }] : [];
});

/** Pairs of requests of one cluster by different owners that were under way at the same moment, or came after a later owner's first. */
function overlaps(): string[] {
  const all = acts().toSorted((a, b) => a.beganMs - b.beganMs);
  return all.flatMap((one, at) => all.slice(at + 1).filter((next) => next.job === one.job && (next.fence < one.fence || (next.fence > one.fence && next.beganMs < one.endedMs))).map((next) => `${one.action} of ${one.job}#${one.fence} and ${next.action} of #${next.fence}`));
}

describe("workers that are killed at random", () => {
  it.each([11, 12])("a build and a teardown whose workers are killed with -9 every so often (seed %i): one of each, then the world as it was", async (seed) => {
    site = await open({ timeoutMs: 2_000 });
    const roll = seeded(seed);
    const before = worldOf(site);
    crew = gatherCrew(site.env, 1_000);
    const through = async (id: string) => {
      for (let kills = 0; kills < 4; kills += 1) {
        const child = await crew?.send();
        await sleep(500 + roll() * 2_500);
        if (hasEnded((await findJob(site.db, id)).status)) break;
        child?.process.kill("SIGKILL");
        await child?.ended;
      }
      const worker = await crew?.send();
      const done = await reached(site, id, "end", 300_000);
      expect(done.status, (await logOf(site, id)).join("\n")).toBe("SUCCEEDED");
      worker?.process.kill("SIGKILL");
    };
    await through(await submit(site, "cluster.build", buildInputOf(four)));
    expect(countsOf(site)).toEqual(counts);
    expect(await ledgerOf(site)).toMatchObject({ unknown: [] });
    await through(await submit(site, "cluster.teardown", teardownInputOf(four)));
    expect(worldOf(site)).toEqual(before);
    expect(overlaps()).toEqual([]);
  });

  it("two workers, frozen and killed at random: what changes something is never sent by two owners at once, nor by an old one late", async () => {
    site = await open({ timeoutMs: 250 });
    const roll = seeded(7);
    crew = gatherCrew(site.env, 1_500);
    const id = await submit(site, "cluster.build", buildInputOf(four));
    let pair = [await crew.send(), await crew.send()];
    // First both end amid their acts, so that there is a second owner; each later turn meets either of the two.
    await until("something to be changed", async () => (acts().length > 0 ? true : null));
    for (const one of pair) one.process.kill("SIGKILL");
    await Promise.all(pair.map(({ ended }) => ended));
    pair = [await crew.send(), await crew.send()];
    for (let turn = 0; turn < 5 && !hasEnded((await findJob(site.db, id)).status); turn += 1) {
      const victim = pair[Math.floor(roll() * 2)] ?? pair[0];
      await sleep(300 + roll() * 900);
      if (roll() < 0.6) {
        victim?.process.kill("SIGSTOP");
        await sleep(1_000 + roll() * 1_500);
        victim?.process.kill("SIGCONT");
      } else {
        victim?.process.kill("SIGKILL");
        await victim?.ended;
        pair = [...pair.filter((one) => one !== victim), await crew.send()];
      }
    }
    const done = await reached(site, id, "end", 300_000);
    expect(done.status, (await logOf(site, id)).join("\n")).toBe("SUCCEEDED");
    expect(countsOf(site)).toEqual(counts);
    expect(new Set(acts().map(({ fence }) => fence)).size).toBeGreaterThan(1);
    expect(overlaps()).toEqual([]);
  });
});

describe("cancel", () => {
  it("at every step: nothing more leaves after the end, the end comes after the last answer, and what is left is told and can be taken apart", async () => {
    site = await open({ settings: { quotas: { "vpc/L-F678F1CE": 100, "ec2/L-0263D0A3": 100, "ec2/L-1216C47A": 1000 } } });
    const before = worldOf(site);
    work();
    const { resources } = resourceGraph(four, pins);
    const steps = groupsOf(resources.filter(({ kind }) => !inClusterKinds.has(kind))).map(({ name }) => name);
    const kinds = [...new Map(steps.map((name) => [name.split("/")[0], name])).values()];
    let cancelled = 0;
    for (const [at, step] of kinds.entries()) {
      const blueprint = { ...four, name: `c${at}` };
      const id = await submit(site, "cluster.build", buildInputOf(blueprint));
      await until(`${step} to begin`, async () => {
        const job = await findJob(site.db, id);
        return hasEnded(job.status) || job.steps.some(({ name, status }) => name === step && status !== "todo") ? true : null;
      });
      await requestCancel(site.db, id, "a test").catch(async (thrown: unknown) => {
        if (!hasEnded((await findJob(site.db, id)).status)) throw thrown;
      });
      const stopped = await until(`${id} to stop`, async () => {
        const job = await findJob(site.db, id);
        return hasEnded(job.status) ? job : null;
      });
      // A cancel that comes while the last step ends well comes too late, and the job says so.
      const tooLate = stopped.steps.every(({ status }) => stepIsOver(status));
      expect([stopped.status, stopped.say], step).toEqual(tooLate ? ["SUCCEEDED", expect.stringContaining("On AWS: ")] : ["CANCELLED", expect.stringMatching(/^Stopped\. (On AWS: .*an hour\.|Nothing of it)/)]);
      if (!tooLate) cancelled += 1;
      const mine = acts().filter(({ job }) => job === id);
      expect(mine.filter(({ endedMs, beganMs }) => Math.max(beganMs, endedMs) > (stopped.endedAt ?? 0) + 20), `${step}: after the end`).toEqual([]);
      const down = await reached(site, await submit(site, "cluster.teardown", teardownInputOf(blueprint)), "end");
      expect([down.status, down.say], step).toEqual(["SUCCEEDED", "Nothing of it is on AWS, and nothing is paid for."]);
    }
    expect(worldOf(site)).toEqual(before);
    expect(kinds.length).toBeGreaterThan(12);
    expect(cancelled).toBeGreaterThan(kinds.length / 2);
  });
});

describe("a database that restarts", () => {
  it("in the middle of a build: it goes on, and there is one of each", async () => {
    site = await open();
    crew = gatherCrew(site.env, 8_000);
    const id = await submit(site, "cluster.build", buildInputOf(four));
    await crew.send();
    await until("the network to be there", async () => (Object.keys(site.aws.cloud.state.subnet).length > 0 ? true : null));
    await restartDatabase();
    const done = await until("the build to end", async () => {
      const job = await findJob(site.db, id).catch(() => null);
      return job && (hasEnded(job.status) || job.status === "NEEDS_ATTENTION") ? job : null;
    });
    expect([done.status, countsOf(site)], (await logOf(site, id)).join("\n")).toEqual(["SUCCEEDED", counts]);
  });
});
