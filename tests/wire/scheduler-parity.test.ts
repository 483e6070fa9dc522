// Explain held against the real scheduler: the same verdict on random pods of random clusters, in counts and in places.
import { describe, expect, it } from "vitest";
import type { Oracle } from "./scheduler-parity-oracle";
import { families, oracleForFile, playParity, told } from "./scheduler-parity-run";

const pods = Number(process.env.PARITY_PODS ?? 1000);
const seed = Number(process.env.PARITY_SEED ?? Date.now() % 2_147_483_647);
let oracle: Oracle;
oracleForFile((started) => void (oracle = started));

describe("parity with the real scheduler", () => {
  it("an unschedulable pod has the scheduler's own counts, a placed one stands where explain accepts it", async () => {
    const tally = await playParity(oracle, { seed, pods });
    process.stdout.write(`${told(tally, seed)}\n`);
    expect(tally.differences, `seed ${seed}`).toEqual([]);
    expect(tally.pods).toBeGreaterThanOrEqual(pods);
    expect(tally.unschedulable / tally.pods).toBeGreaterThanOrEqual(0.3);
    for (const family of families) expect(tally.asked[family] / tally.pods, `${family} asked`).toBeGreaterThanOrEqual(0.1);
  });
});
