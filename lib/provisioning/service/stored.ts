// Blueprints, plans and prices as they are stored.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { pricesOf, type Prices } from "@/lib/clusters/prices";
import { database } from "@/lib/runtime";
import { checkBlueprint } from "../blueprint";
import type { Blueprint } from "../model";

export interface StoredBlueprint { blueprint: Blueprint; revision: number; createdBy: string; createdAt: number; updatedAt: number }

export const unknownBlueprint = (slug: string): AppError => new AppError("not-found", `There is no blueprint ${slug}. It may have been deleted; look at the list of blueprints.`);

interface Row { slug: string; document: unknown; revision: number; createdBy: string; createdAt: Date; updatedAt: Date }

/** Null for one that no longer fits the schema, which the log tells. */
function toStored(row: Row): StoredBlueprint | null {
  const checked = checkBlueprint(row.document);
  if (!checked.ok) {
    log.error({ blueprint: row.slug, faults: checked.faults }, "a stored blueprint does not fit the rules; it is left out");
    return null;
  }
  return { blueprint: checked.blueprint, revision: row.revision, createdBy: row.createdBy, createdAt: row.createdAt.getTime(), updatedAt: row.updatedAt.getTime() };
}

export async function allBlueprints(): Promise<StoredBlueprint[]> {
  return (await database().blueprint.findMany({ orderBy: { updatedAt: "desc" } })).flatMap((row) => toStored(row) ?? []);
}

export async function findBlueprint(slug: string): Promise<StoredBlueprint | null> {
  const row = await database().blueprint.findUnique({ where: { slug } });
  return row && toStored(row);
}

export async function loadBlueprint(slug: string): Promise<StoredBlueprint> {
  const found = await findBlueprint(slug);
  if (!found) throw unknownBlueprint(slug);
  return found;
}

/** A new revision; `over` is the revision that was edited, 0 for a new blueprint. */
export async function storeBlueprint(blueprint: Blueprint, { by, over }: { by: string; over: number }): Promise<number> {
  const { name: slug } = blueprint;
  const revision = over + 1;
  await database().$transaction(async (tx) => {
    const taken = () => new AppError("conflict", over === 0 ? `There is already a blueprint ${slug}. Choose another name, or edit that one.` : `Somebody else has changed ${slug} in the meantime. Load it again; your changes are still in this page.`);
    if (over === 0) {
      const { count } = await tx.blueprint.createMany({ data: [{ slug, document: blueprint, revision, createdBy: by }], skipDuplicates: true });
      if (count === 0) throw taken();
    } else {
      const { count } = await tx.blueprint.updateMany({ where: { slug, revision: over }, data: { document: blueprint, revision } });
      if (count === 0) throw taken();
    }
    await tx.blueprintRevision.create({ data: { slug, revision, document: blueprint, savedBy: by } });
  });
  return revision;
}

export async function storedOverrides(region: string): Promise<Record<string, number>> {
  const rows = await database().priceOverride.findMany({ where: { region } });
  return Object.fromEntries(rows.map(({ item, usd }) => [item, usd.toNumber()]));
}

export const storedPrices = async (region: string): Promise<Prices> => pricesOf(region, await storedOverrides(region));

const keptDays = 7;
export const planPurpose = z.enum(["build", "teardown"]);

/** Kept so that whoever agrees to a plan agrees to exactly it; older ones go. */
export async function storePlan({ digest, cluster, purpose, document, by }: { digest: string; cluster: string; purpose: z.infer<typeof planPurpose>; document: object; by: string }): Promise<void> {
  const plain: object = JSON.parse(JSON.stringify(document));
  await database().clusterPlan.deleteMany({ where: { cluster, createdAt: { lt: new Date(Date.now() - keptDays * 86_400_000) } } });
  await database().clusterPlan.createMany({ data: [{ digest, cluster, purpose, document: plain, createdBy: by }], skipDuplicates: true });
}

export async function findPlan(digest: string): Promise<{ cluster: string; purpose: string; document: unknown } | null> {
  return database().clusterPlan.findUnique({ where: { digest }, select: { cluster: true, purpose: true, document: true } });
}
