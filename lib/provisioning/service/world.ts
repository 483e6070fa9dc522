// The world of one cluster as it is now: AWS by tags, the ledger, and what its own API says of nodes.
import "server-only";
import type { Aws } from "@/lib/adapters/aws/door";
import { findConnection } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { inClusterKinds, tagKeys, type Found } from "../graph/model";
import { lookAtAws } from "../look";
import { ledgerStates, type LedgerState } from "../model";
import { setLabels } from "../plan/compare";
import type { Swept } from "../plan/teardown";
import type { World } from "../plan/model";

const living = ["INTENT", "CREATED", "READY", "DRIFTED", "DELETING"] as const satisfies readonly LedgerState[];

export interface LedgerRow { resource: string; kind: string; awsId: string | null; state: LedgerState; fields: unknown; job: string; createdAt: number | null }

export async function livingEntries(cluster: string): Promise<LedgerRow[]> {
  const rows = await database().ledgerEntry.findMany({ where: { cluster, state: { in: [...living] } }, orderBy: { intentAt: "asc" } });
  return rows.map(({ resource, kind, awsId, state, fields, job, createdAt }) => ({ resource, kind, awsId, state: ledgerStates.find((each) => each === state) ?? "INTENT", fields, job, createdAt: createdAt?.getTime() ?? null }));
}

export async function lookAtWorld({ aws, cluster, signal }: { aws: Aws; cluster: string; signal: AbortSignal }): Promise<World> {
  const [onAws, ledger] = await Promise.all([lookAtAws({ aws, cluster, signal }), livingEntries(cluster)]);
  return { found: [...onAws, ...inCluster(cluster, ledger)], ledger };
}

/** What stands inside the cluster is known by the ledger; nodes are asked for where the cluster is connected. */
function inCluster(cluster: string, ledger: readonly LedgerRow[]): Found[] {
  const handle = findConnection(cluster)?.handle;
  const asked = handle?.freshness().state === "live" ? handle : null;
  return ledger.flatMap(({ resource, kind: text, awsId, state, fields }): Found[] => {
    const kind = [...inClusterKinds].find((each) => each === text);
    if (!kind || awsId === null || state === "INTENT") return [];
    const recorded: Record<string, unknown> = { ...Object(fields) };
    const found: Found = { kind, awsId, tags: {}, trouble: "", fields: recorded };
    if (kind === "add-on" && state !== "READY") return [{ ...found, trouble: "it was applied and never became Ready" }];
    if (kind !== "node" || !asked) return [found];
    const node = asked.store("Node").get(resource.slice(resource.indexOf("/") + 1));
    if (!node) return [];
    const taints = node.taints.map(({ key, value, effect }) => ({ key, value, effect }));
    return [{ ...found, fields: { ...recorded, labels: node.labels, taints, [setLabels]: recorded["labels"] }, trouble: node.conditions.some(({ type, status }) => type === "Ready" && status === "True") ? "" : "it is not Ready" }];
  });
}

/** The image that the cluster's machines were made of; null when it has none. */
export function imageOf({ found }: World): string | null {
  const image = found.find(({ kind }) => kind === "instance")?.fields["imageId"];
  return typeof image === "string" ? image : null;
}

/** What controllers inside the cluster made on AWS. */
export async function sweepOf({ aws, cluster, signal }: { aws: Aws; cluster: string; signal: AbortSignal }): Promise<Swept[]> {
  const owned = { filters: [{ name: "tag-key", values: [`kubernetes.io/cluster/${cluster}`] }] };
  const [volumes, balancers, groups, interfaces, securityGroups] = await Promise.all([
    aws.volumes(owned, signal), aws.loadBalancers(signal), aws.targetGroups(signal), aws.interfaces(owned, signal), aws.securityGroups(owned, signal),
  ]);
  const its = ({ tags }: { tags: Readonly<Record<string, string>> }): boolean => tags["elbv2.k8s.aws/cluster"] === cluster || `kubernetes.io/cluster/${cluster}` in tags;
  const foreign = ({ tags }: { tags: Readonly<Record<string, string>> }): boolean => tags[tagKeys.resource] === undefined;
  const plain = { claim: "", sizeGib: 0 };
  return [
    ...balancers.filter(its).map(({ id, name }): Swept => ({ ...plain, kind: "load-balancer", awsId: id, name })),
    ...groups.filter(its).map(({ id, name }): Swept => ({ ...plain, kind: "target-group", awsId: id, name })),
    ...volumes.filter(foreign).map(({ id, tags, sizeGib }): Swept => ({ kind: "volume", awsId: id, name: tags["Name"] ?? "", sizeGib, claim: claimOf(tags) })),
    ...securityGroups.filter(foreign).map(({ id, name }): Swept => ({ ...plain, kind: "security-group", awsId: id, name })),
    ...interfaces.filter(foreign).map(({ id, description }): Swept => ({ ...plain, kind: "network-interface", awsId: id, name: description })),
  ];
}

/** The CSI driver writes whose claim a volume is into its tags. */
function claimOf(tags: Readonly<Record<string, string>>): string {
  const name = tags["kubernetes.io/created-for/pvc/name"];
  return name === undefined ? "" : `${tags["kubernetes.io/created-for/pvc/namespace"] ?? "default"}/${name}`;
}
