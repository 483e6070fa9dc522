// What taking a cluster down would remove, in the order in which it can be removed, with what holds data named.
import { inClusterKinds, tagKeys, type Found, type ResourceGraph, type ResourceKind } from "../graph/model";
import { matchWorld } from "./match";
import type { PlanItem, Problem, World } from "./model";

/** From the outside in: what stands on a thing goes before the thing. */
export const teardownOrder: readonly ResourceKind[] = [
  "add-on", "node", "cni", "control-plane", "elastic-ip-association", "instance", "elastic-ip", "security-group-rule", "route", "internet-gateway",
  "security-group", "route-table-association", "route-table", "subnet", "vpc", "key-pair", "instance-profile", "iam-role-policy", "iam-role", "ssm-parameter",
];

/** What controllers inside the cluster made on AWS, and what the plan cannot know from the blueprint. */
export interface Swept {
  kind: "load-balancer" | "target-group" | "volume" | "security-group" | "network-interface";
  awsId: string;
  name: string;
  /** For a volume: whose data it holds, and how much room it has. */
  claim: string;
  sizeGib: number;
}

export interface TeardownPlan {
  cluster: string;
  items: readonly PlanItem[];
  swept: readonly Swept[];
  /** What is lost for good, in words. */
  data: readonly string[];
  problems: readonly Problem[];
}

export function planTeardown(graph: ResourceGraph, world: World, swept: readonly Swept[]): TeardownPlan {
  const matched = matchWorld(graph, world);
  const resources = new Map(graph.resources.map((resource) => [resource.id, resource]));
  const known = [...matched.found].flatMap(([id, found]) => (found ? [{ id, found }] : []));
  const strays = matched.rest.filter(({ tags }) => tags[tagKeys.cluster] === graph.cluster).map((found) => ({ id: found.tags[tagKeys.resource] ?? `${found.kind}/${found.awsId}`, found }));
  const all = [...known, ...strays].toSorted((a, b) => rank(a.found) - rank(b.found));
  const items = all.map(({ id, found }, at): PlanItem => {
    const before = all.slice(0, at).filter((other) => rank(other.found) < rank(found)).at(-1);
    return {
      id, kind: found.kind, name: id.slice(id.indexOf("/") + 1), act: "delete", awsId: found.awsId, changes: [], machine: resources.get(id)?.machine ?? null, fields: found.fields,
      reason: inClusterKinds.has(found.kind) ? "goes with its machines" : "belongs to the cluster", needs: before ? [before.id] : [],
    };
  });
  return { cluster: graph.cluster, items, swept, data: dataOf(graph, all.map(({ found }) => found), swept), problems: matched.problems };
}

const rank = ({ kind }: Found): number => teardownOrder.indexOf(kind);

function dataOf(graph: ResourceGraph, found: readonly Found[], swept: readonly Swept[]): string[] {
  const machines = new Set(found.filter(({ kind }) => kind === "instance").map(({ tags }) => tags[tagKeys.resource]));
  const disks = graph.resources.filter(({ kind, id, machine }) => kind === "instance" && machines.has(id) && machine?.tier === 4).map(({ name }) => name);
  const first = graph.resources.find(({ kind }) => kind === "control-plane")?.machine?.name;
  return [
    ...swept.filter(({ kind }) => kind === "volume").map(({ awsId, claim, sizeGib }) => `${claim === "" ? "a volume" : claim}: ${sizeGib} GiB on ${awsId}`),
    ...(disks.length > 0 ? [`what the disks of ${disks.join(", ")} hold`] : []),
    ...(first !== undefined && machines.has(`instance/${first}`) ? [`etcd on ${first}: every object of the cluster, and its backups that lie on the same disk`] : []),
  ];
}
