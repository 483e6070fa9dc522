// The control plane's own pods as its kubelet mirrors them: static pods that no controller keeps.
import { createHash } from "node:crypto";
import type { Machine } from "../machines/catalogue.ts";
import type { JsonObject } from "../json.ts";

const parts = [
  { name: "etcd", image: "registry.k8s.io/etcd:3.6.8-0", cpu: "100m", memory: "100Mi" },
  { name: "kube-apiserver", image: "registry.k8s.io/kube-apiserver:v1.36.3", cpu: "250m" },
  { name: "kube-controller-manager", image: "registry.k8s.io/kube-controller-manager:v1.36.3", cpu: "200m" },
  { name: "kube-scheduler", image: "registry.k8s.io/kube-scheduler:v1.36.3", cpu: "100m" },
];

export function staticPods(machine: Machine, nodeUid: string): JsonObject[] {
  return parts.map(({ name, image, cpu, memory }) => {
    const hash = createHash("md5").update(`${machine.instanceId}/${image}`).digest("hex");
    return {
      apiVersion: "v1", kind: "Pod",
      metadata: {
        namespace: "kube-system", name: `${name}-${machine.name}`, labels: { component: name, tier: "control-plane" },
        annotations: { "kubernetes.io/config.mirror": hash, "kubernetes.io/config.hash": hash, "kubernetes.io/config.source": "file" },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: machine.name, uid: nodeUid, controller: true }],
      },
      spec: {
        nodeName: machine.name, hostNetwork: true, priorityClassName: "system-node-critical",
        containers: [{ name, image, command: [name], resources: { requests: { cpu, ...(memory === undefined ? {} : { memory }) } } }],
        tolerations: [{ operator: "Exists", effect: "NoExecute" }],
      },
    };
  });
}

/** What the volume plug-in tells of its node: how many volumes it takes, and where it stands. */
export function csiNode(machine: Machine, nodeUid: string): JsonObject {
  return {
    apiVersion: "storage.k8s.io/v1", kind: "CSINode",
    metadata: { name: machine.name, ownerReferences: [{ apiVersion: "v1", kind: "Node", name: machine.name, uid: nodeUid }] },
    spec: { drivers: [{ name: "ebs.csi.aws.com", nodeID: machine.instanceId, topologyKeys: ["topology.ebs.csi.aws.com/zone"], allocatable: { count: 25 } }] },
  };
}
