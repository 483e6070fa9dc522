// A cluster's network, rights and machines are built by a job and taken apart again, against the imitation of AWS.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startJobWorker, type Worker } from "@/lib/jobs/worker";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { inClusterKinds } from "@/lib/provisioning/graph/model";
import { openLedger } from "@/lib/provisioning/ledger";
import { lookAtAws } from "@/lib/provisioning/look";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { startTestServer, type TestServer } from "../fixtures/database";
import { blueprintOf, buildInputOf, cluster, countsOf, fourCounts, logOf, openSite, pins, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";

let server: TestServer;
let site: Site;
let end: AbortController;
let workers: Worker[];

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  end = new AbortController();
  workers = [];
});
afterEach(async () => {
  end.abort();
  await Promise.all(workers.map(({ stopped }) => stopped));
  await site.close();
});

const work = (leaseMs = 10_000) => void workers.push(startJobWorker({ kinds: site.kinds, signal: end.signal, leaseMs, owner: "w", db: site.db, leaseDb: site.db }));

describe("build and teardown", () => {
  it("seven machines with their network and rights, one of each, and the next plan is empty; the teardown leaves the world as it was", async () => {
    site = await openSite(server);
    const before = worldOf(site);
    work();
    const blueprint = blueprintOf("seven-node");
    const id = await submit(site, "cluster.build", buildInputOf(blueprint));
    const built = await reached(site, id, "end");
    expect([built.status, built.say], (await logOf(site, id)).join("\n")).toEqual(["SUCCEEDED", expect.stringContaining("The machines of prod run.")]);
    expect(countsOf(site)).toEqual({ ...fourCounts, instance: 7, volume: 7, keyPair: 0 });
    const plan = makePlan(resourceGraph(blueprint, pins), { found: await lookAtAws({ aws: site.door, cluster }), ledger: await openLedger(site.db).living(cluster) });
    expect(plan.problems).toEqual([]);
    expect(plan.items.filter(({ act, kind }) => act !== "keep" && !inClusterKinds.has(kind)).map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
    const down = await submit(site, "cluster.teardown", teardownInputOf(blueprint));
    const gone = await reached(site, down, "end");
    expect([gone.status, gone.say], (await logOf(site, down)).join("\n")).toEqual(["SUCCEEDED", "Nothing of it is on AWS, and nothing is paid for."]);
    expect(worldOf(site)).toEqual(before);
  });
});
