// `npm run bench -- parity`: ten thousand random pods, our verdict beside the real scheduler's.
import { describe, expect, it } from "vitest";
import type { Oracle } from "../wire/scheduler-parity-oracle";
import { families, oracleForFile, playParity, told } from "../wire/scheduler-parity-run";

const pods = 10_000;
const seed = Date.now() % 2_147_483_647;
let oracle: Oracle;
oracleForFile((started) => void (oracle = started));

function figure(name: string, value: number, aim: { unit: string; compare: "<=" | ">="; value: number }): string {
  const met = aim.compare === "<=" ? value <= aim.value : value >= aim.value;
  return `FIGURE ${name} ${value} ${aim.unit} (aim ${aim.compare} ${aim.value}, ${met ? "met" : "missed"})`;
}

describe("parity at length", () => {
  it("plays every pod and tells how often we and the scheduler differ", async () => {
    const tally = await playParity(oracle, { seed, pods });
    const percent = (count: number) => Math.round((1000 * count) / tally.pods) / 10;
    const lines = [
      told(tally, seed), ...tally.differences.slice(0, 20),
      figure("parity.pods", tally.pods, { unit: "pods", compare: ">=", value: pods }),
      figure("parity.differences", tally.differences.length, { unit: "pods", compare: "<=", value: 0 }),
      figure("parity.unschedulable", percent(tally.unschedulable), { unit: "%", compare: ">=", value: 30 }),
      ...families.map((family) => figure(`parity.family.${family}`, percent(tally.asked[family]), { unit: "%", compare: ">=", value: 10 })),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
    expect(tally.pods).toBeGreaterThanOrEqual(pods);
  }, 3_600_000);
});
