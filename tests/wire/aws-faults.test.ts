// What the AWS imitation lets go wrong by order, what it remembers of every request, and how its state is saved and put back.
import { AllocateAddressCommand, CreateVpcCommand, DescribeAddressesCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startAws } from "../../infra/sandbox/aws/server";
import { clientsOf, codeOf, testAccount, type TestAccount } from "./aws-clients";

let account: TestAccount;
beforeEach(async () => {
  account = await testAccount();
});
afterEach(() => account.aws.stop());

const vpcs = async () => (await account.ec2.send(new DescribeVpcsCommand({}))).Vpcs?.length ?? 0;
const create = () => account.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "job-fence", Value: "7" }] }] }));

describe("a fault by order", () => {
  it("before the effect loses the request, after it only the reply; each strikes once", async () => {
    const { aws } = account;
    aws.fault({ action: "CreateVpc", at: "before-effect", does: "lose-reply" });
    await expect(create()).rejects.toThrow();
    expect(await vpcs()).toBe(0);
    aws.fault({ action: "CreateVpc", at: "after-effect", does: "lose-reply" });
    await expect(create()).rejects.toThrow();
    expect(await vpcs()).toBe(1);
    await create();
    expect(await vpcs()).toBe(2);
    expect(aws.log.filter(({ action }) => action === "CreateVpc").map(({ outcome, took }) => [outcome, took])).toEqual([["fault:lose-reply", false], ["fault:lose-reply", true], ["ok", true]]);
  });

  it("is why the SDK makes three of one when it may try again without a token", async () => {
    account.aws.fault({ action: "CreateVpc", at: "after-effect", does: "lose-reply", times: 2 });
    await clientsOf(account.aws, account.aws.credential, 3).ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    expect(await vpcs()).toBe(3);
  });

  it("can hang for as long as the client cares to wait, having begun and not ended", async () => {
    account.aws.fault({ action: "CreateVpc", at: "after-effect", does: "hang" });
    const gone = new AbortController();
    const asked = account.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }), { abortSignal: gone.signal });
    const stop = account.aws.onRequest(({ took }) => { if (took) setImmediate(() => gone.abort()); });
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    stop();
    expect(account.aws.log.at(-1)).toMatchObject({ action: "CreateVpc", outcome: "fault:hang", endedMs: null, took: true });
    expect(await vpcs()).toBe(1);
  });

  it("can be any error, after so many calls, for so many times, only where a word is found", async () => {
    account.aws.fault({ action: "write:*", at: "before-effect", does: { code: "Unavailable", status: 503 }, skip: 1, times: 2, containing: "10.9." });
    const make = (CidrBlock: string) => codeOf(account.ec2.send(new CreateVpcCommand({ CidrBlock })));
    expect([await make("10.9.0.0/16"), await make("10.8.0.0/16"), await make("10.9.0.0/16"), await make("10.9.0.0/16"), await make("10.9.0.0/16")]).toEqual(["accepted", "accepted", "Unavailable", "Unavailable", "accepted"]);
  });

  it("by probability strikes the same calls for the same seed", async () => {
    const run = async () => {
      account.aws.clearFaults();
      account.aws.seedFaults(42);
      account.aws.fault({ action: "DescribeVpcs", at: "before-effect", does: { code: "InternalError", status: 500 }, probability: 0.5, times: 0 });
      const codes: string[] = [];
      for (let n = 0; n < 20; n += 1) codes.push(await codeOf(account.ec2.send(new DescribeVpcsCommand({}))));
      return codes;
    };
    const first = await run();
    expect(first).toContain("InternalError");
    expect(first).toContain("accepted");
    expect(await run()).toEqual(first);
  });
});

describe("the log of requests", () => {
  it("says who did what when, with its tags, and without secrets", async () => {
    await create();
    await account.ssm.send(new PutParameterCommand({ Name: "/q/secret", Type: "SecureString", Value: "do-not-tell" }));
    const [vpc, parameter] = account.aws.log;
    expect(vpc).toMatchObject({ service: "ec2", action: "CreateVpc", tags: { "job-fence": "7" }, caller: "arn:aws:iam::123456789012:user/quarterdeck", attempt: "attempt=1; max=1", outcome: "ok" });
    expect(vpc?.endedMs).toBeGreaterThanOrEqual(vpc?.beganMs ?? Infinity);
    expect(parameter?.parameters).toMatchObject({ Name: "/q/secret" });
    expect(JSON.stringify(account.aws.log)).not.toContain("do-not-tell");
  });
});

describe("the account's state", () => {
  it("is put back as it was, faults and dice too", async () => {
    await create();
    const snapshot = account.aws.save();
    await create();
    await account.ec2.send(new AllocateAddressCommand({}));
    account.aws.restore(snapshot);
    expect(await vpcs()).toBe(1);
    expect((await account.ec2.send(new DescribeAddressesCommand({}))).Addresses).toEqual([]);
    expect(JSON.parse(JSON.stringify(account.aws.save()))).toEqual(snapshot);
  });

  it("outlives the sandbox in its file", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "quarterdeck-aws-"));
    const options = { port: 0, machines: [], statePath: path.join(dir, "aws.json") };
    const first = await startAws(options);
    await clientsOf(first, first.credential).ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    await first.stop();
    const second = await startAws(options);
    const { Vpcs } = await clientsOf(second, second.credential).ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs).toMatchObject([{ CidrBlock: "10.0.0.0/16" }]);
    expect(second.credential.secretAccessKey).not.toBe(first.credential.secretAccessKey);
    await second.stop();
    rmSync(dir, { recursive: true, force: true });
  });
});

describe("orders over the address", () => {
  const order = (body: unknown, token = account.aws.controlToken) => fetch(`${account.aws.url}/_control`, { method: "POST", body: JSON.stringify(body), headers: { "x-quarterdeck-orders": token } });

  it("are taken from who has the token alone", async () => {
    expect((await order({ do: "log" }, "guessed")).status).toBe(403);
    expect((await order({ do: "log" }, "")).status).toBe(403);
    expect((await order({ do: "nonsense" })).status).toBe(422);
    expect((await order({ do: "settings", settings: { pendingMs: "soon" } })).status).toBe(422);
  });

  it("do what they do in the process: faults, settings, time, snapshots, the log", async () => {
    await order([{ do: "settings", settings: { pendingMs: 5 } }, { do: "fault", fault: { action: "CreateVpc", at: "before-effect", does: { code: "VpcLimitExceeded" } } }]);
    expect(await codeOf(create())).toBe("VpcLimitExceeded");
    expect(account.aws.cloud.settings.pendingMs).toBe(5);
    const before = account.aws.cloud.clock.nowMs();
    expect(await (await order({ do: "pass", ms: 1000 })).json()).toEqual({ nowMs: before + 1000 });
    const saved: { snapshot: unknown } = await (await order({ do: "save" })).json();
    await create();
    expect((await order({ do: "restore", snapshot: saved.snapshot })).status).toBe(200);
    expect(await vpcs()).toBe(0);
    const { entries }: { entries: { action: string }[] } = await (await order({ do: "log", after: 0 })).json();
    expect(entries.map(({ action }) => action)).toEqual(["CreateVpc", "CreateVpc", "DescribeVpcs"]);
  });
});

describe("the door", () => {
  it("takes nothing from a page in a browser, nor under a name that is not its own", async () => {
    const { aws } = account;
    expect((await fetch(aws.url, { method: "POST", headers: { origin: "https://page.example" }, body: "Action=RunInstances" })).status).toBe(403);
    expect((await fetch(aws.url, { method: "POST", headers: { "sec-fetch-site": "cross-site" }, body: "Action=RunInstances" })).status).toBe(403);
    const { request } = await import("node:http");
    const statusAs = (host: string) => new Promise<number>((resolve) => request(aws.url, { method: "POST", headers: { host } }, (answer) => { answer.resume(); resolve(answer.statusCode ?? 0); }).end());
    expect(await statusAs("rebound.example:80")).toBe(403);
    expect(await statusAs("ec2.ap-northeast-2.amazonaws.com")).not.toBe(200);
    expect(aws.log.map(({ outcome }) => outcome)).toEqual(["MissingAuthenticationToken"]);
  });
});
