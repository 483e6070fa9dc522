// Builds the objects of a workload from one row of a table: pod template, controller, service.
import { behaviourLabel } from "../machines/stages.ts";
import type { Json, JsonObject } from "../json.ts";

export interface Probe { http?: string; tcp?: boolean; exec?: string[]; port: number; delaySeconds: number; periodSeconds: number }

export interface Row {
  namespace: string;
  name: string;
  image: string;
  /** The container's name where it is not the workload's. */
  container?: string;
  replicas?: number;
  cpuMillis?: number;
  memoryMi?: number;
  cpuLimitMillis?: number;
  memoryLimitMi?: number;
  ports?: { name: string; port: number }[];
  /** Required: the node must wear this value of the label `workload`. */
  workload?: string;
  /** Required by node affinity instead of a selector. */
  affinityWorkload?: string;
  /** Wished for, not demanded. */
  prefersWorkload?: string;
  nodeSelector?: Record<string, string>;
  /** On every node, whatever its taints. */
  everywhere?: boolean;
  toleratesControlPlane?: boolean;
  /** No two of it on one node, if that can be had. */
  spreads?: boolean;
  hostNetwork?: boolean;
  priority?: "system-node-critical" | "system-cluster-critical";
  labels?: Record<string, string>;
  env?: Record<string, string>;
  command?: string[];
  liveness?: Probe;
  readiness?: Probe;
  /** Further containers, each with the same requests as given here. */
  sidecars?: { name: string; image: string; cpuMillis?: number }[];
  init?: { name: string; image: string }[];
  emptyDirs?: string[];
  configMaps?: string[];
  claims?: { name: string; gibibytes: number; mountPath: string }[];
  behaviour?: string;
  annotations?: Record<string, string>;
}

function resources(row: Pick<Row, "cpuMillis" | "memoryMi" | "cpuLimitMillis" | "memoryLimitMi">): JsonObject {
  const amounts = (cpu?: number, memory?: number): JsonObject => ({ ...(cpu === undefined ? {} : { cpu: `${cpu}m` }), ...(memory === undefined ? {} : { memory: `${memory}Mi` }) });
  const requests = amounts(row.cpuMillis, row.memoryMi);
  const limits = amounts(row.cpuLimitMillis, row.memoryLimitMi);
  return { ...(Object.keys(requests).length === 0 ? {} : { requests }), ...(Object.keys(limits).length === 0 ? {} : { limits }) };
}

function probe(input: Probe): JsonObject {
  const how = input.http === undefined
    ? input.exec === undefined ? { tcpSocket: { port: input.port } } : { exec: { command: input.exec } }
    : { httpGet: { path: input.http, port: input.port } };
  return { ...how, initialDelaySeconds: input.delaySeconds, periodSeconds: input.periodSeconds };
}

function mainContainer(row: Row): JsonObject {
  const mounts = [
    ...(row.emptyDirs ?? []).map((path) => ({ name: volumeName(path), mountPath: path })),
    ...(row.configMaps ?? []).map((name) => ({ name, mountPath: `/etc/${name}` })),
    ...(row.claims ?? []).map(({ name, mountPath }) => ({ name, mountPath })),
  ];
  return {
    name: row.container ?? row.name, image: row.image, imagePullPolicy: row.image.startsWith("ghcr.io/sesacthon") ? "Always" : "IfNotPresent",
    ...(row.command === undefined ? {} : { command: row.command }),
    ...(row.ports === undefined ? {} : { ports: row.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })) }),
    ...(row.env === undefined ? {} : { env: Object.entries(row.env).map(([name, value]) => ({ name, value })) }),
    resources: resources(row),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
    ...(row.liveness === undefined ? {} : { livenessProbe: probe(row.liveness) }),
    ...(row.readiness === undefined ? {} : { readinessProbe: probe(row.readiness) }),
  };
}

function volumeName(path: string): string { return path.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, ""); }

function affinity(row: Row): JsonObject {
  const term = (value: string): JsonObject => ({ matchExpressions: [{ key: "workload", operator: "In", values: [value] }] });
  const node = {
    ...(row.affinityWorkload === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term(row.affinityWorkload)] } }),
    ...(row.prefersWorkload === undefined ? {} : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term(row.prefersWorkload) }] }),
  };
  const spread = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: row.name } } } }] };
  return { ...(Object.keys(node).length === 0 ? {} : { nodeAffinity: node }), ...(row.spreads === true ? { podAntiAffinity: spread } : {}) };
}

function tolerations(row: Row): Json[] {
  if (row.everywhere === true) return [{ operator: "Exists" }];
  return row.toleratesControlPlane === true ? [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }] : [];
}

export function podLabels(row: Row): Record<string, string> {
  return { app: row.name, "app.kubernetes.io/name": row.name, ...row.labels, ...(row.behaviour === undefined ? {} : { [behaviourLabel]: row.behaviour }) };
}

export function podTemplate(row: Row): JsonObject {
  const selector = { ...row.nodeSelector, ...(row.workload === undefined ? {} : { workload: row.workload }) };
  const wished = affinity(row);
  const tolerated = tolerations(row);
  const volumes = [
    ...(row.emptyDirs ?? []).map((path) => ({ name: volumeName(path), emptyDir: {} })),
    ...(row.configMaps ?? []).map((name) => ({ name, configMap: { name } })),
  ];
  return {
    metadata: { labels: podLabels(row), ...(row.annotations === undefined ? {} : { annotations: row.annotations }) },
    spec: {
      containers: [mainContainer(row), ...(row.sidecars ?? []).map(({ name, image, cpuMillis }) => ({ name, image, resources: cpuMillis === undefined ? {} : resources({ cpuMillis }) }))],
      ...(row.init === undefined ? {} : { initContainers: row.init.map(({ name, image }) => ({ name, image })) }),
      ...(volumes.length === 0 ? {} : { volumes }),
      ...(Object.keys(selector).length === 0 ? {} : { nodeSelector: selector }),
      ...(Object.keys(wished).length === 0 ? {} : { affinity: wished }),
      ...(tolerated.length === 0 ? {} : { tolerations: tolerated }),
      ...(row.hostNetwork === true ? { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" } : {}),
      ...(row.priority === undefined ? {} : { priorityClassName: row.priority }),
      terminationGracePeriodSeconds: 30,
    },
  };
}

function metadata(row: Row): JsonObject {
  return { namespace: row.namespace, name: row.name, labels: { app: row.name, "app.kubernetes.io/name": row.name, ...row.labels } };
}

const selectorOf = (row: Row): JsonObject => ({ matchLabels: { app: row.name } });

export function deployment(row: Row): JsonObject {
  return {
    apiVersion: "apps/v1", kind: "Deployment", metadata: metadata(row),
    spec: {
      replicas: row.replicas ?? 1, selector: selectorOf(row), template: podTemplate(row), revisionHistoryLimit: 5,
      ...(row.image.startsWith("ghcr.io/sesacthon") ? { minReadySeconds: 10, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } } : {}),
    },
  };
}

export function statefulSet(row: Row): JsonObject {
  return {
    apiVersion: "apps/v1", kind: "StatefulSet", metadata: metadata(row),
    spec: {
      serviceName: row.name, replicas: row.replicas ?? 1, selector: selectorOf(row), template: podTemplate(row), podManagementPolicy: "OrderedReady",
      ...(row.claims === undefined ? {} : {
        volumeClaimTemplates: row.claims.map(({ name, gibibytes }) => ({
          metadata: { name }, spec: { accessModes: ["ReadWriteOnce"], storageClassName: "gp3", resources: { requests: { storage: `${gibibytes}Gi` } } },
        })),
      }),
    },
  };
}

export function daemonSet(row: Row): JsonObject {
  return {
    apiVersion: "apps/v1", kind: "DaemonSet", metadata: metadata(row),
    spec: { selector: selectorOf(row), template: podTemplate({ ...row, everywhere: true, priority: row.priority ?? "system-node-critical" }) },
  };
}

export interface ServiceInput { namespace: string; name: string; app?: string; ports: { name?: string; port: number; target: number; nodePort?: number }[]; headless?: boolean; clusterIp?: string }

export function service(input: ServiceInput): JsonObject {
  const nodePort = input.ports.some((port) => port.nodePort !== undefined);
  return {
    apiVersion: "v1", kind: "Service", metadata: { namespace: input.namespace, name: input.name, labels: { app: input.app ?? input.name } },
    spec: {
      selector: { app: input.app ?? input.name }, type: nodePort ? "NodePort" : "ClusterIP",
      ...(input.headless === true ? { clusterIP: "None" } : input.clusterIp === undefined ? {} : { clusterIP: input.clusterIp }),
      ports: input.ports.map(({ name, port, target, nodePort: fixed }) => ({ ...(name === undefined ? {} : { name }), port, targetPort: target, protocol: "TCP", ...(fixed === undefined ? {} : { nodePort: fixed }) })),
    },
  };
}

export function disruptionBudget(input: { namespace: string; name: string; minAvailable: number }): JsonObject {
  return {
    apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { namespace: input.namespace, name: input.name },
    spec: { minAvailable: input.minAvailable, selector: { matchLabels: { app: input.name } } },
  };
}

export interface AutoscalerInput { namespace: string; name: string; min: number; max: number; cpuPercent: number; memoryPercent?: number; target?: { apiVersion: string; kind: string } }

export function autoscaler(input: AutoscalerInput): JsonObject {
  const metric = (name: string, averageUtilization: number): JsonObject => ({ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } });
  return {
    apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { namespace: input.namespace, name: input.name },
    spec: {
      scaleTargetRef: { ...(input.target ?? { apiVersion: "apps/v1", kind: "Deployment" }), name: input.name }, minReplicas: input.min, maxReplicas: input.max,
      metrics: [metric("cpu", input.cpuPercent), ...(input.memoryPercent === undefined ? [] : [metric("memory", input.memoryPercent)])],
    },
  };
}
