// `npm run bench -- deployments-status`, part rollouts: two hundred against the real controllers, each recorded once and as it ended.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { connect } from "@/lib/adapters/database/client";
import { startTestServer } from "../fixtures/database";
import { consolesOver, type Consoles } from "../fixtures/deployments/consoles";
import { hoard } from "../fixtures/deployments/hoard";
import { rollMany } from "../fixtures/deployments/many-rollouts";
import { openDeploymentStage, type DeploymentStage } from "../fixtures/deployments/stage";
import { until } from "../fixtures/jobs/until";
import { createFigures } from "./figures";

const figures = createFigures();

async function inWorld(work: (tools: { stage: DeploymentStage; consoles: Consoles; world: World }) => Promise<void>): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-rollouts-"));
  const [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "empty", pace: "fast", prometheus: false, traffic: false, aws: false }), startTestServer()]);
  const db = connect(await server.fresh());
  const consoles = consolesOver({ world, db, patienceMs: 240_000 });
  const stage = await openDeploymentStage(world.kubeconfigPath, { server: world.apiServerDirectUrl });
  try {
    await work({ stage, consoles, world });
  } finally {
    await consoles.stopAll();
    stage.api.close();
    await db.$disconnect();
    await Promise.all([world.stop(), server.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}

it("two hundred rollouts of four kinds are each recorded once, over restarts and cut connections", () => inWorld(async ({ stage, consoles, world }) => {
  const begun = performance.now();
  const rollouts = await rollMany({ stage, consoles, world, workloads: 50, prefix: "many", atOnce: 10 });
  figures.tell("deployments-status.rollouts.recorded", rollouts, "rollouts", { op: ">=", value: 200 });
  figures.tell("deployments-status.rollouts.took", (performance.now() - begun) / 1000, "s");
  expect(rollouts).toBe(200);
}), 1_200_000);

it("a workload with ten thousand revisions is taken up by its newest, and a rollout beside it is recorded meanwhile", () => inWorld(async ({ stage, consoles }) => {
  await hoard(stage, "hoarder", 10_000);
  const begun = performance.now();
  consoles.start();
  await stage.make("Deployment", "beside", { tag: "1.0.0" });
  await consoles.recorded("beside", 1, "succeeded");
  figures.tell("deployments-status.ten-thousand-revisions.beside", (performance.now() - begun) / 1000, "s");
  await until("a hundred records of it", async () => ((await consoles.recordsOf("hoarder")).length >= 100 ? true : null), 240_000);
  figures.tell("deployments-status.ten-thousand-revisions.taken-up", (performance.now() - begun) / 1000, "s");
}), 1_200_000);
