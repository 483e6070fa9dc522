// Prices as people set them in place of the catalogue's.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { hoursPerMonth, priceTables, pricesOf, type PriceItem } from "@/lib/clusters/prices";
import { machineTypes } from "@/lib/clusters/machine-types";
import { database } from "@/lib/runtime";
import { storedOverrides } from "./stored";

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "name a region as AWS does");
const item = z.string().regex(/^(ec2\.[a-z][a-z0-9-]*\.[a-z0-9-]+|gp3-gib|ipv4|load-balancer|eks-control-plane)$/, "name a price such as ec2.t3.medium or gp3-gib");
const others: readonly PriceItem[] = ["gp3-gib", "ipv4", "load-balancer", "eks-control-plane"];

export const listPrices = feed({
  name: "prices.list",
  permission: "provisioning.read",
  input: z.object({ region }),
  run: async (_ctx, { region: of }) => {
    const overrides = await storedOverrides(of);
    const prices = pricesOf(of, overrides);
    const items = [...new Set<PriceItem>([...machineTypes.map(({ name }): PriceItem => `ec2.${name}`), ...others, ...Object.keys(overrides).map(toItem)])];
    return { region: of, asOf: prices.asOf, source: prices.source, regions: priceTables.map((table) => table.region), hoursPerMonth, prices: items.map((name) => ({ item: name, usd: prices.of(name), listed: pricesOf(of).of(name), own: prices.overridden.has(name) })) };
  },
});

/** Only names that the schema of setPrice let through are stored; that is why the cast holds. */
function toItem(name: string): PriceItem {
  return name as PriceItem;
}

export const setPrice = verb({
  name: "price.set",
  permission: "provisioning.edit",
  /** Null: the catalogue's again. */
  input: z.object({ region, item, usd: z.number().min(0).max(100_000).nullable() }),
  target: ({ region: of, item: name }) => ({ kind: "price", name: `${of} ${name}` }),
  run: async (ctx, { region: of, item: name, usd }) => {
    const where = { region_item: { region: of, item: name } };
    if (usd === null) await database().priceOverride.deleteMany({ where: { region: of, item: name } });
    else await database().priceOverride.upsert({ where, create: { region: of, item: name, usd, setBy: ctx.actor.name }, update: { usd, setBy: ctx.actor.name, setAt: new Date() } });
  },
});
