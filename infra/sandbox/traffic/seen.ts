// What the exporter knows of the cluster: pods, nodes, claims and workloads, read off the API server's objects.
import { listAt, numberAt, parseJson, textAt, at, isObject, type Json } from "../json.ts";

export interface SeenContainer { name: string; image: string; restarts: number; ready: boolean; waiting: string; cpuRequest: number; cpuLimit: number; memoryRequest: number; memoryLimit: number }

export interface SeenPod {
  key: string;
  uid: string;
  namespace: string;
  name: string;
  app: string;
  node: string;
  ip: string;
  phase: string;
  ready: boolean;
  deleting: boolean;
  createdAt: number;
  startedAt: number;
  restarts: number;
  /** Image tag of the first container. */
  version: string;
  templateHash: string;
  owner: { kind: string; name: string };
  labels: Record<string, string>;
  annotations: Record<string, string>;
  claims: string[];
  containers: SeenContainer[];
}

export interface SeenNode { name: string; ip: string; ready: boolean; unschedulable: boolean; cpuCores: number; memoryBytes: number; pods: number; conditions: { type: string; status: string }[]; createdAt: number }
export interface SeenClaim { key: string; namespace: string; name: string; bytes: number; storageClass: string; phase: string }
export interface SeenService { namespace: string; name: string; selector: Record<string, string> }
/** `usedActions`: names that its rules send to with the port `use-annotation`. */
export interface SeenIngress { namespace: string; name: string; usedActions: string[]; actions: { name: string; groups: { service: string; weight: number }[] }[] }
export interface SeenWorkload { kind: string; namespace: string; name: string; wanted: number; ready: number; available: number; updated: number; generation: number; observed: number }

/** Suffixes of resource quantities (source: "Quantity", Kubernetes API conventions). */
const suffixes: Record<string, number> = { m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

export function quantity(text: string): number {
  const match = /^([\d.]+)(m|k|M|G|T|Ki|Mi|Gi|Ti|)$/.exec(text);
  return match ? Number(match[1]) * (suffixes[match[2] ?? ""] ?? 1) : 0;
}

function timeOf(text: string): number {
  return text === "" ? 0 : Date.parse(text);
}

function textsAt(value: Json, ...path: string[]): Record<string, string> {
  const found = at(value, ...path);
  if (!isObject(found)) return {};
  return Object.fromEntries(Object.entries(found).flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])));
}

export function keyOf(value: Json): string {
  const namespace = textAt(value, "metadata", "namespace");
  const name = textAt(value, "metadata", "name");
  return namespace === "" ? name : `${namespace}/${name}`;
}

function appOf(labels: Record<string, string>, name: string): string {
  return labels.app ?? labels["app.kubernetes.io/name"] ?? labels["k8s-app"] ?? labels.component ?? name;
}

function toContainer(container: Json, statuses: readonly Json[]): SeenContainer {
  const name = textAt(container, "name");
  const status = statuses.find((one) => textAt(one, "name") === name);
  return {
    name, image: textAt(container, "image"), restarts: numberAt(status, "restartCount"), ready: at(status, "ready") === true, waiting: textAt(status, "state", "waiting", "reason"),
    cpuRequest: quantity(textAt(container, "resources", "requests", "cpu")), cpuLimit: quantity(textAt(container, "resources", "limits", "cpu")),
    memoryRequest: quantity(textAt(container, "resources", "requests", "memory")), memoryLimit: quantity(textAt(container, "resources", "limits", "memory")),
  };
}

function toConditions(value: Json): { type: string; status: string }[] {
  return listAt(value, "status", "conditions").map((one) => ({ type: textAt(one, "type"), status: textAt(one, "status") }));
}

export function toPod(value: Json): SeenPod {
  const labels = textsAt(value, "metadata", "labels");
  const name = textAt(value, "metadata", "name");
  const statuses = listAt(value, "status", "containerStatuses");
  const containers = listAt(value, "spec", "containers").map((container) => toContainer(container, statuses));
  const image = containers[0]?.image ?? "";
  return {
    key: keyOf(value), uid: textAt(value, "metadata", "uid"), namespace: textAt(value, "metadata", "namespace"), name, app: appOf(labels, name),
    node: textAt(value, "spec", "nodeName"), ip: textAt(value, "status", "podIP"), phase: textAt(value, "status", "phase") || "Pending",
    ready: toConditions(value).some(({ type, status }) => type === "Ready" && status === "True"),
    deleting: textAt(value, "metadata", "deletionTimestamp") !== "",
    createdAt: timeOf(textAt(value, "metadata", "creationTimestamp")), startedAt: timeOf(textAt(value, "status", "startTime")),
    restarts: containers.reduce((sum, one) => sum + one.restarts, 0),
    version: image.includes(":") ? image.slice(image.lastIndexOf(":") + 1) : "latest",
    templateHash: labels["rollouts-pod-template-hash"] ?? labels["pod-template-hash"] ?? labels["controller-revision-hash"] ?? "",
    owner: { kind: textAt(value, "metadata", "ownerReferences", 0, "kind"), name: textAt(value, "metadata", "ownerReferences", 0, "name") },
    labels, annotations: textsAt(value, "metadata", "annotations"),
    claims: listAt(value, "spec", "volumes").map((volume) => textAt(volume, "persistentVolumeClaim", "claimName")).filter((claim) => claim !== ""),
    containers,
  };
}

export function toNode(value: Json): SeenNode {
  const conditions = toConditions(value);
  const address = listAt(value, "status", "addresses").find((one) => textAt(one, "type") === "InternalIP");
  return {
    name: textAt(value, "metadata", "name"), ip: textAt(address, "address"), ready: conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    unschedulable: at(value, "spec", "unschedulable") === true, cpuCores: quantity(textAt(value, "status", "capacity", "cpu")),
    memoryBytes: quantity(textAt(value, "status", "capacity", "memory")), pods: quantity(textAt(value, "status", "allocatable", "pods")),
    conditions, createdAt: timeOf(textAt(value, "metadata", "creationTimestamp")),
  };
}

export function toClaim(value: Json): SeenClaim {
  const bytes = quantity(textAt(value, "status", "capacity", "storage")) || quantity(textAt(value, "spec", "resources", "requests", "storage"));
  return { key: keyOf(value), namespace: textAt(value, "metadata", "namespace"), name: textAt(value, "metadata", "name"), bytes, storageClass: textAt(value, "spec", "storageClassName"), phase: textAt(value, "status", "phase") };
}

export function toWorkload(kind: string): (value: Json) => SeenWorkload {
  return (value) => ({
    kind, namespace: textAt(value, "metadata", "namespace"), name: textAt(value, "metadata", "name"),
    wanted: kind === "DaemonSet" ? numberAt(value, "status", "desiredNumberScheduled") : numberAt(value, "spec", "replicas"),
    ready: kind === "DaemonSet" ? numberAt(value, "status", "numberReady") : numberAt(value, "status", "readyReplicas"),
    available: kind === "DaemonSet" ? numberAt(value, "status", "numberAvailable") : numberAt(value, "status", "availableReplicas"),
    updated: kind === "DaemonSet" ? numberAt(value, "status", "updatedNumberScheduled") : numberAt(value, "status", "updatedReplicas"),
    generation: numberAt(value, "metadata", "generation"), observed: numberAt(value, "status", "observedGeneration"),
  });
}

export function toService(value: Json): SeenService {
  return { namespace: textAt(value, "metadata", "namespace"), name: textAt(value, "metadata", "name"), selector: textsAt(value, "spec", "selector") };
}

const actionPrefix = "alb.ingress.kubernetes.io/actions.";

/** Source: "Annotations", actions with weighted target groups; keys are written with a capital or without one. */
function toGroups(text: string): SeenIngress["actions"][number]["groups"] {
  const either = (value: Json | undefined, name: string): Json | undefined => at(value, name) ?? at(value, `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`);
  const said = readable(text);
  const groups = either(either(said, "forwardConfig"), "targetGroups");
  return listAt(groups).map((group) => ({ service: textAt(either(group, "serviceName")), weight: numberAt(either(group, "weight")) }));
}

/** An annotation is whatever somebody wrote. */
function readable(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

export function toIngress(value: Json): SeenIngress {
  const backends = listAt(value, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths").map((path) => at(path, "backend", "service") ?? null));
  return {
    namespace: textAt(value, "metadata", "namespace"), name: textAt(value, "metadata", "name"),
    usedActions: backends.filter((backend) => textAt(backend, "port", "name") === "use-annotation").map((backend) => textAt(backend, "name")),
    actions: Object.entries(textsAt(value, "metadata", "annotations")).flatMap(([key, text]) => (key.startsWith(actionPrefix) ? [{ name: key.slice(actionPrefix.length), groups: toGroups(text) }] : [])),
  };
}
