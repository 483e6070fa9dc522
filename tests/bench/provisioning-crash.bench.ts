// `npm run bench -- provisioning`: seeded builds whose workers are killed at random, each taken apart to the world as it was; and how near the job comes to its longest path.
// PROVISIONING_SEEDS names the seeds, "3,7"; ten when it is absent.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasEnded, type JobDetail } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { longestWay } from "@/lib/provisioning/graph/order";
import { buildSteps } from "@/lib/provisioning/steps/build";
import { startTestServer, type TestServer } from "../fixtures/database";
import { gatherCrew, type Crew } from "../fixtures/provisioning/crew";
import { blueprintOf, buildInputOf, countsOf, fourCounts, openSite, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";
import { seeded } from "../fixtures/scale";
import { createFigures } from "./figures";

const figures = createFigures();
const seeds = (process.env.PROVISIONING_SEEDS ?? "1,2,3,4,5,6,7,8,9,10").split(",").map(Number);
const patienceMs = 600_000;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Workers die every so often; the last one lives. How many died. */
async function throughKills({ site, crew, random }: { site: Site; crew: Crew; random: () => number }, id: string): Promise<number> {
  let kills = 0;
  for (; kills < 8; kills += 1) {
    const child = await crew.send();
    await sleep(300 + random() * 3_000);
    if (hasEnded((await findJob(site.db, id)).status)) return kills;
    child.process.kill("SIGKILL");
    await child.ended;
  }
  const last = await crew.send();
  const done = await reached(site, id, "end", patienceMs);
  expect(done.status, done.say).toBe("SUCCEEDED");
  last.process.kill("SIGKILL");
  return kills;
}

/** Wall time of the job over the longest chain of its own steps. */
function stretchOf(job: JobDetail, blueprint = blueprintOf("seven-node")): number {
  const took = new Map(job.steps.map(({ name, startedAt, endedAt }) => [name, (endedAt ?? 0) - (startedAt ?? 0)]));
  const way = longestWay(buildSteps(buildInputOf(blueprint), { boots: false, inside: false }).map(({ name, needs }) => ({ id: name, needs: needs ?? [] })), (id) => took.get(id) ?? 0);
  return ((job.endedAt ?? 0) - (job.startedAt ?? 0)) / way.ms;
}

describe("provisioning", () => {
  it("seven nodes to running machines, over the longest path of the job's own steps", async () => {
    await figures.attempt("provisioning.job.stretch", async () => {
      const site = await openSite(server, { settings: { pendingMs: 3_000, profileReachMs: 3_000 }, pace: 0.2 });
      const crew = gatherCrew(site.env, 10_000);
      try {
        const id = await submit(site, "cluster.build", buildInputOf(blueprintOf("seven-node")));
        await crew.send();
        const job = await reached(site, id, "end", patienceMs);
        expect(job.status, job.say).toBe("SUCCEEDED");
        figures.tell("provisioning.job.stretch", stretchOf(job), "x", { op: "<=", value: 1.1 });
      } finally {
        await crew.dismiss();
        await site.close();
      }
    });
    expect(figures.missing).toEqual([]);
  }, patienceMs);

  it.each(seeds)("seed %i: killed at random, one of each, then the world as it was", async (seed) => {
    const site = await openSite(server);
    const crew = gatherCrew(site.env, 1_000);
    try {
      const before = worldOf(site);
      const workers = { site, crew, random: seeded(seed) };
      const built = await throughKills(workers, await submit(site, "cluster.build", buildInputOf(blueprintOf("four-node"))));
      expect(countsOf(site)).toEqual({ ...fourCounts, keyPair: 0 });
      const gone = await throughKills(workers, await submit(site, "cluster.teardown", teardownInputOf(blueprintOf("four-node"))));
      expect(worldOf(site)).toEqual(before);
      figures.note(`seed ${seed}: ${built} workers killed in the build, ${gone} in the teardown; one of each, no orphan`);
    } finally {
      await crew.dismiss();
      await site.close();
    }
  }, 2 * patienceMs);
});
