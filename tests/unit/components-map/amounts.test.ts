// Figures on the map: short, in one unit with their whole, and honest about what cannot be read.
import { describe, expect, it } from "vitest";
import { ageText, countRatio, cpuRatio, memoryRatio, memoryText, share, shortZone } from "@/components/placement/map/amounts";

const gi = 2 ** 30;

describe("figures", () => {
  it.each([
    [cpuRatio(930, 2000), "930/2000m"], [cpuRatio(15_400, 31_800), "15.4/31.8"], [cpuRatio(1_490_000, 3_120_000), "1.5k/3.1k"], [cpuRatio(100, Number.NaN), "100/?"], [cpuRatio(-5, 2000), "?/2000m"],
    [memoryRatio(0.1 * gi, 7.5 * gi), "0.1/7.5 Gi"], [memoryRatio(6 * 1024 * gi, 12 * 1024 * gi), "6.0/12.0 Ti"], [memoryRatio(gi, Number.NaN), "1.0/?"],
    [countRatio(16, 220), "16/220"], [countRatio(11_000, 43_000), "11.0k/43.0k"],
  ])("%o reads %s", ({ part, whole }, text) => expect(`${part}/${whole}`).toBe(text));

  it("has no share where one side cannot be read", () => {
    expect(share(1, 2)).toBe(0.5);
    expect(share(1, 0)).toBeNaN();
    expect(share(Number.NaN, 2)).toBeNaN();
  });

  it("writes small memory in Mi, ages in the two units that matter, zones without their region", () => {
    expect([memoryText(0), memoryText(64 * 2 ** 20), memoryText(2 * gi), memoryText(Number.NaN)]).toEqual(["0", "64 Mi", "2.0 Gi", "?"]);
    expect([ageText(848_000, true), ageText(848_000), ageText(5_000), ageText(26 * 3_600_000, true), ageText(-1)]).toEqual(["14 m 08 s", "14 m", "5 s", "26 h 00 m", "0 s"]);
    expect([shortZone("ap-northeast-2a"), shortZone("rack 7"), shortZone("")]).toEqual(["2a", "rack 7", ""]);
  });
});
