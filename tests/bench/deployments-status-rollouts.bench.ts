// `npm run bench -- deployments-status`, part rollouts: two hundred against the real controllers, each recorded once and as it ended.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { startWorld } from "@/infra/sandbox/world";
import { connect } from "@/lib/adapters/database/client";
import { startTestServer } from "../fixtures/database";
import { consolesOver } from "../fixtures/deployments/consoles";
import { rollMany } from "../fixtures/deployments/many-rollouts";
import { openDeploymentStage } from "../fixtures/deployments/stage";
import { createFigures } from "./figures";

const figures = createFigures();

it("two hundred rollouts of four kinds are each recorded once, over restarts and cut connections", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-rollouts-"));
  const [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "empty", pace: "fast", prometheus: false, traffic: false, aws: false }), startTestServer()]);
  const db = connect(await server.fresh());
  const consoles = consolesOver({ world, db, patienceMs: 240_000 });
  const stage = await openDeploymentStage(world.kubeconfigPath, { server: world.apiServerDirectUrl });
  try {
    const begun = performance.now();
    const rollouts = await rollMany({ stage, consoles, world, workloads: 50, prefix: "many", atOnce: 10 });
    figures.tell("rollouts recorded once and as they ended", rollouts, "rollouts", { op: ">=", value: 200 });
    figures.tell("time for them", (performance.now() - begun) / 1000, "s");
    expect(rollouts).toBe(200);
  } finally {
    await consoles.stopAll();
    stage.api.close();
    await db.$disconnect();
    await Promise.all([world.stop(), server.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}, 1_200_000);
