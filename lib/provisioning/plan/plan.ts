// What would have to happen so that the world is as the blueprint says: find, compare, say why.
import { inClusterKinds, tagKeys, type Found, type Resource, type ResourceGraph } from "../graph/model";
import type { PlanAct } from "../model";
import { differences } from "./compare";
import { naturalKeys, partsOf } from "./fields";
import { isRecord, matchWorld, type Matched } from "./match";
import type { Plan, PlanItem, Problem, World } from "./model";

export function makePlan(graph: ResourceGraph, world: World): Plan {
  const matched = matchWorld(graph, world);
  const acts = new Map<string, PlanAct>();
  const problems: Problem[] = [...matched.problems];
  const unclear = new Set(matched.problems.map(({ id }) => id));
  const items = graph.resources.map((resource): PlanItem => {
    const item = unclear.has(resource.id) ? itemOf(resource, { act: "keep", reason: "it is not clear which thing this is", awsId: null }) : decide(resource, { matched, acts, problems });
    acts.set(resource.id, item.act);
    return item;
  });
  return { cluster: graph.cluster, items: [...items, ...leftOver(graph, matched)], problems };
}

type Decision = Pick<PlanItem, "act" | "reason" | "awsId"> & Partial<Pick<PlanItem, "changes">>;

const itemOf = ({ id, kind, name, needs, machine, wanted }: Resource, { act, reason, awsId, changes = [] }: Decision): PlanItem => ({ id, kind, name, act, reason, changes, awsId, needs, machine, fields: { ...wanted } });

function decide(resource: Resource, { matched, acts, problems }: { matched: Matched; acts: ReadonlyMap<string, PlanAct>; problems: Problem[] }): PlanItem {
  const found = matched.found.get(resource.id) ?? null;
  if (!found) {
    const lost = matched.lost.get(resource.id);
    return itemOf(resource, { act: "create", awsId: null, reason: lost === undefined ? "there is none yet" : `${lost} was made once and is gone` });
  }
  const isNew = (ref: string): boolean => ["create", "replace"].includes(acts.get(ref) ?? "");
  const idOf = (ref: string): string | null => (isNew(ref) ? null : (matched.found.get(ref)?.awsId ?? null));
  const found_ = { awsId: found.awsId };
  // What lives on a machine goes with it.
  if (inClusterKinds.has(resource.kind) && "instance" in resource.wanted && isNew(resource.wanted.instance.ref)) {
    return itemOf(resource, { ...found_, act: "replace", reason: "its machine is made anew" });
  }
  const all = differences(resource, found, idOf);
  if (all.length === 0) return itemOf(resource, { ...found_, act: "keep", reason: "is as it should be" });
  const changes = all.map(({ field, was, wanted }) => ({ field, was, wanted }));
  const fixed = all.filter(({ rule }) => rule === "fixed");
  if (fixed.length > 0) {
    problems.push({ id: resource.id, awsIds: [found.awsId], say: `${fixed.map(({ field, was, wanted }) => `${field} is ${text(was)} and cannot become ${text(wanted)}`).join("; ")} while the cluster lives. Take the change back, or build another cluster.` });
    return itemOf(resource, { ...found_, act: "keep", reason: "it cannot be changed while the cluster lives", changes });
  }
  const anew = all.filter(({ rule }) => rule === "replace");
  if (anew.length > 0) return itemOf(resource, { ...found_, act: "replace", changes, reason: `${anew.map(({ field }) => field).join(", ")} cannot be changed in place` });
  return itemOf(resource, { ...found_, act: "update", changes, reason: `${changes.map(({ field }) => field).join(", ")} ${changes.length === 1 ? "differs" : "differ"}` });
}

export const text = (value: unknown): string => (typeof value === "string" ? value : isRecord(value) && "ref" in value ? `the new ${String(value["ref"])}` : JSON.stringify(value));

/** Things that are ours and that the blueprint no longer has, and things that somebody put into ours by hand. */
function leftOver(graph: ResourceGraph, matched: Matched): PlanItem[] {
  const ours = new Map([...matched.found].flatMap(([id, found]) => (found ? [[found.awsId, id] as const] : [])));
  const going = matched.rest.flatMap((found): { found: Found; id: string; reason: string }[] => {
    if (isOthersDoing(found)) return [];
    const tagged = found.tags[tagKeys.cluster] === graph.cluster ? found.tags[tagKeys.resource] : undefined;
    if (tagged !== undefined) return [{ found, id: tagged, reason: "the blueprint no longer has it" }];
    const home = partsOf[found.kind];
    const homeId = home === undefined ? undefined : found.fields[home];
    const within = typeof homeId === "string" ? ours.get(homeId) : undefined;
    if (within !== undefined) return [{ found, id: `${found.kind}/${found.awsId}`, reason: `somebody put it into ${within} by hand: ${tellApart(found, home)}` }];
    return inClusterKinds.has(found.kind) ? [{ found, id: `${found.kind}/${found.awsId}`, reason: "the blueprint no longer has it" }] : [];
  });
  const idOf = new Map(going.map(({ found, id }) => [found.awsId, id]));
  return going.map(({ found, id, reason }): PlanItem => ({
    id, kind: found.kind, name: id.slice(id.indexOf("/") + 1), act: "delete", reason, changes: [], awsId: found.awsId, machine: null, fields: found.fields,
    // What points to it has to be gone before.
    needs: going.filter((other) => other.found !== found && mentions(other.found.fields, found.awsId)).flatMap((other) => idOf.get(other.found.awsId) ?? []),
  }));
}

/** What a part is beside the thing that it stands in, for whoever did not make it. */
const tellApart = ({ kind, fields }: Found, home: string | undefined): string =>
  (naturalKeys[kind] ?? []).filter((field) => field !== home).map((field) => `${field} ${text(fields[field])}`).join(", ");

const mentions = (value: unknown, awsId: string): boolean =>
  value === awsId || (Array.isArray(value) ? value.some((each) => mentions(each, awsId)) : isRecord(value) && Object.values(value).some((each) => mentions(each, awsId)));

/** The load balancer controller opens nodes to its own groups and says so in the rule; AWS puts the local route into every table. */
function isOthersDoing({ kind, fields }: Found): boolean {
  if (kind === "security-group-rule") return String(fields["description"] ?? "").startsWith("elbv2.k8s.aws/");
  return kind === "route" && fields["gateway"] === "local";
}

/** The resources that somebody changed by hand: what a plan over a built cluster would do. */
export const driftOf = (plan: Plan): PlanItem[] => plan.items.filter(({ act }) => act !== "keep");

