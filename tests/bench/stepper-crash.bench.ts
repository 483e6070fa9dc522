// A stepped canary whose worker is killed before and after every single change of the cluster: promoted or rolled back once, and nothing left of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { connect } from "@/lib/adapters/database/client";
import { stepperKindOver } from "@/lib/canary/steps/stepper";
import { jobDatabaseOver } from "@/lib/jobs/database";
import { enqueue } from "@/lib/jobs/store";
import { startTestServer, type TestServer } from "../fixtures/database";
import { outlive } from "../fixtures/jobs/outlive";
import { newImage, oldImage, openShop, tell, toldAnalyst } from "../fixtures/jobs/stepped";
import { plainApi, type PlainApi } from "../wire/kubernetes-api";
import { createFigures } from "./figures";

const figures = createFigures();
let home: string;
let world: World;
let server: TestServer;
let api: PlainApi;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-stepper-crash-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "without-rollouts", workloads: false, traffic: false, prometheus: false, aws: false, pace: "fast" }), startTestServer()]);
  api = plainApi(world.kubeconfigPath);
}, 240_000);
afterAll(async () => {
  api?.close();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

describe("a stepped canary whose worker dies at every change", () => {
  it.each([
    { name: "promoted", alb: false, then: { word: "pass" }, ends: "SUCCEEDED", least: 16 },
    { name: "rolled-back", alb: true, then: { word: "fail", sentence: "Worse." }, ends: "FAILED", least: 18 },
    { name: "promoted-balanced", alb: true, then: { word: "pass" }, ends: "SUCCEEDED", least: 20 },
  ] as const)("is $name once", async ({ name, alb, then, ends, least }) => {
    const shop = await openShop(api, name, { alb });
    const [ingress, service] = alb ? [await shop.ingress(), await shop.service()] : [null, null];
    const url = await server.fresh();
    const client = connect(url);
    const db = jobDatabaseOver(client, url);
    const verdict = path.join(home, "verdict.json");
    tell(verdict, {});
    const kind = stepperKindOver({ open: () => null, analyst: toldAnalyst(verdict) });
    const input = { cluster: "sesac-plain", namespace: name, workload: "shop", container: "main", image: newImage, startedBy: "a bench", steps: [{ weight: 20, holdSeconds: 0 }, { weight: 50, holdSeconds: 0 }] };
    const start = async () => (await enqueue(db, { kind: kind.kind, prepared: kind.prepare(input), startedBy: "a bench", exclusive: true })).id;
    const begun = performance.now();
    const { job, deaths } = await outlive({ db, url, kubeconfig: world.kubeconfigPath, home, verdict, name, deadly: /./, start, onTheWay: () => tell(verdict, then) });
    await client.$disconnect();
    expect(job.status).toBe(ends);
    expect(await shop.shape()).toEqual({ shop: `4 ${ends === "SUCCEEDED" ? newImage : oldImage}` });
    expect(await shop.marked()).toBe(false);
    if (alb) expect([await shop.ingress(), await shop.service()]).toEqual([ingress, service]);
    figures.tell(`stepper.${name}.deaths-survived`, new Set(deaths).size, "deaths", { op: ">=", value: least });
    figures.tell(`stepper.${name}.time`, (performance.now() - begun) / 1000, "s");
  }, 400_000);
});
