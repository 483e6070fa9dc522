// kubeadm's configuration files (v1beta4) for a control plane and for a node that joins.
import type { BootInput, BootTaint } from "./input";

/** Documents as JSON, which is YAML too: a value cannot leave its quotes. */
function documents(...all: object[]): string {
  return all.map((one) => JSON.stringify(one)).join("\n---\n");
}

function taintOf({ key, value, effect }: BootTaint): object {
  return { key, effect, ...(value === "" ? {} : { value }) };
}

/** What the kubelet registers its node with; provider id and address are the instance's own and reach it through /etc/default/kubelet. */
function nodeRegistration(input: BootInput): object {
  const labels = {
    ...input.labels,
    "node.kubernetes.io/instance-type": input.instanceType,
    "topology.kubernetes.io/region": input.region,
    "topology.kubernetes.io/zone": input.zone,
  };
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort();
  return {
    name: input.nodeName,
    criSocket: "unix:///run/containerd/containerd.sock",
    kubeletExtraArgs: [{ name: "node-labels", value: pairs.join(",") }],
    // Without any of its own a control plane gets kubeadm's taint, and a worker none.
    ...(input.role === "worker" || input.taints.length > 0 ? { taints: input.taints.map(taintOf) } : {}),
  };
}

export function initConfiguration(input: BootInput): string {
  const api = { apiVersion: "kubeadm.k8s.io/v1beta4" };
  return documents(
    { ...api, kind: "InitConfiguration", nodeRegistration: nodeRegistration(input), bootstrapTokens: [{ ttl: "10m0s", description: "made by init; the nodes' own is made after it" }] },
    {
      ...api, kind: "ClusterConfiguration", clusterName: input.clusterName, kubernetesVersion: `v${input.kubernetesVersion}`,
      controlPlaneEndpoint: `${input.endpointName}:6443`,
      networking: { podSubnet: input.podCidr, serviceSubnet: input.serviceCidr, dnsDomain: "cluster.local" },
      apiServer: { certSANs: [input.endpointName, ...input.publicNames] },
      // Small keys: the administrator's kubeconfig fits into one standard SSM parameter of 4 kB.
      encryptionAlgorithm: "ECDSA-P256",
    },
    { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration", cgroupDriver: "systemd", rotateCertificates: true },
  );
}

/** All of a JoinConfiguration but its discovery, which the node adds from the join material. */
export function joinConfigurationHead(input: BootInput): string {
  return ["apiVersion: kubeadm.k8s.io/v1beta4", "kind: JoinConfiguration", `nodeRegistration: ${JSON.stringify(nodeRegistration(input))}`].join("\n");
}
