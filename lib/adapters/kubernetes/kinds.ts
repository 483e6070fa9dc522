// The kinds that are watched: where the API server has them, and how each is read.
import type { Kind, ObjectsByKind } from "./objects";
import type { Pools } from "./project/pools";
import { endpointSlice, ingress, service } from "./project/network";
import { node } from "./project/node";
import { pod } from "./project/pod";
import { autoscaler, budget, event, namespace } from "./project/policy";
import type { Raw } from "./project/read";
import { claim, csiNode, storageClass, volume } from "./project/storage";
import { controllerRevision, workload } from "./project/workload";

export interface KindSource {
  /** "" for the core group. */
  group: string;
  version: string;
  resource: string;
  namespaced: boolean;
}

const source = (groupVersion: string, resource: string, namespaced = true): KindSource => {
  const [group = "", version = ""] = groupVersion.includes("/") ? groupVersion.split("/") : ["", groupVersion];
  return { group, version, resource, namespaced };
};

/** In the order in which they are asked for: what the first screen shows comes first. */
export const kindSources: Record<Kind, KindSource> = {
  Node: source("v1", "nodes", false),
  Pod: source("v1", "pods"),
  Deployment: source("apps/v1", "deployments"),
  StatefulSet: source("apps/v1", "statefulsets"),
  DaemonSet: source("apps/v1", "daemonsets"),
  ReplicaSet: source("apps/v1", "replicasets"),
  Job: source("batch/v1", "jobs"),
  Rollout: source("argoproj.io/v1alpha1", "rollouts"),
  Namespace: source("v1", "namespaces", false),
  PodDisruptionBudget: source("policy/v1", "poddisruptionbudgets"),
  Event: source("v1", "events"),
  PersistentVolumeClaim: source("v1", "persistentvolumeclaims"),
  PersistentVolume: source("v1", "persistentvolumes", false),
  StorageClass: source("storage.k8s.io/v1", "storageclasses", false),
  CSINode: source("storage.k8s.io/v1", "csinodes", false),
  Service: source("v1", "services"),
  EndpointSlice: source("discovery.k8s.io/v1", "endpointslices"),
  Ingress: source("networking.k8s.io/v1", "ingresses"),
  HorizontalPodAutoscaler: source("autoscaling/v2", "horizontalpodautoscalers"),
  ControllerRevision: source("apps/v1", "controllerrevisions"),
};

/** All kinds in asking order. The cast holds because kindSources has exactly the kinds as keys. */
function kindNames(): readonly Kind[] {
  return Object.keys(kindSources) as Kind[];
}
export const kinds: readonly Kind[] = kindNames();

export function collectionPath({ group, version, resource }: KindSource): string {
  return group === "" ? `/api/${version}/${resource}` : `/apis/${group}/${version}/${resource}`;
}

export function objectPath(from: KindSource, at: { namespace: string; name: string }): string {
  const root = from.group === "" ? `/api/${from.version}` : `/apis/${from.group}/${from.version}`;
  const scope = from.namespaced ? `/namespaces/${encodeURIComponent(at.namespace)}` : "";
  return `${root}${scope}/${from.resource}/${encodeURIComponent(at.name)}`;
}

export const projections: { [K in Kind]: (raw: Raw, pools: Pools) => ObjectsByKind[K] } = {
  Node: node,
  Pod: pod,
  Deployment: (raw, pools) => workload("Deployment", raw, pools),
  StatefulSet: (raw, pools) => workload("StatefulSet", raw, pools),
  DaemonSet: (raw, pools) => workload("DaemonSet", raw, pools),
  ReplicaSet: (raw, pools) => workload("ReplicaSet", raw, pools),
  Job: (raw, pools) => workload("Job", raw, pools),
  Rollout: (raw, pools) => workload("Rollout", raw, pools),
  Namespace: namespace,
  PodDisruptionBudget: budget,
  Event: event,
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  StorageClass: storageClass,
  CSINode: csiNode,
  Service: service,
  EndpointSlice: endpointSlice,
  Ingress: ingress,
  HorizontalPodAutoscaler: autoscaler,
  ControllerRevision: controllerRevision,
};
