// The seven-node reference cluster as its nodes and pods stood, for the tests of what we say about it.
import type { Kind, ObjectsByKind, Taint } from "@/lib/adapters/kubernetes/objects";
import { container, gib, mib, node, owned, pod, resources, workload } from "./made";

const controlPlane: Taint = { key: "node-role.kubernetes.io/control-plane", value: "", effect: "NoSchedule" };
const large = { cpuMillis: 2000, memoryBytes: 7.5 * gib, ephemeralBytes: 80 * gib, pods: 110, extended: {} };
const medium = { ...large, memoryBytes: 3.7 * gib };
const small = { ...large, memoryBytes: 1.8 * gib };

function machine(name: string, options: { label: string; size: typeof large; zone: string; type: string }) {
  return node(name, {
    allocatable: options.size, taints: options.label === "" ? [controlPlane] : [],
    labels: {
      "topology.kubernetes.io/zone": `ap-northeast-${options.zone}`, "node.kubernetes.io/instance-type": options.type,
      ...(options.label === "" ? { "node-role.kubernetes.io/control-plane": "" } : { workload: options.label }),
    },
  });
}

export const sevenNodes = [
  machine("k8s-master", { label: "", size: large, zone: "2a", type: "t3.large" }),
  machine("k8s-monitoring", { label: "monitoring", size: large, zone: "2b", type: "t3.large" }),
  machine("k8s-worker-1", { label: "application", size: medium, zone: "2b", type: "t3.medium" }),
  machine("k8s-worker-2", { label: "async-workers", size: medium, zone: "2c", type: "t3.medium" }),
  machine("k8s-rabbitmq", { label: "message-queue", size: small, zone: "2a", type: "t3.small" }),
  machine("k8s-postgresql", { label: "database", size: small, zone: "2b", type: "t3.small" }),
  machine("k8s-redis", { label: "cache", size: small, zone: "2c", type: "t3.small" }),
];

const calico = workload("DaemonSet", "calico-node", { namespace: "kube-system" });
const grafanaDeployment = workload("Deployment", "grafana", { namespace: "monitoring" });
const grafanaSet = workload("ReplicaSet", "grafana-1", { namespace: "monitoring", owner: owned(grafanaDeployment) });
const asks = (cpuMillis: number, memoryBytes = 128 * mib) => ({ requests: resources({ cpuMillis, memoryBytes }), containers: [container({ requests: resources({ cpuMillis, memoryBytes }) })] });

/** 1130m of 2000m asked on the monitoring node, as in F-43: 250 + 30 + 100 + 250 + 500. */
export const monitoringPods = [
  pod("ebs-csi-node-m", { namespace: "kube-system", nodeName: "k8s-monitoring", owner: { kind: "DaemonSet", name: "ebs-csi-node", uid: "ebs" }, spec: asks(30) }),
  pod("metrics-server-1", { namespace: "kube-system", nodeName: "k8s-monitoring", spec: { ...asks(100), nodeSelector: { workload: "monitoring" } } }),
  pod("alertmanager-0", { namespace: "monitoring", nodeName: "k8s-monitoring", spec: { ...asks(250, 256 * mib), nodeSelector: { workload: "monitoring" } } }),
  pod("grafana-1-x", { namespace: "monitoring", nodeName: "k8s-monitoring", owner: owned(grafanaSet), spec: { ...asks(500, 512 * mib), nodeSelector: { workload: "monitoring" } } }),
];

export const prometheus = pod("prometheus-0", {
  namespace: "monitoring", spec: { ...asks(1000, 2 * gib), nodeSelector: { workload: "monitoring" } },
  unscheduled: { reason: "Unschedulable", at: 0, message: "0/7 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 5 node(s) didn't match Pod's node affinity/selector. preemption: 0/7 nodes are available: 1 No preemption victims found for incoming pod, 6 Preemption is not helpful for scheduling." },
});

export const sevenNodeObjects: ObjectsByKind[Kind][] = [
  ...sevenNodes, calico, grafanaDeployment, grafanaSet, prometheus, ...monitoringPods,
  ...sevenNodes.map((each) => pod(`calico-node-${each.name}`, { namespace: "kube-system", nodeName: each.name, owner: owned(calico), spec: asks(250) })),
];
