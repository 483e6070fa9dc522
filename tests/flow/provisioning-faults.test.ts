// What AWS may do to a build: be slow to answer, slow to show, full, forbidding, at its limits, or gone; each has the right sentence and the right end.
import { describe, expect, it } from "vitest";
import { requestCancel, retryStep } from "@/lib/jobs/wishes";
import { openAws } from "@/lib/adapters/aws/door";
import { until } from "../fixtures/jobs/until";
import { kindsFor } from "../fixtures/provisioning/kinds";
import { sitesPerTest } from "../fixtures/provisioning/sites";
import { blueprintOf, buildInputOf, countsOf, fourCounts, ledgerOf, logOf, pins, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";
import type { Blueprint } from "@/lib/provisioning/model";

let site: Site;
const { open, work } = sitesPerTest();

const built = async (blueprint: Blueprint, withinMs = 240_000) => {
  work();
  const id = await submit(site, "cluster.build", buildInputOf(blueprint));
  const job = await reached(site, id, "end", withinMs);
  return { id, job, log: await logOf(site, id) };
};
const tornDown = async (blueprint: Blueprint) => reached(site, await submit(site, "cluster.teardown", teardownInputOf(blueprint)), "end");
const four = (change?: (blueprint: Blueprint) => void) => blueprintOf("four-node", change);
const counts = { ...fourCounts, keyPair: 0 };

describe("an AWS that is slow", () => {
  it("what is new is seen late everywhere, machines and profiles take their time: still one of each", async () => {
    site = await open({ pace: 0.05, settings: { visibilityMs: 150, profileReachMs: 400, pendingMs: 300, shuttingDownMs: 300 } });
    const before = worldOf(site);
    const { job, log } = await built(four());
    expect([job.status, countsOf(site)], log.join("\n")).toEqual(["SUCCEEDED", counts]);
    expect((await tornDown(four())).say).toBe("Nothing of it is on AWS, and nothing is paid for.");
    expect(worldOf(site)).toEqual(before);
  });

  it("one changing request a second and twelve machines: it is built, and nobody is asked", async () => {
    const speed = 10;
    const startedAt = Date.now();
    site = await open({ pace: 1 / speed, clock: { nowMs: () => startedAt + (Date.now() - startedAt) * speed }, settings: { throttle: { read: null, write: { perSecond: 1, burst: 1 }, rules: { perSecond: 1, burst: 1 } }, quotas: { "ec2/L-1216C47A": 64 } } });
    const { job, log } = await built(four(({ tiers }) => {
      for (const { pools } of tiers.filter(({ tier }) => tier === 2)) for (const pool of pools) pool.count = 9;
    }));
    expect([job.status, countsOf(site)], log.join("\n")).toEqual(["SUCCEEDED", { ...counts, instance: 12, volume: 12 }]);
    expect(site.aws.log.filter(({ outcome }) => outcome === "RequestLimitExceeded").length).toBeGreaterThan(0);
    expect(log.filter((line) => line.startsWith("error"))).toEqual([]);
  });
});

describe("an AWS that fails by chance", () => {
  it.each([1, 2])("one request in twenty is lost, hangs, or ends in AWS' own trouble (seed %i): one of each, and the world as it was after the teardown", async (seed) => {
    site = await open({ timeoutMs: 400 });
    const before = worldOf(site);
    site.aws.seedFaults(seed);
    for (const does of ["lose-reply", "hang", { code: "InternalError", status: 500 }, { code: "RequestLimitExceeded", status: 503 }] as const) {
      site.aws.fault({ action: "*", at: "before-effect", does, times: 0, probability: 0.00625 });
      if (typeof does === "string") site.aws.fault({ action: "write:*", at: "after-effect", does, times: 0, probability: 0.0125 });
    }
    const { job, log } = await built(four());
    expect([job.status, countsOf(site)], log.join("\n")).toEqual(["SUCCEEDED", counts]);
    expect(await ledgerOf(site)).toMatchObject({ unknown: [] });
    expect((await tornDown(four())).status).toBe("SUCCEEDED");
    expect(worldOf(site)).toEqual(before);
  });
});

describe("no machine left", () => {
  it("in its zone: the next zone that the plan allows, and the log says so", async () => {
    site = await open({ settings: { soldOut: [{ instanceType: "t3.large", zone: "ap-northeast-2a" }] } });
    const { job, log } = await built(four());
    expect([job.status, countsOf(site).instance], log.join("\n")).toEqual(["SUCCEEDED", 4]);
    expect(log.join("\n")).toContain("No t3.large in ap-northeast-2a now; it is started in ap-northeast-2b, as the plan allows.");
    expect(Object.values(site.aws.cloud.state.instance).filter(({ zone, instanceType }) => instanceType === "t3.large" && zone === "ap-northeast-2a")).toEqual([]);
  });

  it("anywhere: it waits and says for what, and goes on when there is one again", async () => {
    site = await open({ settings: { soldOut: [{ instanceType: "t3.large" }] } });
    work();
    const id = await submit(site, "cluster.build", buildInputOf(four()));
    const waiting = await until("the machine to wait", async () => {
      const { steps } = await reached(site, id, ["RUNNING", "RETRY_WAIT"]);
      return steps.find(({ name, status, say }) => name === "instance/k8s-master" && status === "waiting" && say.includes("left")) ?? null;
    });
    expect(waiting.say).toContain("AWS has no t3.large left in ap-northeast-2a, ap-northeast-2b, ap-northeast-2c.");
    site.aws.set({ soldOut: [] });
    expect((await reached(site, id, "end")).status).toBe("SUCCEEDED");
    expect(countsOf(site).instance).toBe(4);
  });
});

describe("what a person has to mend", () => {
  it.each([
    ["the vCPU quota", { quotas: { "ec2/L-1216C47A": 4 } }, /vCPU quota is used up.*L-1216C47A/],
    ["the quota of networks", { quotas: { "vpc/L-F678F1CE": 0 } }, /as many networks in this region as it may.*L-F678F1CE/],
    ["the quota of addresses", { quotas: { "ec2/L-0263D0A3": 0 } }, /as many elastic addresses in this region as it may.*L-0263D0A3/],
    ["credentials that have expired", { userKeys: "expired" as const }, /does not accept the console's credentials|rejected the credentials/],
    ["a key that was deleted", { userKeys: "deleted" as const }, /does not accept the console's credentials|rejected the credentials/],
  ])("%s: asks at once, in words, and holds what was made", async (_, settings, say) => {
    site = await open();
    site.aws.set(settings);
    const { job } = await built(four());
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringMatching(say)]);
    expect(site.aws.log.filter(({ action, took }) => action === "CreateVpc" && took).length).toBeLessThanOrEqual(1);
  });

  it("requests that AWS calls expired point to this machine's clock, and the job goes on when it is set right", async () => {
    site = await open();
    site.aws.fault({ action: "*", at: "before-effect", does: { code: "RequestExpired", status: 400 }, times: 0 });
    const { id, job } = await built(four());
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("look at this machine's clock")]);
    site.aws.clearFaults();
    for (const { name, status } of job.steps) if (status === "failed") await retryStep(site.db, { id, step: name });
    expect((await reached(site, id, ["SUCCEEDED"])).status).toBe("SUCCEEDED");
    expect(countsOf(site)).toEqual(counts);
  });

  it("no credentials at all: says where they may come from, and nothing is sent", async () => {
    site = await open();
    const sent = site.aws.log.length;
    const without = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const saved = Object.fromEntries(Object.keys(without).map((name) => [name, process.env[name]]));
    const set = (values: Record<string, string | undefined>) => Object.entries(values).forEach(([name, value]) => {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
    set(without);
    const { job } = await built(four()).finally(() => set(saved));
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("No AWS credentials were found. Set AWS_ACCESS_KEY_ID")]);
    expect(site.aws.log.length).toBe(sent);
  });

  it("a region that is not served there: says that it may not be switched on, and nothing is made", async () => {
    site = await open();
    const elsewhere = openAws({ endpoint: site.aws.url, region: "eu-west-1" });
    site.kinds = kindsFor({ aws: elsewhere, db: site.db, pace: 0.02 });
    const { job } = await built(four()).finally(() => elsewhere.close());
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("whether the region is switched on for the account")]);
    expect(countsOf(site)).toMatchObject({ vpc: 0, instance: 0, address: 0 });
  });

  it("a key pair that somebody deleted before the machines: names it and the way out, and holds what was made", async () => {
    site = await open();
    site.aws.onRequest(({ action }) => {
      if (action === "RunInstances") for (const id of Object.keys(site.aws.cloud.state.keyPair)) delete site.aws.cloud.state.keyPair[id];
    });
    const { job } = await built(four((made) => { made.access.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA of-a-test"; }));
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("key pair is gone from AWS")]);
    expect(countsOf(site)).toMatchObject({ vpc: 1, instance: 0 });
  });

  it("an image that is gone names the way out", async () => {
    site = await open();
    work();
    const id = await submit(site, "cluster.build", { ...buildInputOf(four()), pins: { ...pins, imageId: "ami-0123456789abcdef0" } });
    const job = await reached(site, id, "end");
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("image that the plan pinned cannot be used any more")]);
    expect(countsOf(site)).toMatchObject({ vpc: 1, instance: 0 });
  });

  it("a permission that is missing is named, and the job goes on from there when it is given", async () => {
    site = await open();
    site.aws.fault({ action: "CreateSubnet", at: "before-effect", does: { code: "UnauthorizedOperation", status: 403, message: "You are not authorized to perform this operation." }, times: 0 });
    const { id, job } = await built(four());
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringMatching(/may not make subnet\/public-ap-northeast-2[abc] \(UnauthorizedOperation\)/)]);
    expect(countsOf(site)).toMatchObject({ vpc: 1, subnet: 0, address: 1, role: 2 });
    site.aws.clearFaults();
    for (const { name, status } of job.steps) if (status === "failed") await retryStep(site.db, { id, step: name });
    expect((await reached(site, id, ["SUCCEEDED"])).status).toBe("SUCCEEDED");
    expect(countsOf(site)).toEqual(counts);
  });

  it("a foreign thing in the way of a teardown is named, and the rest waits", async () => {
    site = await open();
    const before = worldOf(site);
    await built(four());
    const { state } = site.aws.cloud;
    const [subnet] = Object.values(state.subnet);
    if (!subnet) throw new Error("no subnet");
    state.networkInterface["eni-0f0e0d0c0b0a09080"] = {
      id: "eni-0f0e0d0c0b0a09080", createdAtMs: 0, tags: {}, vpcId: subnet.vpcId, subnetId: subnet.id, zone: subnet.zone, privateIp: subnet.cidr.replace("0/24", "77"), publicIp: null, groupIds: [], description: "somebody's database", requester: null, attachment: null, sourceDestCheck: true, goneAtMs: null,
    };
    const blocked = await tornDown(four());
    expect([blocked.status, blocked.say]).toEqual(["NEEDS_ATTENTION", expect.stringMatching(/eni-0f0e0d0c0b0a09080, a network interface attached to nothing \(somebody's database\)/)]);
    // A refused request puts the state back as it was: what was read before is no longer it.
    delete site.aws.cloud.state.networkInterface["eni-0f0e0d0c0b0a09080"];
    await requestCancel(site.db, blocked.id, "a test");
    expect((await reached(site, blocked.id, ["CANCELLED"])).say).toBe("Stopped. On AWS: 1 network, 1 subnet. That costs $0.000 an hour.");
    expect((await tornDown(four())).status).toBe("SUCCEEDED");
    expect(worldOf(site)).toEqual(before);
  });
});
