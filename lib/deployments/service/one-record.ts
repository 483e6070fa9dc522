// One deployment whole, one workload whole: what stood before and after, the pods and events of the moment, builds and commits, revisions.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import type { Database } from "@/lib/adapters/database/client";
import { AppError } from "@/lib/base/errors";
import { connectionFor, findConnection } from "@/lib/clusters/connections";
import { maskSecrets } from "@/lib/placement/mask";
import { database } from "@/lib/runtime";
import { clusterInput, isUnderWay, workloadInput, type DeploymentRecord } from "../model";
import { identify } from "../records/digest";
import { eventsThen, podsThen } from "../records/endings";
import { freezeOf } from "../records/freezes";
import { liveRevisions } from "../records/live-revisions";
import { ownershipOf } from "../records/ownership";
import { findRecord, listRecords } from "../records/query";
import { readWorkload, templateOf } from "../records/read-revision";
import { claimsShown } from "../records/link";
import { containersOf } from "../rules/template";

const oneInput = clusterInput.extend({ id: z.string().regex(/^\d{1,19}$/, "is to be a record's number") });

export const recordDetails = feed({
  name: "deployment.get",
  permission: "cluster.read",
  input: oneInput,
  run: async (_ctx, { cluster, id }) => {
    const db = database();
    const record = await findRecord(db, cluster, id);
    const [facts, moment, builds] = await Promise.all([factsOf(db, record), momentOf(db, cluster, record), buildsOf(db, id)]);
    return { record, ...facts, ...moment, builds, now: Date.now() };
  },
});

async function factsOf(db: Database, { id, workloadUid, fromRevision }: DeploymentRecord) {
  const row = await db.deploymentRecord.findUniqueOrThrow({ where: { id: BigInt(id) }, select: { templateDigest: true, claims: true } });
  const before = fromRevision === null ? null : await db.deploymentRecord.findUnique({ where: { workloadUid_revision: { workloadUid, revision: fromRevision } }, select: { id: true, templateDigest: true } });
  const template = async (digest: string | undefined) => (digest ? ((await db.podTemplate.findUnique({ where: { digest } }))?.template ?? null) : null);
  const acts = await db.deploymentAct.findMany({ where: { recordId: BigInt(id) }, orderBy: { id: "asc" }, take: 50 });
  return {
    before: await template(before?.templateDigest), after: await template(row.templateDigest), beforeId: before ? String(before.id) : null, claims: claimsShown(row.claims),
    acts: acts.map(({ at, action, actorName, note }) => ({ at: at.getTime(), action, actorName, note })),
  };
}

/** Of now while it is under way, else of the moment in which it ended. */
async function momentOf(db: Database, cluster: string, record: DeploymentRecord) {
  const handle = findConnection(cluster)?.handle;
  const object = handle?.store(record.kind).get(`${record.namespace}/${record.name}`);
  if (handle && object?.uid === record.workloadUid && isUnderWay(record.outcome)) return { momentAt: null, pods: podsThen(handle, { ...object, kind: record.kind }, record.revisionName), events: eventsThen(handle, { ...object, kind: record.kind }) };
  const kept = await db.deploymentEvidence.findUnique({ where: { recordId: BigInt(record.id) } });
  return { momentAt: kept?.at.getTime() ?? null, pods: kept?.pods ?? [], events: kept?.events ?? [] };
}

async function buildsOf(db: Database, id: string) {
  const links = await db.ciLink.findMany({ where: { recordId: BigInt(id) }, take: 20 });
  const events = await db.ciEvent.findMany({ where: { id: { in: links.map(({ eventId }) => eventId) } }, orderBy: { saidAt: "desc" } });
  return events.map(({ source, kind, repository, commit, ref, state, label, url, actor, startedAt, finishedAt, id: eventId }) => ({
    id: String(eventId), source, kind, repository, commit, ref, state, label, url, actor, startedAt: startedAt?.getTime() ?? null, finishedAt: finishedAt?.getTime() ?? null, by: links.find((link) => link.eventId === eventId)?.by ?? "",
  }));
}

export const workloadDetails = feed({
  name: "deployment.workload",
  permission: "cluster.read",
  input: workloadInput,
  run: async (_ctx, input) => {
    const { cluster, kind, namespace, name } = input;
    const handle = connectionFor(cluster);
    const records = await listRecords(database(), { cluster, kind, namespace, name, limit: 200 });
    const object = handle.store(kind).get(`${namespace}/${name}`);
    if (!object && records.length === 0) throw new AppError("not-found", `${cluster} has no ${kind} ${namespace}/${name}, and none is recorded.`);
    const raw = object ? await readWorkload(handle.client, input) : null;
    if (!object || raw === null) return { records, workload: null, live: [], freeze: await freezeOf(input), owner: null, now: Date.now() };
    const { template, digest } = identify(templateOf(raw));
    const scaler = [...handle.store("HorizontalPodAutoscaler").by("namespace", namespace)].find(({ targetKind, targetName }) => targetKind === kind && targetName === name);
    return {
      records, live: liveRevisions(handle, { kind, uid: object.uid }).map(({ revision }) => revision), freeze: await freezeOf(input), owner: await ownershipOf(handle.client, raw, null), now: Date.now(),
      workload: {
        uid: object.uid, seen: digest, paused: object.paused, replicas: object.replicas, ready: object.readyReplicas, updated: object.updatedReplicas, available: object.availableReplicas, containers: containersOf(template),
        revision: Math.max(0, ...liveRevisions(handle, { kind, uid: object.uid }).map(({ revision }) => revision)), podHash: object.rollout?.currentHash ?? "", template: maskSecrets(template), autoscaler: scaler ? { name: scaler.name, min: scaler.minReplicas, max: scaler.maxReplicas } : null,
      },
    };
  },
});

const deeming = oneInput.extend({ deemed: z.enum(["failed", "fine"]).nullable(), note: z.string().trim().max(300).default("") });

/** A person's word on whether the change failed; it stands over what the rules say. */
export const deemRecord = verb({
  name: "deployment.deem",
  permission: "deployment.act",
  input: deeming,
  target: ({ cluster, id }) => ({ cluster, kind: "deployment", name: id }),
  run: async (ctx, { cluster, id, deemed }) => {
    await findRecord(database(), cluster, id);
    await database().deploymentRecord.update({ where: { id: BigInt(id) }, data: { deemed, deemedBy: deemed === null ? null : ctx.actor.name, updatedAt: new Date() } });
    return { id, deemed };
  },
});

