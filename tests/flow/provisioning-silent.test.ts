// Taking a cluster down that does not answer, or whose controllers do not: it goes on by tags, and says so.
import { describe, expect, it } from "vitest";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/client";
import { AppError } from "@/lib/base/errors";
import type { Inside } from "@/lib/provisioning/steps/inside";
import { leaveBehind } from "../fixtures/provisioning/deadly";
import { kindsFor } from "../fixtures/provisioning/kinds";
import { blueprintOf, buildInputOf, logOf, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";
import { sitesPerTest } from "../fixtures/provisioning/sites";

const sites = sitesPerTest();
const four = blueprintOf("four-node");

/** A cluster as the console meets it: what it answers to each question. */
function clusterThat(answers: Partial<KubernetesClient>): Inside {
  const refuse = () => Promise.reject(new AppError("unavailable", "Could not list Ingresss: prod does not answer."));
  const client: KubernetesClient = {
    read: refuse, cordon: refuse, evict: refuse, deletePod: refuse, logs: () => { throw new Error("nobody asks for logs"); }, can: refuse, askService: refuse, apply: refuse, find: refuse, patch: refuse, list: refuse, remove: refuse, removeExactly: refuse, check: refuse, certificates: refuse, authorityPin: refuse, issueKubeconfig: refuse,
    ...answers,
  };
  return { client: () => client, handle: () => null, fetch: () => Promise.resolve(""), mirror: "", digests: { settle: () => Promise.reject(new Error("nothing is fetched")), all: () => Promise.resolve([]) } };
}

/** Built, its controllers' things left behind, and taken down with such a cluster. */
async function takenDown(site: Site) {
  const before = worldOf(site);
  sites.work();
  expect((await reached(site, await submit(site, "cluster.build", buildInputOf(four)), "end")).status).toBe("SUCCEEDED");
  leaveBehind(site);
  const id = await submit(site, "cluster.teardown", teardownInputOf(four));
  const done = await reached(site, id, "end");
  return { before, done, log: (await logOf(site, id)).join("\n") };
}

const open = async (inside: Inside, softMs: number): Promise<Site> => {
  const site = await sites.open();
  site.kinds = [...site.kinds.filter(({ kind }) => kind !== "cluster.teardown"), ...kindsFor({ aws: site.door, db: site.db, pace: 0.02, softMs, booting: { userData: () => () => "", inside } }).filter(({ kind }) => kind === "cluster.teardown")];
  return site;
};

describe("the teardown of a cluster", () => {
  it("that does not answer goes on by tag alone and says so", async () => {
    const inside = clusterThat({});
    const site = await open(inside, 60_000);
    const { before, done, log } = await takenDown(site);
    expect([done.status, done.say], log).toEqual(["SUCCEEDED", "The cluster did not answer, so what its controllers had made was removed by tag alone. Nothing of it is on AWS, and nothing is paid for."]);
    expect(done.steps.filter(({ name }) => name.startsWith("release-")).map(({ status, say }) => [status, say])).toEqual([["skipped", expect.stringContaining("It goes on without the cluster")], ["skipped", expect.any(String)]]);
    expect(worldOf(site)).toEqual(before);
  });

  it("whose controllers hang is waited for as long as is agreed, and then goes on: degraded, and nothing is left", async () => {
    const stuck = { metadata: { name: "shop", namespace: "default", uid: "u", deletionTimestamp: "2026-11-26T00:00:00Z" } };
    const inside = clusterThat({ find: () => Promise.resolve(null), list: ({ kind }) => Promise.resolve(kind === "Ingress" ? [stuck] : []) });
    const site = await open(inside, 300);
    const { before, done, log } = await takenDown(site);
    expect([done.status, done.say], log).toEqual(["SUCCEEDED", expect.stringMatching(/^Nothing of it is on AWS.* Degraded: Have the cluster remove its load balancers: Waiting until the controllers have removed the load balancers of default\/shop\. That took longer than/)]);
    expect(done.steps.find(({ name }) => name === "release-volumes")?.status).toBe("done");
    expect(worldOf(site)).toEqual(before);
  });
});
