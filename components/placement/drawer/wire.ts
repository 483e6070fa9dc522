// What the drawers' routes answer, checked at the door of the browser. Unknown fields pass unseen.
import { z } from "zod";

const figure = z.object({ resource: z.string(), unit: z.enum(["millicores", "bytes", "count"]), needs: z.number(), free: z.number(), used: z.number(), total: z.number(), short: z.number() });
const refusal = z.object({ filter: z.string(), reasons: z.array(z.string()), say: z.string(), short: z.string(), figures: z.array(figure) });
export type WireFigure = z.infer<typeof figure>;

const nodeVerdict = z.object({ node: z.string(), fits: z.boolean(), refusals: z.array(refusal) });
export type WireVerdict = z.infer<typeof nodeVerdict>;

export const remedy = z.object({
  id: z.string(),
  /** "Request 500m instead of 1000m". */
  title: z.string(),
  works: z.boolean(),
  /** "runs, 370m spare", "none of 6 fits". */
  outcome: z.string(),
  /** Query of the What-if page, null when it cannot be tried there. */
  tryWith: z.string().nullable().default(null),
});
export type WireRemedy = z.infer<typeof remedy>;

/** GET explain?pod=ns/name */
export const explainAnswer = z.object({
  explanation: z.object({
    pod: z.string(),
    placed: z.string(),
    stop: z.object({ filter: z.string(), reason: z.string(), say: z.string() }).nullable(),
    nodes: z.array(nodeVerdict),
    fitting: z.number(),
    nearest: z.object({ node: z.string(), say: z.string() }).nullable(),
    say: z.string(),
  }),
  /** The scheduler's own sentence, null when it has not spoken. */
  scheduler: z.object({ message: z.string(), at: z.number(), count: z.number() }).nullable().default(null),
  comparison: z.object({ agree: z.boolean(), read: z.boolean(), rows: z.array(z.object({ reason: z.string(), ours: z.number(), theirs: z.number() })) }).nullable().default(null),
  remedies: z.array(remedy).default([]),
});
export type ExplainAnswer = z.infer<typeof explainAnswer>;

const eventRow = z.object({ uid: z.string(), at: z.number(), type: z.string(), reason: z.string(), message: z.string(), count: z.number() });
export type WireEvent = z.infer<typeof eventRow>;

const text = z.string().catch("");
const labels = z.record(z.string(), z.string()).catch({});
const condition = z.object({ type: text, status: text, reason: text, message: text, lastTransitionTime: text });
const quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).catch({});
const container = z.object({ name: text, image: text, resources: z.object({ requests: quantities, limits: quantities }).catch({ requests: {}, limits: {} }) });
const stateDetail = z.object({ reason: text, message: text, exitCode: z.number().nullable().catch(null), startedAt: text, finishedAt: text });
const containerStatus = z.object({
  name: text, ready: z.boolean().catch(false), restartCount: z.number().catch(0),
  state: z.record(z.string(), stateDetail).catch({}), lastState: z.record(z.string(), stateDetail).catch({}),
});
export type WireContainer = z.infer<typeof container>;
export type WireContainerStatus = z.infer<typeof containerStatus>;
export type WireCondition = z.infer<typeof condition>;

/** A list whose unreadable members are left out rather than spoil the rest. */
function listOf<T>(member: z.ZodType<T>) {
  return z.array(z.unknown()).catch([]).transform((list) => list.flatMap((one) => {
    const read = member.safeParse(one);
    return read.success ? [read.data] : [];
  }));
}

export const podObject = z.object({
  metadata: z.object({ name: text, namespace: text, uid: text, labels, ownerReferences: listOf(z.object({ kind: text, name: text, uid: text })) }),
  spec: z.object({
    nodeName: text, nodeSelector: labels, containers: listOf(container), initContainers: listOf(container),
    tolerations: listOf(z.object({ key: text, operator: text, value: text, effect: text })),
    volumes: listOf(z.looseObject({ name: text })),
  }),
  status: z.object({ phase: text, qosClass: text, podIP: text, startTime: text, conditions: listOf(condition), containerStatuses: listOf(containerStatus), initContainerStatuses: listOf(containerStatus) }).catch({ phase: "", qosClass: "", podIP: "", startTime: "", conditions: [], containerStatuses: [], initContainerStatuses: [] }),
});
export type WirePod = z.infer<typeof podObject>;

/** GET pods/<ns>/<name>: the object as the API has it (secrets masked), its events, the owners above it from the nearest up. */
export const podAnswer = z.object({
  object: z.unknown(),
  events: z.array(eventRow).default([]),
  owners: z.array(z.object({ kind: z.string(), name: z.string(), ready: z.string().default("") })).default([]),
  limits: z.object({ cpuMillis: z.number().nullable(), memoryBytes: z.number().nullable() }).default({ cpuMillis: 0, memoryBytes: 0 }),
  claims: z.array(z.object({ name: z.string(), phase: z.string(), requestBytes: z.number(), storageClass: z.string(), volume: z.string(), waits: z.boolean().default(false) })).default([]),
});
export type PodAnswer = z.infer<typeof podAnswer>;

export const nodeObject = z.object({
  metadata: z.object({ name: text, labels }),
  spec: z.object({ providerID: text, podCIDR: text, unschedulable: z.boolean().catch(false), taints: listOf(z.object({ key: text, value: text, effect: text })) }),
  status: z.object({ conditions: listOf(condition), capacity: quantities, allocatable: quantities, addresses: listOf(z.object({ type: text, address: text })), nodeInfo: z.object({ kubeletVersion: text, osImage: text, kernelVersion: text, containerRuntimeVersion: text }).catch({ kubeletVersion: "", osImage: "", kernelVersion: "", containerRuntimeVersion: "" }) }),
});

/** GET nodes/<name>: the object, its events, and the machine under it (null: not known or not asked). */
export const nodeAnswer = z.object({
  object: z.unknown(),
  events: z.array(eventRow).default([]),
  instance: z.object({ id: z.string(), type: z.string(), state: z.string(), zone: z.string(), privateIp: z.string().default(""), launchedAt: z.number().nullable().default(null), say: z.string().default("") }).nullable().default(null),
});

/** POST drain: the job that was started. */
export const jobStarted = z.object({ job: z.string() });
export const done = z.unknown();

const block = z.object({ budget: z.string(), say: z.string() });

/** POST what-if {question} */
export const whatIfAnswer = z.object({
  pods: z.number(), best: z.number(), worst: z.number(), exact: z.boolean(),
  pending: z.array(z.object({ pod: z.string(), workload: z.string(), always: z.boolean(), say: z.string() })),
  placed: z.array(z.object({ pod: z.string(), node: z.string() })),
  blocked: z.array(block.extend({ pod: z.string() })),
  lastReplicas: z.array(z.string()), lost: z.array(z.string()), notes: z.array(z.string()), say: z.string(),
});
export type WireWhatIf = z.infer<typeof whatIfAnswer>;

/** GET nodes/<name>/drain-preview */
export const drainPreview = z.object({
  node: z.string(), cordoned: z.boolean(),
  pods: z.array(z.object({ key: z.string(), workload: z.string(), fate: z.string(), nodes: z.array(z.string()), nowhere: z.string(), block: block.nullable(), lastReplica: z.boolean(), emptyDirs: z.array(z.string()) })),
  together: whatIfAnswer,
  counts: z.object({ moves: z.number(), skipped: z.number(), nowhere: z.number(), blocked: z.number(), lastReplicas: z.number(), dataLost: z.number(), bare: z.number() }),
  say: z.string(),
});
export type WireDrainPreview = z.infer<typeof drainPreview>;
