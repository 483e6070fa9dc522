// What a cluster's picture says of each service of the status page: how many replicas are ready, what is deployed, whether it is being rolled out.
import type { WorkloadObject } from "../adapters/kubernetes/objects";
import { isInProgress, isRollout } from "../deployments/rollouts/standing";
import { parseImage, versionOf } from "../deployments/rules/images";
import type { Freshness, PlacementTables, Tier, WorkloadRow } from "../placement/model";
import type { Picture } from "../placement/picture";
import { workloadObject } from "../placement/workload-of";
import type { Deployed } from "./assemble";
import type { Conditions } from "./fold";
import { apiService, type PageSettings } from "./model";

export interface Observed extends Deployed { id: string; name: string; tier: Tier; replicas: Conditions["replicas"]; rolling: boolean; blind: string }

/** Kinds that serve; a DaemonSet belongs to the nodes, and a Job ends. */
const serving: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "Rollout"]);
/** More than this is no page that a person reads; what is left out is said. */
export const mostServices = 300;

export interface Source { picture: Picture; tables: PlacementTables; freshness: Freshness; version: string | null; settings: PageSettings }

export function observe({ picture, tables, freshness, version, settings }: Source): { services: Observed[]; leftOut: number } {
  const shown = new Map(settings.services.map((one) => [one.service, one]));
  const blind = blindSay(freshness);
  const api: Observed = { id: apiService, name: "Kubernetes API", tier: 1, replicas: { wanted: 1, ready: 1, keepsData: false }, rolling: false, blind, version: (version ?? "").replace(/^v/, ""), at: null, as: "", rollout: null };
  const rows = [...tables.workloads.values()].filter((row) => row.declared !== null && serving.has(row.kind));
  const all = [api, ...rows.flatMap((row) => toObserved(row, { picture, tables, blind }))].filter(({ id }) => shown.get(id)?.hidden !== true);
  const titled = all.map((one) => ({ ...one, name: shown.get(one.id)?.title || one.name })).sort((a, b) => a.tier - b.tier || a.name.localeCompare(b.name));
  return { services: titled.slice(0, mostServices), leftOut: Math.max(0, titled.length - mostServices) };
}

export function blindSay({ state, staleSince }: Freshness): string {
  if (state === "live") return "";
  if (state === "connecting") return "The cluster is not connected yet";
  return staleSince === null ? "The cluster does not answer" : `No news from the cluster since ${new Date(staleSince).toISOString().slice(11, 16)} UTC`;
}

function toObserved(row: WorkloadRow, { picture, tables, blind }: { picture: Picture; tables: PlacementTables; blind: string }): Observed[] {
  if (row.declared === null) return [];
  const object = workloadObject(picture, row);
  const kind = tables.kinds.get(row.kind);
  const unread = blind === "" && kind !== undefined && kind.state !== "live" ? "The console may not read its workload" : blind;
  const rolling = object !== null && isRolling(object);
  const version = versionOf(parseImage("", row.images[0] ?? ""));
  return [{
    id: `${row.namespace}/${row.name}`, name: row.name, tier: row.declared, replicas: { wanted: row.wanted, ready: row.ready, keepsData: row.kind === "StatefulSet" }, rolling, blind: unread,
    version, at: object === null ? null : revisionMadeAt(picture, object), as: "",
    rollout: rolling ? { from: "", to: version, ready: Math.min(object.updatedReplicas, row.wanted), of: row.wanted, since: revisionMadeAt(picture, object) } : null,
  }];
}

/** As its controller says: a revision is on its way while not every replica is of it, or the controller still says so. */
function isRolling(object: WorkloadObject): boolean {
  if (object.observedGeneration < object.generation) return true;
  if (isRollout(object)) return isInProgress(object);
  const wanted = object.replicas ?? 0;
  if (object.kind !== "Deployment") return object.updatedReplicas < wanted;
  const progress = object.conditions.find(({ type }) => type === "Progressing");
  return object.updatedReplicas < wanted && progress?.status === "True" && progress.reason !== "NewReplicaSetAvailable";
}

/** When the newest revision came, by the ReplicaSet that was made for it. */
function revisionMadeAt(picture: Picture, object: WorkloadObject): number | null {
  const made = picture.store("ReplicaSet").by("owner", object.uid).map(({ createdAt }) => createdAt);
  return made.length === 0 ? null : Math.max(...made);
}

const workloadLabels = ["deployment", "statefulset", "rollout", "service", "job_name"] as const;

export interface FiringAlert { name: string; severity: string; labels: Readonly<Record<string, string>>; summary: string }

/** Alerts that name the service, by its workload or by one of its pods; metrics of a service rarely name its namespace. */
export function alertsOf({ id, name }: Pick<Observed, "id" | "name">, alerts: readonly FiringAlert[]): FiringAlert[] {
  const [namespace = "", own = name] = id.split("/");
  return alerts.filter(({ labels }) => {
    if (labels.namespace !== undefined && labels.namespace !== namespace) return false;
    if (workloadLabels.some((label) => labels[label] === own)) return true;
    return labels.namespace !== undefined && labels.pod !== undefined && new RegExp(`^${own.replaceAll(".", "\\.")}-([a-z0-9]+-)?[a-z0-9]+$`).test(labels.pod);
  });
}
