// What the steps of a drain share: what they are given, the cluster they act on, and whether its picture may be believed.
import { z } from "zod";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Outcome } from "@/lib/jobs/step";

/** A name as Kubernetes allows it for a node (RFC 1123 subdomain). */
export const nodeName = z.string().max(253).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, "not a node's name");
export const clusterSlug = z.string().max(63).regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "not a cluster's name");

export const drainInput = z.object({
  cluster: clusterSlug,
  node: nodeName,
  /** To lose what pods keep in emptyDir volumes; to lose pods that no controller makes again. */
  consent: z.object({ emptyDir: z.boolean().default(false), bare: z.boolean().default(false) }).default({ emptyDir: false, bare: false }),
  /** Overrides each pod's own grace period; null keeps it. */
  graceSeconds: z.number().int().min(0).max(3600).nullable().default(null),
  /** After so long it gives up and says what it waited for. */
  deadlineMinutes: z.number().int().min(1).max(1440).default(60),
});
export type DrainInput = z.infer<typeof drainInput>;

export interface DrainTools {
  /** Null while the console is not connected to it, such as shortly after a start. */
  cluster(): ClusterHandle | null;
  now(): number;
}

export const lookAgainMs = 1000;

/** The cluster with a live picture of nodes and pods, or what to wait for. */
export function believable({ cluster }: DrainTools, input: DrainInput): ClusterHandle | Extract<Outcome, { is: "waiting" }> {
  const handle = cluster();
  if (!handle) return { is: "waiting", afterMs: 2 * lookAgainMs, say: `Waiting until the console is connected to ${input.cluster}.` };
  const { state, say } = handle.freshness();
  if (state !== "live") return { is: "waiting", afterMs: lookAgainMs, say: `The picture of ${input.cluster} is not live: ${say || state}` };
  const unknown = handle.kinds().find(({ kind, state: known }) => (kind === "Node" || kind === "Pod") && known !== "live");
  if (unknown) return { is: "waiting", afterMs: lookAgainMs, say: `${unknown.kind}s of ${input.cluster} are not known yet: ${unknown.say || unknown.state}` };
  return handle;
}

export function isWaiting(value: ClusterHandle | Extract<Outcome, { is: "waiting" }>): value is Extract<Outcome, { is: "waiting" }> {
  return "is" in value;
}

const metadata = z.object({ metadata: z.object({ uid: z.string(), deletionTimestamp: z.string().optional() }) });
const nodeSpec = z.object({ spec: z.object({ unschedulable: z.boolean().optional() }).optional() });

/** Which pod bears the name in truth, asked of the API server and not of the watched picture, which may lag. */
export function readIdentity(raw: unknown): { uid: string; leaving: boolean } {
  const read = metadata.parse(raw).metadata;
  return { uid: read.uid, leaving: read.deletionTimestamp !== undefined };
}

export function readCordon(raw: unknown): boolean {
  return nodeSpec.parse(raw).spec?.unschedulable === true;
}
