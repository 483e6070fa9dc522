// Makes whole objects from the few fields that a test is about.
import type {
  ClaimObject, ContainerSpec, CsiNodeObject, Labels, NamespaceObject, NodeObject, ObjectBase, PodObject, PodSpec, Resources, StorageClassObject, VolumeObject, WorkloadKind, WorkloadObject, BudgetObject,
} from "@/lib/adapters/kubernetes/objects";

export const gib = 1024 ** 3;
export const mib = 1024 ** 2;

type Over<T> = Partial<T>;

function base(name: string, namespace: string): ObjectBase {
  return { uid: `uid-${namespace}-${name}`, name, namespace, resourceVersion: "1", labels: {}, createdAt: 1_700_000_000_000, deletedAt: null, owner: null, broken: null };
}

export function resources(over: Over<Resources> = {}): Resources {
  return { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, pods: 0, extended: {}, ...over };
}

export function node(name: string, over: Over<NodeObject> = {}): NodeObject {
  const size = resources({ cpuMillis: 2000, memoryBytes: 8 * gib, ephemeralBytes: 80 * gib, pods: 110, ...over.allocatable });
  return {
    ...base(name, ""), kind: "Node", unschedulable: false, taints: [], providerId: "", capacity: size,
    conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "", at: 0 }],
    internalIp: "", kubeletVersion: "v1.36.3", osImage: "", containerRuntime: "", images: [],
    ...over, allocatable: size, labels: { "kubernetes.io/hostname": name, ...over.labels },
  };
}

export function container(over: Over<ContainerSpec> = {}): ContainerSpec {
  return { name: "main", image: "app:1", init: false, sidecar: false, requests: resources(), limits: resources(), ...over };
}

export function spec(over: Over<PodSpec> = {}): PodSpec {
  return {
    schedulerName: "default-scheduler", priority: 0, preemptionPolicy: "PreemptLowerPriority", serviceAccount: "default", hostNetwork: false, restartPolicy: "Always",
    nodeSelector: {}, nodeAffinity: null, preferredNodeAffinity: [], podAffinity: [], podAntiAffinity: [], tolerations: [], spread: [], hostPorts: [], schedulingGates: [],
    containers: [container({ requests: over.requests ?? resources() })], volumes: [], requests: resources(), limits: resources(), ...over,
  };
}

export function pod(name: string, over: Over<Omit<PodObject, "spec">> & { spec?: Over<PodSpec> } = {}): PodObject {
  const { spec: specOver, ...rest } = over;
  const nodeName = over.nodeName ?? "";
  return {
    ...base(name, over.namespace ?? "default"), kind: "Pod", phase: nodeName === "" ? "Pending" : "Running", reason: "", ready: nodeName !== "", unscheduled: null, nominatedNode: "",
    containers: [], podIp: "", startedAt: null, mirror: false, qosClass: "Burstable", ...rest, nodeName, spec: spec(specOver),
  };
}

export function workload(kind: WorkloadKind, name: string, over: Over<WorkloadObject> = {}): WorkloadObject {
  return {
    ...base(name, over.namespace ?? "default"), uid: `uid-${kind}-${over.namespace ?? "default"}-${name}`, kind, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1, observedGeneration: 1, generation: 1,
    selector: null, templateLabels: {}, template: null, images: [], conditions: [], paused: false, ...over,
  };
}

export function owned(by: ObjectBase & { kind: string }) {
  return { kind: by.kind, name: by.name, uid: by.uid };
}

export function claim(name: string, over: Over<ClaimObject> = {}): ClaimObject {
  return { ...base(name, over.namespace ?? "default"), kind: "PersistentVolumeClaim", storageClass: "gp3", volumeName: "", phase: "Pending", requestBytes: gib, accessModes: ["ReadWriteOnce"], selectedNode: "", ...over };
}

export function volume(name: string, over: Over<VolumeObject> = {}): VolumeObject {
  return { ...base(name, ""), kind: "PersistentVolume", storageClass: "gp3", claim: "", phase: "Available", capacityBytes: gib, accessModes: ["ReadWriteOnce"], nodeAffinity: null, csiDriver: "", volumeLabels: {}, ...over };
}

export function storageClass(name: string, over: Over<StorageClassObject> = {}): StorageClassObject {
  return { ...base(name, ""), kind: "StorageClass", provisioner: "ebs.csi.aws.com", waitsForConsumer: true, isDefault: false, allowedTopologies: [], ...over };
}

export function csiNode(name: string, drivers: CsiNodeObject["drivers"]): CsiNodeObject {
  return { ...base(name, ""), kind: "CSINode", drivers };
}

export function namespace(name: string, labels: Labels = {}): NamespaceObject {
  return { ...base(name, ""), kind: "Namespace", phase: "Active", labels: { "kubernetes.io/metadata.name": name, ...labels } };
}

export function budget(name: string, over: Over<BudgetObject> = {}): BudgetObject {
  return { ...base(name, over.namespace ?? "default"), kind: "PodDisruptionBudget", selector: { matchLabels: {}, matchExpressions: [] }, minAvailable: "1", maxUnavailable: null, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, unhealthyPodEvictionPolicy: "IfHealthyBudget", ...over };
}
