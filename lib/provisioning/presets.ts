// Blueprints to start from: the reference system's layouts, with its contradictions settled.
import type { Tier } from "../placement/model";
import type { AddOnName, Blueprint, Pool } from "./model";

export const presetNames = ["four-node", "seven-node"] as const;
export type PresetName = (typeof presetNames)[number];

export interface Preset { name: PresetName; title: string; say: string }
export const presets: readonly Preset[] = [
  { name: "four-node", title: "Four nodes", say: "One machine per tier: the reference system's v2.0. Cheapest; each tier stops with its machine." },
  { name: "seven-node", title: "Seven nodes", say: "Monitoring apart from the control plane, and a machine each for RabbitMQ, PostgreSQL and Redis." },
];

const region = "ap-northeast-2";
const zone = (letter: "a" | "b" | "c"): string => `${region}${letter}`;

interface Sketch { name: string; type: string; gib: number; zone: "a" | "b" | "c"; workload: string; role: string }

const worker = ({ name, type, gib, zone: letter, workload, role }: Sketch): Pool => ({
  name, role: "worker", count: 1, instanceType: type, rootVolumeGib: gib, zone: zone(letter), zoneFull: "next-zone", spot: false, labels: { workload, role }, taints: [],
});
/** kubeadm sets the control plane's label and taint itself. */
const master: Pool = { name: "k8s-master", role: "control-plane", count: 1, instanceType: "t3.large", rootVolumeGib: 80, zone: zone("a"), zoneFull: "next-zone", spot: false, labels: {}, taints: [] };
const api = worker({ name: "k8s-worker-1", type: "t3.medium", gib: 40, zone: "b", workload: "application", role: "application" });
const workers = worker({ name: "k8s-worker-2", type: "t3.medium", gib: 40, zone: "c", workload: "async-workers", role: "workers" });

const pools: Record<PresetName, Record<Tier, Pool[]>> = {
  "four-node": { 1: [master], 2: [api], 3: [workers], 4: [worker({ name: "k8s-storage", type: "t3.large", gib: 100, zone: "a", workload: "storage", role: "storage" })] },
  "seven-node": {
    1: [master, worker({ name: "k8s-monitoring", type: "t3.large", gib: 60, zone: "b", workload: "monitoring", role: "monitoring" })],
    2: [api],
    3: [workers],
    4: [
      worker({ name: "k8s-rabbitmq", type: "t3.small", gib: 40, zone: "a", workload: "message-queue", role: "message-queue" }),
      worker({ name: "k8s-postgresql", type: "t3.small", gib: 60, zone: "b", workload: "database", role: "database" }),
      worker({ name: "k8s-redis", type: "t3.small", gib: 30, zone: "c", workload: "cache", role: "cache" }),
    ],
  },
};

const addOns: readonly AddOnName[] = [
  "aws-ebs-csi-driver", "metrics-server", "cert-manager", "aws-load-balancer-controller", "argo-cd", "kube-prometheus-stack", "argo-rollouts", "rabbitmq", "postgresql", "redis",
];

/** `adminCidr`: the address from which the console reaches AWS, "" where that is not known and somebody has to say it. */
export function presetBlueprint(preset: PresetName, { name, adminCidr }: { name: string; adminCidr: string }): Blueprint {
  return {
    version: 1,
    name,
    region,
    kubernetesVersion: "1.36.3",
    tiers: ([1, 2, 3, 4] as const).map((tier) => ({ tier, pools: structuredClone(pools[preset][tier]) })),
    network: {
      vpcCidr: "10.0.0.0/16",
      subnets: (["a", "b", "c"] as const).map((letter, at) => ({ zone: zone(letter), cidr: `10.0.${at + 1}.0/24` })),
      podCidr: "192.168.0.0/16",
      serviceCidr: "10.96.0.0/12",
    },
    cni: { name: "calico", encapsulation: "vxlan" },
    access: { adminCidrs: adminCidr === "" ? [] : [adminCidr], ssh: false, openToWorld: false, publicKey: "" },
    addOns: { chosen: [...addOns], mirror: "" },
    ingress: { domain: "", certificateArn: "" },
    tags: {},
  };
}
