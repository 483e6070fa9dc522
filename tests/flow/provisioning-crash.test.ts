// Ended at every edge of every call that changes something, and answers lost: there is one of each in the end, and nothing that nobody knows.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startJobWorker } from "@/lib/jobs/worker";
import { startTestServer, type TestServer } from "../fixtures/database";
import { buildCalls, edgesOf, leaveBehind, teardownCalls } from "../fixtures/provisioning/deadly";
import { workToEdge } from "../fixtures/provisioning/mortal";
import { blueprintOf, buildInputOf, countsOf, fourCounts, ledgerOf, logOf, openSite, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";

const pace = 0.01;
let server: TestServer;
let site: Site;
let end: AbortController;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  end = new AbortController();
  site = await openSite(server, { pace });
});
afterEach(async () => {
  end.abort();
  await site.close();
});

const blueprint = () => blueprintOf("four-node", (made) => {
  made.access.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA of-a-test";
});

/** Works on a job with one worker after another, each ended at the first edge at which none was before. All edges at which one was. */
async function throughAllEdges(id: string): Promise<string[]> {
  const edges = new Set<string>();
  for (let worker = 1; ; worker += 1) {
    const met = await Promise.race([workToEdge(site, { spared: edges, owner: `${id}-${worker}`, pace, signal: end.signal }), reached(site, id, "end").then(() => null)]);
    if (met === null) return [...edges].toSorted();
    for (const edge of met) edges.add(edge);
  }
}

async function succeeded(id: string): Promise<void> {
  const done = await reached(site, id, "end");
  expect([done.status, done.say], (await logOf(site, id)).join("\n")).toEqual(["SUCCEEDED", expect.any(String)]);
}

describe("a worker that ends", () => {
  it("before and after each call of a build, and then of a teardown: one of each, all of it in the ledger, then the world as it was", async () => {
    const before = worldOf(site);
    const build = await submit(site, "cluster.build", buildInputOf(blueprint()));
    const edges = await throughAllEdges(build);
    await succeeded(build);
    expect(edges).toEqual(edgesOf(buildCalls).toSorted());
    expect(countsOf(site)).toEqual(fourCounts);
    expect(await ledgerOf(site)).toMatchObject({ unknown: [] });
    leaveBehind(site);
    const teardown = await submit(site, "cluster.teardown", teardownInputOf(blueprint()));
    const more = await throughAllEdges(teardown);
    await succeeded(teardown);
    expect(more).toEqual(edgesOf(teardownCalls).toSorted());
    expect(worldOf(site)).toEqual(before);
    expect(await ledgerOf(site)).toEqual({ living: 0, unknown: [], suspects: [] });
  });
});

describe("an answer that is lost", () => {
  it("of the first request of every kind: one of each, and the world as it was after the teardown", async () => {
    const before = worldOf(site);
    const lost = new Set<string>();
    site.aws.onRequest(({ action, endedMs }) => {
      if (endedMs !== null || /^(Describe|Get|List)/.test(action) || lost.has(action)) return;
      lost.add(action);
      site.aws.fault({ action, at: "after-effect", does: "lose-reply" });
    });
    startJobWorker({ kinds: site.kinds, signal: end.signal, leaseMs: 10_000, owner: "w", db: site.db, leaseDb: site.db });
    const build = await submit(site, "cluster.build", buildInputOf(blueprint()));
    await succeeded(build);
    expect(countsOf(site)).toEqual(fourCounts);
    expect(await ledgerOf(site)).toMatchObject({ unknown: [] });
    leaveBehind(site);
    const teardown = await submit(site, "cluster.teardown", teardownInputOf(blueprint()));
    await succeeded(teardown);
    expect(worldOf(site)).toEqual(before);
    expect(lost.size).toBeGreaterThan(35);
  });
});
