// The nouns of deployments: a record per revision of a workload, what kind of change it was, how it ended, who did it.
import { z } from "zod";

export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Rollout"] as const;
export type RolledKind = (typeof workloadKinds)[number];

/** What a revision changed. Scaling makes no revision and is no change of this kind. */
export const changeKinds = ["release", "config", "restart", "rollback"] as const;
export type ChangeKind = (typeof changeKinds)[number];

/**
 * running and paused are under way. superseded: the next revision came first. rolled-back: the next revision went back while this one was under way.
 * aborted: Argo Rollouts returned the traffic to the stable version. cancelled: the workload was removed meanwhile. unknown: it ended while nobody looked.
 */
export const outcomes = ["running", "paused", "succeeded", "failed", "superseded", "rolled-back", "aborted", "cancelled", "unknown"] as const;
export type Outcome = (typeof outcomes)[number];
export const underWay: readonly Outcome[] = ["running", "paused"];
export const isUnderWay = (outcome: Outcome): boolean => underWay.includes(outcome);

/** How the actor is known, the surest first. */
export const actorSources = ["console", "ci", "annotation", "gitops", "managed-fields", "unknown"] as const;
export type ActorSource = (typeof actorSources)[number];
export const actorKinds = ["user", "ci", "gitops", "tool", "unknown"] as const;
export type ActorKind = (typeof actorKinds)[number];

export const image = z.object({ container: z.string(), image: z.string(), repository: z.string(), tag: z.string(), digest: z.string() });
export type Image = z.infer<typeof image>;

/** One place in the pod template that is not as it was; "" for what is not there. */
export const difference = z.object({ path: z.string(), before: z.string(), after: z.string() });
export type Difference = z.infer<typeof difference>;

const time = z.number();
const whenKnown = time.nullable();

/** From `at` on a canary was to get this share of the traffic, 0 to 1: the weight its steps asked for, as it was watched. */
export const canaryStep = z.object({ at: time, share: z.number() });
export type CanaryStep = z.infer<typeof canaryStep>;

export const deploymentRecord = z.object({
  id: z.string(),
  kind: z.enum(workloadKinds),
  namespace: z.string(),
  name: z.string(),
  workloadUid: z.string(),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).nullable(),
  environment: z.string(),
  revision: z.number(),
  revisionName: z.string(),
  change: z.enum(changeKinds),
  isFirst: z.boolean(),
  fromRevision: z.number().nullable(),
  returnsTo: z.number().nullable(),
  fromVersion: z.string(),
  version: z.string(),
  images: z.array(image),
  differences: z.array(difference),
  commit: z.string().nullable(),
  application: z.string().nullable(),
  chart: z.string().nullable(),
  actor: z.string().nullable(),
  actorKind: z.enum(actorKinds),
  actorSource: z.enum(actorSources),
  note: z.string(),
  source: z.enum(["watch", "backfill"]),
  startedAt: time,
  /** cluster: by the API server's own clock. watched: when the console saw it. unknown: not after this. */
  startedFrom: z.enum(["cluster", "watched", "unknown"]),
  firstReadyAt: whenKnown,
  finishedAt: whenKnown,
  /** late: it ended between lastSeenAt and finishedAt. */
  finishedFrom: z.enum(["", "cluster", "watched", "late"]),
  lastSeenAt: time,
  failedAt: whenKnown,
  recoveredAt: whenKnown,
  outcome: z.enum(outcomes),
  reason: z.string(),
  say: z.string(),
  isLate: z.boolean(),
  rolledBackBy: z.number().nullable(),
  replicas: z.number(),
  updated: z.number(),
  ready: z.number(),
  /** Empty where no canary was watched. */
  canary: z.array(canaryStep),
  ciLabel: z.string().nullable(),
  ciUrl: z.string().nullable(),
  leadMs: z.number().nullable(),
  isUnplanned: z.boolean(),
  incident: z.string().nullable(),
  deemed: z.enum(["failed", "fine"]).nullable(),
});
export type DeploymentRecord = z.infer<typeof deploymentRecord>;

/** What a chart or a status line needs of a record. */
export const deploymentMark = z.object({
  id: z.string(), at: time, finishedAt: whenKnown, kind: z.enum(workloadKinds), namespace: z.string(), workload: z.string(), tier: z.number().nullable(),
  version: z.string(), change: z.enum(changeKinds), outcome: z.enum(outcomes),
});
export type DeploymentMark = z.infer<typeof deploymentMark>;

/** How well the recorder keeps up, for a word on the screen. */
export const recorderState = z.object({ state: z.enum(["starting", "live", "behind"]), say: z.string(), since: time });
export type RecorderState = z.infer<typeof recorderState>;

export const dnsName = (max: number) => z.string().min(1).max(max).regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "not a name");
export const clusterInput = z.object({ cluster: z.string().min(1).max(63) });
export const workloadInput = clusterInput.extend({ kind: z.enum(workloadKinds), namespace: dnsName(63), name: dnsName(253) });
export type WorkloadInput = z.infer<typeof workloadInput>;
