// What each field of a blueprint means, and what the reference system used; shown beside the field.

export interface FieldNote { label: string; means: string; reference: string }

/** By the field's name within its part; indices of lists are left out. */
export const fieldNotes = {
  "name": { label: "Name", means: "The cluster's short name: in addresses, tags and the names of what is made on AWS. It cannot change later.", reference: "prod-sesacthon on the VPC, sesacthon elsewhere; one name is used everywhere here" },
  "region": { label: "Region", means: "Where everything stands. Zones of the subnets are of this region.", reference: "ap-northeast-2" },
  "kubernetesVersion": { label: "Kubernetes version", means: "Of kubeadm, kubelet and the control plane; pinned, never the newest by itself.", reference: "1.28.4" },
  "tiers.pools.name": { label: "Pool", means: "The first machine's name; further ones get -2, -3. Node, host and instance are named so.", reference: "k8s-master, k8s-worker-1, k8s-storage …" },
  "tiers.pools.role": { label: "Role", means: "One pool of one machine is the control plane; all others are workers.", reference: "one master without a second" },
  "tiers.pools.count": { label: "Machines", means: "How many machines the pool has.", reference: "1 in every pool" },
  "tiers.pools.instanceType": { label: "Type", means: "Size of the machine. Its pods are bounded by 110 with Calico, not by its network interfaces.", reference: "t3.large for master, storage, monitoring; t3.medium for workers; t3.small for data services" },
  "tiers.pools.rootVolumeGib": { label: "Disk, GiB", means: "The root volume: gp3, encrypted. Images, logs and, on the control plane, etcd.", reference: "30–100; 80 on the master" },
  "tiers.pools.zone": { label: "Zone", means: "One zone, or spread over the zones of the subnets.", reference: "2a, 2b and 2c by hand" },
  "tiers.pools.zoneFull": { label: "Zone full", means: "What happens when the zone has no machine of this type left: wait, or take the next zone.", reference: "not decided" },
  "tiers.pools.spot": { label: "Spot", means: "Cheaper, and AWS may take the machine away with two minutes' notice.", reference: "none" },
  "tiers.pools.labels": { label: "Labels", means: "On the node from its first moment; workloads choose machines by them. One key=value per line.", reference: "workload=application, async-workers, storage …, and role=…" },
  "tiers.pools.taints": { label: "Taints", means: "Keep pods away that do not tolerate them. One key=value:Effect per line.", reference: "none but the control plane's own, so that anything could land anywhere" },
  "network.vpcCidr": { label: "VPC", means: "The private range of all machines, /16 to /28.", reference: "10.0.0.0/16" },
  "network.subnets": { label: "Subnets", means: "One public subnet per zone, inside the VPC. There is no NAT gateway: each would cost about $32 a month.", reference: "10.0.1.0/24, 10.0.2.0/24, 10.0.3.0/24 in three zones" },
  "network.podCidr": { label: "Pods", means: "Addresses of pods, in blocks of 64 per node. May not overlap the VPC.", reference: "192.168.0.0/16" },
  "network.serviceCidr": { label: "Services", means: "Addresses of Services. May overlap neither VPC nor pods.", reference: "10.96.0.0/12" },
  "cni": { label: "CNI", means: "Calico with VXLAN and without BGP: one UDP port between nodes is all it needs.", reference: "Calico 3.26 with VXLAN, after Flannel failed" },
  "access.adminCidrs": { label: "Administrators", means: "Who may reach the API server on 6443 (and SSH where open): the console's own address, and yours. One range per line.", reference: "0.0.0.0/0, which its own audit calls critical" },
  "access.openToWorld": { label: "Open to the world", means: "The explicit yes without which 0.0.0.0/0 is refused.", reference: "open for 22, 6443 and all NodePorts" },
  "access.ssh": { label: "SSH", means: "Port 22 for the administrators. Without it machines are reached by SSM Session Manager.", reference: "open to 0.0.0.0/0, with SSM beside it" },
  "access.publicKey": { label: "Public key", means: "An OpenSSH public key for the machines; may stay empty while SSH is closed.", reference: "k8s-cluster-key" },
  "addOns.chosen": { label: "Add-ons", means: "What is installed into the cluster, from pinned and checksummed sources.", reference: "all of them, several without a pinned version" },
  "addOns.mirror": { label: "Mirror", means: "Where manifests come from instead of their publishers; empty for the publishers.", reference: "none" },
  "ingress.domain": { label: "Domain", means: "The domain of Ingresses; empty for none yet. With one, a load balancer is part of the cost.", reference: "growbin.app, with paths for each service" },
  "ingress.certificateArn": { label: "Certificate", means: "The ARN of a certificate in ACM of the same region; empty for none.", reference: "one for the domain and its wildcard" },
  "tags": { label: "Tags", means: "On everything that is made, beside the console's own. One key=value per line.", reference: "Project, ManagedBy, Environment, Team" },
} as const satisfies Record<string, FieldNote>;

export type NotedField = keyof typeof fieldNotes;
