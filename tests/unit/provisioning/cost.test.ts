// Costs add up line by line, say what has no price, and stand beside EKS honestly.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pricesOf, priceTables } from "@/lib/clusters/prices";
import { costByTier, costOf, sumUsd } from "@/lib/provisioning/cost";
import { anyBlueprint, four, seven } from "./made";

const seoul = pricesOf("ap-northeast-2");
const usd = (value: number): number => Math.round(value * 100) / 100;

describe("cost", () => {
  it("of the four-node preset is the reference system's own figure for its machines and disks", () => {
    const cost = costOf(four, seoul);
    const of = (kind: string) => usd(sumUsd(cost.lines.filter((line) => line.kind === kind)));
    expect({ compute: of("compute"), disk: of("disk"), ipv4: of("ipv4") }).toEqual({ compute: 180, disk: 20, ipv4: 14.6 });
    expect(cost.asOf).toBe("2025-11");
    expect(cost.unpriced).toEqual([]);
  });

  it("is the sum of its lines, its tiers and its machines, for any blueprint and any table", () => {
    fc.assert(fc.property(anyBlueprint, fc.constantFrom(...priceTables), (blueprint, { region }) => {
      const cost = costOf(blueprint, pricesOf(region));
      expect(cost.totalUsd).toBeCloseTo(sumUsd(cost.lines), 8);
      expect(costByTier(cost.lines).reduce((sum, row) => sum + row.sum, 0)).toBeCloseTo(cost.totalUsd, 8);
      for (const row of costByTier(cost.lines)) expect(row.compute + row.disk + row.ipv4 + row.other).toBeCloseTo(row.sum, 8);
    }), { numRuns: 50 });
  });

  it("says what has no price instead of taking it for nothing", () => {
    const cost = costOf({ ...seven, tiers: seven.tiers.map((tier) => ({ ...tier, pools: tier.pools.map((pool) => ({ ...pool, instanceType: pool.role === "worker" ? "m6i.large" : pool.instanceType })) })) }, seoul);
    expect(cost.unpriced).toEqual(["m6i.large"]);
    expect(costOf(four, pricesOf("eu-west-1")).unpriced).toContain("t3.large");
  });

  it("takes somebody's own price before the table's", () => {
    expect(usd(costOf(four, pricesOf("ap-northeast-2", { "ec2.t3.medium": 0.1 })).totalUsd - costOf(four, seoul).totalUsd)).toBe(usd(2 * 73 - 60));
  });

  it("shows the load balancer once there is a domain, and says so before", () => {
    expect(costOf(seven, seoul).notes.join()).toContain("The first Ingress makes a load balancer, $16.00 a month");
    expect(costOf({ ...seven, ingress: { domain: "example.org", certificateArn: "" } }, seoul).lines.filter(({ kind }) => kind === "load-balancer")).toHaveLength(1);
  });
});

describe("the same on EKS", () => {
  it("leaves out the control plane's machine and adds the fee", () => {
    const { lines, eks, totalUsd } = costOf(seven, seoul);
    const master = sumUsd(lines.filter(({ of }) => of === "k8s-master"));
    expect(eks.lines.some(({ of }) => of === "k8s-master")).toBe(false);
    expect(usd(eks.totalUsd)).toBe(usd(totalUsd - master + 73));
    expect(eks.say).toContain("less k8s-master");
  });

  it("keeps that machine where monitoring has no other", () => {
    const { eks, totalUsd } = costOf(four, seoul);
    expect(usd(eks.totalUsd - totalUsd)).toBe(73);
    expect(eks.say).toContain("its machine stays");
  });

  it("wins by number at twenty nodes", () => {
    const many = { ...four, tiers: four.tiers.map((tier) => ({ ...tier, pools: tier.pools.map((pool) => (tier.tier === 2 ? { ...pool, count: 17 } : pool)) })) };
    expect(costOf(many, seoul).eks.triggers.find(({ say }) => say.startsWith("20 nodes"))?.met).toBe(true);
    expect(costOf(four, seoul).eks.triggers.find(({ say }) => say.startsWith("20 nodes"))?.met).toBe(false);
  });
});
