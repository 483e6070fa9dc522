// Blueprints as people keep them: the list, presets, one, checking a draft, saving a revision, deleting.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { clusterSlug } from "@/lib/clusters/model";
import { machineTypes } from "@/lib/clusters/machine-types";
import { jobDatabase } from "@/lib/jobs/database";
import { listJobs } from "@/lib/jobs/queries";
import { database } from "@/lib/runtime";
import { checkBlueprint } from "../blueprint";
import { costOf, type Cost } from "../cost";
import { machinesOf } from "../machines";
import { presetBlueprint, presets } from "../presets";
import { readYaml } from "../yaml";
import { consoleAddress } from "./account";
import { allBlueprints, loadBlueprint, storeBlueprint, storedPrices, unknownBlueprint } from "./stored";
import { livingEntries } from "./world";

const named = z.object({ cluster: clusterSlug });
const target = ({ cluster }: { cluster: string }) => ({ kind: "blueprint", name: cluster, cluster });

export const listBlueprints = feed({
  name: "provisioning.list",
  permission: "provisioning.read",
  input: z.object({}),
  run: async () => {
    const [stored, living, open] = await Promise.all([
      allBlueprints(), database().ledgerEntry.groupBy({ by: ["cluster"], where: { state: { in: ["CREATED", "READY", "DRIFTED", "DELETING"] } }, _count: { _all: true } }), listJobs(jobDatabase(), { statuses: ["QUEUED", "RUNNING", "RETRY_WAIT", "NEEDS_ATTENTION", "CANCELLING"], limit: 500 }),
    ]);
    const things = new Map(living.map(({ cluster, _count }) => [cluster, _count._all]));
    const blueprints = await Promise.all(stored.map(async ({ blueprint, revision, updatedAt, createdBy }) => {
      const machines = machinesOf(blueprint);
      const { totalUsd, unpriced } = costOf(blueprint, await storedPrices(blueprint.region));
      const job = open.find(({ cluster, kind }) => cluster === blueprint.name && kind.startsWith("cluster."));
      return {
        name: blueprint.name, region: blueprint.region, kubernetesVersion: blueprint.kubernetesVersion, revision, updatedAt, createdBy, machines: machines.length, totalUsd, unpriced,
        tiers: [1, 2, 3, 4].map((tier) => machines.filter((machine) => machine.tier === tier).length), things: things.get(blueprint.name) ?? 0, job: job ? { id: job.id, kind: job.kind, status: job.status } : null,
      };
    }));
    return { blueprints };
  },
});

export const listPresets = feed({
  name: "provisioning.presets",
  permission: "provisioning.read",
  input: z.object({}),
  run: async () => ({ consoleAddress: consoleAddress(), machineTypes, presets: await Promise.all(presets.map(async (preset) => {
    const blueprint = presetBlueprint(preset.name, { name: "cluster", adminCidr: ownRange() });
    return { ...preset, blueprint, cost: costOf(blueprint, await storedPrices(blueprint.region)).totalUsd };
  })) }),
});

const ownRange = (): string => { const address = consoleAddress(); return address === null ? "" : `${address}/32`; };

export const getBlueprint = feed({
  name: "provisioning.get",
  permission: "provisioning.read",
  input: named,
  run: async (_ctx, { cluster }) => {
    const [stored, revisions, ledger] = await Promise.all([loadBlueprint(cluster), database().blueprintRevision.findMany({ where: { slug: cluster }, orderBy: { revision: "desc" }, take: 50, select: { revision: true, savedBy: true, savedAt: true } }), livingEntries(cluster)]);
    return { ...stored, built: ledger.length > 0, cost: costOf(stored.blueprint, await storedPrices(stored.blueprint.region)), revisions: revisions.map(({ revision, savedBy, savedAt }) => ({ revision, savedBy, savedAt: savedAt.getTime() })) };
  },
});

const maxTextBytes = 200_000;

/** A draft, as a value or as YAML: what is wrong with it, or what it would cost. */
export const checkDraft = feed({
  name: "provisioning.check",
  permission: "provisioning.read",
  input: z.union([z.object({ blueprint: z.unknown() }).required(), z.object({ yaml: z.string().max(maxTextBytes) })]),
  run: async (_ctx, draft): Promise<{ ok: boolean; faults: readonly { field: string; say: string; line?: number | null }[]; blueprint: unknown; cost: Cost | null }> => {
    const checked = "yaml" in draft ? readYaml(draft.yaml) : checkBlueprint(draft.blueprint);
    if (!checked.ok) return { ok: false, faults: checked.faults, blueprint: null, cost: null };
    return { ok: true, faults: [], blueprint: checked.blueprint, cost: costOf(checked.blueprint, await storedPrices(checked.blueprint.region)) };
  },
});

export const saveBlueprint = verb({
  name: "provisioning.save",
  permission: "provisioning.edit",
  input: named.extend({ blueprint: z.unknown(), over: z.int().min(0) }),
  target,
  run: async (ctx, { cluster, blueprint: raw, over }) => {
    const checked = checkBlueprint(raw);
    if (!checked.ok) throw new AppError("invalid", `The blueprint does not fit: ${checked.faults.slice(0, 5).map(({ field, say }) => (field === "" ? say : `${field}: ${say}`)).join("; ")}.`);
    if (checked.blueprint.name !== cluster) throw new AppError("invalid", `The blueprint is named ${checked.blueprint.name} and was to be saved as ${cluster}. Give both one name.`);
    return { revision: await storeBlueprint(checked.blueprint, { by: ctx.actor.name, over }) };
  },
});

export const deleteBlueprint = verb({
  name: "provisioning.delete",
  permission: "provisioning.edit",
  input: named,
  target,
  run: async (_ctx, { cluster }) => {
    const living = await livingEntries(cluster);
    if (living.length > 0) throw new AppError("conflict", `${living.length} ${living.length === 1 ? "thing" : "things"} on AWS belong to ${cluster}. Tear the cluster down first; the blueprint is what knows how.`);
    const { count } = await database().blueprint.deleteMany({ where: { slug: cluster } });
    if (count === 0) throw unknownBlueprint(cluster);
  },
});

