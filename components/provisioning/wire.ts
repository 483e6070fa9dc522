// What provisioning's routes answer, checked at the door of the browser.
import { z } from "zod";
import { resourceKinds } from "@/lib/provisioning/graph/model";
import { witnesses } from "@/lib/provisioning/certificates";
import { costKinds } from "@/lib/provisioning/cost";
import { blueprint, planActs } from "@/lib/provisioning/model";
import { presetNames } from "@/lib/provisioning/presets";

const tier = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const costLine = z.object({ kind: z.enum(costKinds), of: z.string(), tier: tier.nullable(), what: z.string(), monthlyUsd: z.number().nullable() });
export const cost = z.object({
  lines: z.array(costLine), totalUsd: z.number(), unpriced: z.array(z.string()), asOf: z.string(), source: z.string(), notes: z.array(z.string()),
  eks: z.object({ lines: z.array(costLine), totalUsd: z.number(), say: z.string(), triggers: z.array(z.object({ met: z.boolean().nullable(), say: z.string() })) }),
});
export type WireCost = z.infer<typeof cost>;

export const planItem = z.object({
  id: z.string(), kind: z.enum(resourceKinds), name: z.string(), act: z.enum(planActs), reason: z.string(), changes: z.array(z.object({ field: z.string(), was: z.unknown(), wanted: z.unknown() })),
  awsId: z.string().nullable(), needs: z.array(z.string()), machine: z.object({ name: z.string(), tier }).nullable(), fields: z.record(z.string(), z.unknown()),
});

const problem = z.object({ id: z.string(), say: z.string(), awsIds: z.array(z.string()) });
const check = z.object({ id: z.string(), title: z.string(), state: z.enum(["ok", "warn", "stop"]), say: z.string(), fix: z.string(), field: z.string(), machine: z.string() });
export type WireCheck = z.infer<typeof check>;

export const planAnswer = z.object({
  blueprint, revision: z.number(), plan: z.object({ cluster: z.string(), items: z.array(planItem), problems: z.array(problem) }),
  counts: z.record(z.enum(planActs), z.number()), cost, checks: z.array(check), offerings: z.array(z.object({ type: z.string(), zone: z.string() })), digest: z.string(), at: z.number(),
  longest: z.object({ ids: z.array(z.string()), ms: z.number() }), pins: z.object({ imageId: z.string(), imageName: z.string(), account: z.string() }),
});
export type PlanAnswer = z.infer<typeof planAnswer>;

export const presetsAnswer = z.object({
  consoleAddress: z.string().nullable(),
  machineTypes: z.array(z.object({ name: z.string(), cpuMillis: z.number(), memoryBytes: z.number(), eniPods: z.number(), monthlyUsd: z.number().nullable() })),
  presets: z.array(z.object({ name: z.enum(presetNames), title: z.string(), say: z.string(), cost: z.number(), blueprint: z.unknown() })),
});
export type PresetsAnswer = z.infer<typeof presetsAnswer>;

/** Where an add-on comes from; `sha256` with the day since which it is asked for, null while nothing was fetched yet. */
export const sourcesAnswer = z.object({ sources: z.array(z.object({ name: z.string(), version: z.string(), from: z.string(), via: z.enum(["manifest", "argo-cd"]), digest: z.object({ sha256: z.string(), since: z.number().nullable() }).nullable() })), mirror: z.string() });
export type SourceLine = z.infer<typeof sourcesAnswer>["sources"][number];

const fault = z.object({ field: z.string(), say: z.string(), line: z.number().nullable().optional() });
export type WireFault = z.infer<typeof fault>;

export const listAnswer = z.object({
  blueprints: z.array(z.object({
    name: z.string(), region: z.string(), kubernetesVersion: z.string(), revision: z.number(), updatedAt: z.number(), createdBy: z.string(), machines: z.number(), totalUsd: z.number(), unpriced: z.array(z.string()),
    tiers: z.array(z.number()), things: z.number(), job: z.object({ id: z.string(), kind: z.string(), status: z.string() }).nullable(),
  })),
});
export type BlueprintLine = z.infer<typeof listAnswer>["blueprints"][number];

export const blueprintAnswer = z.object({
  blueprint, revision: z.number(), createdBy: z.string(), createdAt: z.number(), updatedAt: z.number(), built: z.boolean(), cost,
  revisions: z.array(z.object({ revision: z.number(), savedBy: z.string(), savedAt: z.number() })),
});

export const savedAnswer = z.object({ revision: z.number() });
export const jobStarted = z.object({ job: z.string() });

/** A build that was not started, because the world is not the one that was agreed to. */
export const refusedBuild = z.object({ job: z.string().nullable(), changed: z.array(z.object({ id: z.string(), was: z.string(), now: z.string() })), digest: z.string() });
export type RefusedBuild = z.infer<typeof refusedBuild>;

export const swept = z.object({ kind: z.string(), awsId: z.string(), name: z.string(), claim: z.string(), sizeGib: z.number() });
export const teardownAnswer = z.object({ digest: z.string(), items: z.array(planItem), swept: z.array(swept), data: z.array(z.string()), problems: z.array(problem), blockers: z.array(z.object({ id: z.string(), what: z.string() })), gibMonthlyUsd: z.number().nullable(), answers: z.boolean() });
export type TeardownAnswer = z.infer<typeof teardownAnswer>;

/** What one change of a living cluster would do. */
export const changeAnswer = z.object({
  title: z.string(), comes: z.array(z.string()), goes: z.array(z.string()), revision: z.number(), items: z.array(planItem), drift: z.number(), checks: z.array(check), cost: z.object({ beforeUsd: z.number(), afterUsd: z.number() }), digest: z.string(),
});
export type ChangeAnswer = z.infer<typeof changeAnswer>;

export const certificatesAnswer = z.object({ at: z.number(), certificates: z.array(z.object({ name: z.string(), machine: z.string(), until: z.number(), renewable: z.boolean(), known: z.enum(witnesses) })) });
export type CertificatesAnswer = z.infer<typeof certificatesAnswer>;
export const kubeconfigAnswer = z.object({ kubeconfig: z.string(), until: z.number() });
