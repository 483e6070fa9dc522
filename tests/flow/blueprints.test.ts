// Blueprints, plans and what people may do with them, end to end: real routes, a real database, the imitation of AWS held to the console's own policy.
import { readFileSync } from "node:fs";
import { DescribeVpcsCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { strFromU8, unzipSync } from "fflate";
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as list from "@/app/api/provisioning/blueprints/route";
import * as one from "@/app/api/provisioning/blueprints/[cluster]/route";
import * as plan from "@/app/api/provisioning/blueprints/[cluster]/plan/route";
import * as exported from "@/app/api/provisioning/blueprints/[cluster]/export/route";
import * as build from "@/app/api/provisioning/blueprints/[cluster]/build/route";
import * as teardown from "@/app/api/provisioning/blueprints/[cluster]/teardown/route";
import * as check from "@/app/api/provisioning/check/route";
import * as prices from "@/app/api/provisioning/prices/[region]/route";
import { planAnswer, refusedBuild, teardownAnswer } from "@/components/provisioning/wire";
import { tagKeys } from "@/lib/provisioning/graph/model";
import { presetBlueprint } from "@/lib/provisioning/presets";
import { toYaml } from "@/lib/provisioning/yaml";
import { database } from "@/lib/runtime";
import { machines } from "../../infra/sandbox/machines/catalogue";
import { startAws, type Aws } from "../../infra/sandbox/aws/server";
import { origin, sayOf } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { signedIn } from "../fixtures/people";

let server: TestServer & { url: string };
let aws: Aws;
const region = "ap-northeast-2";
const four = presetBlueprint("four-node", { name: "stage", adminCidr: "127.0.0.1/32" });
const at = (cluster: string) => ({ params: { cluster } });

beforeAll(async () => {
  server = await useFreshDatabase();
  aws = await startAws({ port: 0, machines });
  Object.assign(process.env, { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: aws.credential.accessKeyId, AWS_SECRET_ACCESS_KEY: aws.credential.secretAccessKey });
  aws.setUserPolicy(readFileSync("infra/aws/console-policy.json", "utf8"));
});
afterAll(async () => {
  await aws?.stop();
  await database().$disconnect();
  await server.stop();
});

const planned = async () => planAnswer.parse((await (await signedIn("operator")).who.call(plan.GET, undefined, at("stage"))).body);

describe("a blueprint", () => {
  it("is checked as a value and as YAML, with fields and lines", async () => {
    const { who } = await signedIn("viewer");
    expect((await who.call(check.POST, { blueprint: four })).body).toMatchObject({ ok: true, cost: { totalUsd: expect.any(Number) } });
    expect((await who.call(check.POST, { yaml: toYaml(four).replace("10.96.0.0/12", "10.0.0.0/12") })).body).toMatchObject({ ok: false, faults: expect.arrayContaining([expect.objectContaining({ field: "network.serviceCidr", line: expect.any(Number) })]) });
  });

  it("is saved by an operator and by no viewer, in revisions that do not overwrite each other", async () => {
    const [operator, viewer] = [(await signedIn("operator")).who, (await signedIn("viewer")).who];
    expect((await viewer.call(one.PUT, { blueprint: four, over: 0 }, { ...at("stage"), method: "PUT" })).status).toBe(403);
    expect((await operator.call(one.PUT, { blueprint: four, over: 0 }, { ...at("stage"), method: "PUT" })).body).toEqual({ revision: 1 });
    expect(sayOf(await operator.call(one.PUT, { blueprint: four, over: 0 }, { ...at("stage"), method: "PUT" }), 409)).toContain("There is already a blueprint stage");
    expect((await operator.call(one.PUT, { blueprint: four, over: 1 }, { ...at("stage"), method: "PUT" })).body).toEqual({ revision: 2 });
    expect(sayOf(await operator.call(one.PUT, { blueprint: four, over: 1 }, { ...at("stage"), method: "PUT" }), 409)).toContain("Somebody else has changed stage");
    expect(sayOf(await operator.call(one.PUT, { blueprint: { ...four, tiers: [] }, over: 2 }, { ...at("stage"), method: "PUT" }), 400)).toContain("tiers: at least one tier");
    expect(sayOf(await operator.call(one.PUT, { blueprint: four, over: 2 }, { ...at("other"), method: "PUT" }), 400)).toContain("is named stage and was to be saved as other");
    expect((await viewer.call(list.GET)).body).toMatchObject({ blueprints: [{ name: "stage", revision: 2, machines: 4, things: 0 }] });
  });
});

describe("an export", () => {
  it("is an archive of Terraform files that a viewer may take, without an account's number and without import blocks while nothing stands", async () => {
    const { who } = await signedIn("viewer");
    const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await exported.GET(new Request(`${origin}/api/x?as=terraform`, { headers: { cookie } }), { params: Promise.resolve({ cluster: "stage" }) });
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="stage-terraform.zip"');
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    expect(Object.keys(files)).toEqual(expect.arrayContaining(["stage-terraform/main.tf", "stage-terraform/modules/network/main.tf", "stage-terraform/modules/machines/main.tf"]));
    expect(Object.keys(files)).not.toContain("stage-terraform/imports.tf");
    expect(Object.values(files).map((file) => strFromU8(file)).join("")).not.toMatch(/\b\d{12}\b/);
    expect(sayOf(await who.call(exported.GET, undefined, { ...at("stage"), path: "/api/x?as=pulumi" }), 400)).toContain("as");
    expect(sayOf(await who.call(exported.GET, undefined, at("nowhere")), 404)).toContain("no blueprint nowhere");
  });
});

describe("a plan", () => {
  it("is made under the console's own policy and stops nothing", async () => {
    const answer = await planned();
    expect(answer.checks.filter(({ state }) => state === "stop")).toEqual([]);
    expect(answer.checks.find(({ id }) => id === "permissions")).toMatchObject({ state: "ok" });
    expect(answer.counts).toMatchObject({ update: 0, replace: 0, delete: 0, keep: 0 });
    expect(answer.pins.imageId).toMatch(/^ami-/);
    expect((await planned()).digest).toBe(answer.digest);
  });

  it("tells in AWS' own reason what the console may not do, and finds a role of somebody else's before anything is made", async () => {
    const whole = readFileSync("infra/aws/console-policy.json", "utf8");
    const checkOf = async (id: string) => (await planned()).checks.find((one) => one.id === id);
    aws.setUserPolicy(whole.replace('"ec2:CreateVpc"', '"ec2:CreateNothing"'));
    expect(await checkOf("permissions")).toMatchObject({ state: "stop", say: expect.stringMatching(/^AWS refuses CreateVpc\. No policy of user\/\S+ allows ec2:CreateVpc on arn:aws:ec2:/) });
    aws.setUserPolicy(whole.replace('"ec2:CreateVpc"', '"ec2:CreateNothing"').replace('"sts:DecodeAuthorizationMessage"', '"sts:DecodeNothing"'));
    expect(await checkOf("permissions")).toMatchObject({ state: "stop", say: "AWS refuses CreateVpc." });
    const iam = new IAMClient({ endpoint: aws.url, region, credentials: aws.credential });
    aws.setUserPolicy(null);
    await iam.send(new CreateRoleCommand({ RoleName: "stage-worker", AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}' }));
    aws.setUserPolicy(whole);
    expect(await checkOf("names")).toMatchObject({ state: "stop", say: "The role stage-worker is in this account already and is not of this cluster." });
    aws.setUserPolicy(null);
    await iam.send(new DeleteRoleCommand({ RoleName: "stage-worker" }));
    aws.setUserPolicy(whole);
    expect(await checkOf("names")).toMatchObject({ state: "ok" });
  });

  it("has another digest when prices, blueprint or world are others", async () => {
    const { who } = await signedIn("operator");
    const before = (await planned()).digest;
    expect((await who.call(prices.PUT, { item: "ec2.t3.medium", usd: 0.05 }, { params: { region }, method: "PUT" })).status).toBe(200);
    expect((await planned()).digest).not.toBe(before);
    expect((await who.call(prices.GET, undefined, { params: { region } })).body).toMatchObject({ prices: expect.arrayContaining([expect.objectContaining({ item: "ec2.t3.medium", usd: 0.05, own: true })]) });
    await who.call(prices.PUT, { item: "ec2.t3.medium", usd: null }, { params: { region }, method: "PUT" });
    expect((await planned()).digest).toBe(before);
  });
});

describe("saying yes", () => {
  it("is not for viewers, nor to a plan that nobody was shown", async () => {
    const digest = (await planned()).digest;
    expect((await (await signedIn("viewer")).who.call(build.POST, { digest }, at("stage"))).status).toBe(403);
    expect(sayOf(await (await signedIn("operator")).who.call(build.POST, { digest: "0".repeat(64) }, at("stage")), 404)).toContain("not kept any more");
  });

  it("to a plan of a world that has changed starts nothing and shows what changed", async () => {
    const { digest } = await planned();
    const ec2 = new EC2Client({ endpoint: aws.url, region, credentials: aws.credential });
    const tags = [{ Key: tagKeys.cluster, Value: "stage" }, { Key: tagKeys.resource, Value: "vpc/main" }];
    await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags: tags }] }));
    const told = refusedBuild.parse((await (await signedIn("operator")).who.call(build.POST, { digest }, at("stage"))).body);
    expect(told.job).toBeNull();
    expect(told.changed).toEqual([{ id: "vpc/main", was: "create", now: expect.stringContaining("update") }]);
    expect(await database().$queryRaw`SELECT 1 FROM "Job"`).toEqual([]);
    expect((await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: `tag:${tagKeys.cluster}`, Values: ["stage"] }] }))).Vpcs).toHaveLength(1);
  });

  it("starts the job of exactly the acts that were shown, one per cluster", async () => {
    const { who } = await signedIn("operator");
    const { digest, plan: shown } = await planned();
    const { job } = refusedBuild.parse((await who.call(build.POST, { digest }, at("stage"))).body);
    expect(job).toMatch(/^job-/);
    const [row] = z.array(z.object({ kind: z.string(), input: z.object({ digest: z.string(), acts: z.array(z.object({ id: z.string(), act: z.string() })) }) })).parse(await database().$queryRaw`SELECT "kind", "input" FROM "Job"`);
    expect(row).toMatchObject({ kind: "cluster.build", input: { digest, acts: shown.items.map(({ id, act }) => ({ id, act })) } });
    expect(sayOf(await who.call(build.POST, { digest }, at("stage")), 409)).toContain(`${job} works on stage already`);
  });
});

describe("taking down", () => {
  it("is for administrators who type the name, and names what goes", async () => {
    const [admin, operator] = [(await signedIn("admin")).who, (await signedIn("operator")).who];
    const answer = teardownAnswer.parse((await operator.call(teardown.GET, undefined, at("stage"))).body);
    expect(answer.items.map(({ id }) => id)).toContain("vpc/main");
    const order = { digest: answer.digest, typed: "stage", volumes: "keep" };
    expect((await operator.call(teardown.POST, order, at("stage"))).status).toBe(403);
    expect(sayOf(await admin.call(teardown.POST, { ...order, typed: "prod" }, at("stage")), 400)).toContain("type its name");
    expect(sayOf(await admin.call(teardown.POST, { ...order, digest: "1".repeat(64) }, at("stage")), 409)).toContain("not what was shown");
    expect(sayOf(await admin.call(teardown.POST, order, at("stage")), 409)).toContain("works on stage already");
  });

  it("every act and every denial is in the record", async () => {
    const entries = await database().auditEntry.groupBy({ by: ["action", "outcome"], where: { action: { in: ["provisioning.save", "cluster.build", "cluster.teardown", "price.set"] } }, _count: true });
    const kept = new Set(entries.map(({ action, outcome }) => `${action} ${outcome}`));
    for (const entry of ["provisioning.save succeeded", "provisioning.save denied", "cluster.build succeeded", "cluster.build denied", "cluster.build failed", "cluster.teardown denied", "cluster.teardown failed", "price.set succeeded"]) expect([...kept]).toContain(entry);
  });
});
