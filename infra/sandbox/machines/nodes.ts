// A machine as its Node object: what kubelet and the cloud's own controller would have written.
import { createHash } from "node:crypto";
import type { JsonObject } from "../json.ts";
import { capacities, type Machine } from "./catalogue.ts";

export const managedAnnotation = "sandbox.quarterdeck.dev/machine";
export const kubeletPort = 10250;

function idFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function internalName(machine: Machine): string {
  return `ip-${machine.privateIp.replaceAll(".", "-")}.${machine.region}.compute.internal`;
}

export function labelsOf(machine: Machine): Record<string, string> {
  return {
    "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", "kubernetes.io/hostname": machine.name,
    "node.kubernetes.io/instance-type": machine.instanceType,
    "topology.kubernetes.io/region": machine.region, "topology.kubernetes.io/zone": machine.zone,
    "topology.ebs.csi.aws.com/zone": machine.zone,
    ...machine.labels,
  };
}

function statusOf(machine: Machine, kubeletVersion: string): JsonObject {
  const size = capacities[machine.instanceType];
  const disk = String(machine.rootVolumeGiB * 1024 * 1024);
  return {
    capacity: { cpu: String(size.cpuMillis / 1000), memory: `${size.memoryMiB}Mi`, pods: String(size.pods), "ephemeral-storage": `${disk}Ki`, "hugepages-1Gi": "0", "hugepages-2Mi": "0" },
    allocatable: { cpu: `${size.allocatableCpuMillis}m`, memory: `${size.allocatableMemoryMiB}Mi`, pods: String(size.pods), "ephemeral-storage": `${Math.floor(machine.rootVolumeGiB * 1024 * 1024 * 0.9)}Ki`, "hugepages-1Gi": "0", "hugepages-2Mi": "0" },
    addresses: [
      { type: "InternalIP", address: machine.privateIp },
      { type: "InternalDNS", address: internalName(machine) },
      { type: "Hostname", address: machine.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      architecture: "amd64", operatingSystem: "linux", osImage: "Ubuntu 22.04.5 LTS", kernelVersion: "6.8.0-1040-aws", containerRuntimeVersion: "containerd://1.7.28",
      kubeletVersion, kubeProxyVersion: "", machineID: idFrom(`machine/${machine.instanceId}`).replaceAll("-", ""),
      systemUUID: idFrom(`system/${machine.instanceId}`), bootID: idFrom(`boot/${machine.instanceId}`),
    },
  };
}

export function nodeOf(machine: Machine, kubeletVersion: string): JsonObject {
  return {
    apiVersion: "v1", kind: "Node",
    metadata: {
      name: machine.name,
      labels: labelsOf(machine),
      annotations: {
        [managedAnnotation]: "yes",
        "node.alpha.kubernetes.io/ttl": "0",
        "projectcalico.org/IPv4Address": `${machine.privateIp}/24`,
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
      },
    },
    spec: {
      podCIDR: machine.podCidr, podCIDRs: [machine.podCidr],
      providerID: `aws:///${machine.zone}/${machine.instanceId}`,
      ...(machine.taints.length === 0 ? {} : { taints: machine.taints.map((taint) => ({ ...taint })) }),
    },
    status: statusOf(machine, kubeletVersion),
  };
}
