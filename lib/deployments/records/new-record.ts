// A record as it is first written: what changed, when it began, who did it, as far as the cluster tells.
import "server-only";
import type { Tier } from "@/lib/placement/model";
import { maskSecrets } from "@/lib/placement/mask";
import type { Prisma } from "@/prisma/generated/client";
import type { Difference, Image } from "../model";
import { claimsOf, surest, type Claim, type ObjectClaims } from "../rules/actor";
import { syncBehind } from "../rules/application";
import { changeOf, environmentOf, type ChangeTold } from "../rules/change-kind";
import { commitInTag, keysOf, mainImage, parseImage, versionOf } from "../rules/images";
import { containersOf, differences, plainTemplate } from "../rules/template";
import { coreOf, type Identified } from "./digest";
import { isReused, type LiveRevision, type Workload } from "./live-revisions";
import { asJson, type Former, type NewRecord } from "./store";

export interface Seen {
  clusterUid: string;
  workload: Workload;
  tier: Tier | null;
  namespaceLabels: Readonly<Record<string, string>>;
  /** The workload whole, as read after its newest revision was seen. */
  rawWorkload: unknown;
  revisions: readonly LiveRevision[];
  one: LiveRevision;
  rawRevision: unknown;
  identified: Identified;
  before: Former | null;
  /** The revision before, where the cluster still has it; else its template as it is kept, masked. */
  rawBefore: unknown;
  templateBefore: unknown;
  same: readonly Former[];
  /** The Application that keeps it, whole; null where there is none or it cannot be read. */
  rawApplication: unknown;
  now: number;
  /** Whether the console was looking when it came. */
  isWatched: boolean;
}

const maxKept = 60;

export function newRecord(seen: Seen): NewRecord {
  const { workload, one, before, identified, now } = seen;
  const isNewest = one === seen.revisions.at(-1);
  const images = imagesOf(identified.template);
  const told = kindOf(seen, images);
  const claims = claimsOf({ workload: seen.rawWorkload, template: seen.rawRevision, templateBefore: seen.templateBefore, before: seen.rawBefore, isNewest });
  // Somebody else may have written it while Argo CD was at work.
  const wroteIt = isNewest && claims.claims.some(({ source, name }) => source === "gitops" && name === "argocd");
  const sync = wroteIt ? syncBehind(seen.rawApplication, claims.writtenAt ?? one.createdAt) : null;
  const asked: Claim[] = sync?.by ? [{ source: "gitops", kind: "user", name: sync.by, detail: `asked Argo CD to sync ${claims.application ?? ""}`, note: "" }] : [];
  const known = [...asked, ...claims.claims];
  const commit = claims.commit ?? sync?.commit ?? commitInTag(mainImage(images, workload.name)?.tag ?? "");
  const who = surest(known);
  return {
    clusterUid: seen.clusterUid, workloadUid: workload.uid, kind: workload.kind, namespace: workload.namespace, name: workload.name, tier: seen.tier,
    environment: environmentOf({ namespace: workload.namespace, labels: { ...seen.namespaceLabels, ...workload.labels } }),
    revision: one.revision, revisionName: one.name, generation: BigInt(isNewest ? generationOf(seen.rawWorkload) : 0), templateDigest: identified.digest,
    change: told.change, isFirst: before === null && one.revision === 1, fromRevision: before?.revision ?? null, returnsTo: told.returnsTo,
    fromVersion: before?.version ?? "", version: labelOf(images, workload.name),
    images: asJson(images), differences: asJson(differencesOf(seen)),
    keys: keysOf({ images, commit }), commit, application: claims.application, chart: claims.chart,
    claims: asJson(known),
    actor: who?.name ?? null, actorKind: who?.kind ?? "unknown", actorSource: who?.source ?? "unknown", note: who?.note ?? "",
    source: seen.isWatched ? "watch" : "backfill", ...beginningOf(seen, claims, isNewest), lastSeenAt: new Date(now),
    ...(isNewest ? { outcome: "running", say: "" } : seen.isWatched ? { outcome: "superseded", say: "The next revision came at once." } : { outcome: "unknown", say: "It was over before the console looked." }),
    replicas: workload.replicas ?? 0, isUnplanned: claims.isUnplanned || told.change === "rollback",
    releaseGroup: commit ?? claims.application,
  };
}

function imagesOf(template: Identified["template"]): Image[] {
  return containersOf(template).map(({ name, image }) => parseImage(name, image));
}

function labelOf(images: readonly Image[], workload: string): string {
  const main = mainImage(images, workload);
  return main ? versionOf(main) : "";
}

function kindOf({ identified, before, same, one }: Seen, images: readonly Image[]): ChangeTold {
  const earlier = same.map(({ revision, templateDigest, outcome }) => ({ revision, outcome, digest: templateDigest, core: coreOf(templateDigest) }));
  return changeOf({
    after: identified, imagesAfter: images.map(({ image }) => image), earlier, earlierNumbers: one.earlier,
    before: before ? { revision: before.revision, outcome: before.outcome, digest: before.templateDigest, core: coreOf(before.templateDigest), images: imageNames(before.images) } : null,
  });
}

function imageNames(stored: Prisma.JsonValue): string[] {
  return (Array.isArray(stored) ? stored : []).flatMap((one) => (typeof one === "object" && one !== null && !Array.isArray(one) && typeof one["image"] === "string" ? [one["image"]] : []));
}

function differencesOf({ before, templateBefore, identified }: Seen): Difference[] {
  if (!before || templateBefore === null || templateBefore === undefined) return [];
  const found = differences(maskSecrets(plainTemplate(templateBefore)), maskSecrets(identified.template)).slice(0, maxKept);
  if (found.length === 0 && before.templateDigest !== identified.digest) return [{ path: "a masked value", before: "••••••", after: "••••••" }];
  return found;
}

export function generationOf(raw: unknown): number {
  const metadata = typeof raw === "object" && raw !== null && "metadata" in raw ? raw.metadata : null;
  const generation = typeof metadata === "object" && metadata !== null && "generation" in metadata ? metadata.generation : 0;
  return typeof generation === "number" ? generation : 0;
}

/** A new ReplicaSet or ControllerRevision tells when it was made. One that was gone back to is old: then the API server's books tell when the template was written, else our own clock. */
function beginningOf(seen: Seen, { writtenAt }: ObjectClaims, isNewest: boolean): Pick<NewRecord, "startedAt" | "startedFrom"> {
  const { revisions, one, now, isWatched } = seen;
  if (!isReused(revisions, one)) return { startedAt: new Date(one.createdAt), startedFrom: "cluster" };
  const earliest = Math.max(0, ...revisions.filter(({ revision }) => revision < one.revision).map(({ createdAt }) => createdAt));
  if (isNewest && writtenAt !== null && writtenAt >= earliest && writtenAt <= now + 5_000) return { startedAt: new Date(writtenAt), startedFrom: "cluster" };
  if (isNewest && isWatched) return { startedAt: new Date(now), startedFrom: "watched" };
  return { startedAt: new Date(Math.max(earliest, one.createdAt)), startedFrom: "unknown" };
}
