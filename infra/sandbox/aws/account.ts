// The account that the imitation serves, with the network and the machines of the cluster that was there before.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Machine } from "../machines/catalogue.ts";
import { images } from "./ec2/images.ts";
import { addAwsPolicies } from "./iam/policies.ts";
import { emptyState, type SecurityRule, type State, type Subnet } from "./state.ts";

/** The example account of AWS' guides. */
const accountId = "123456789012";

function idOf(prefix: string, seed: string): string {
  return `${prefix}-0${createHash("sha256").update(`${prefix}/${seed}`).digest("hex").slice(0, 16)}`;
}

export function createAccount(machines: readonly Machine[], { launchedAtMs, seed }: { launchedAtMs: number; seed: string }): State {
  const state = emptyState({ accountId, region: machines[0]?.region ?? "ap-northeast-2", seed });
  addAwsPolicies(state);
  if (machines.length === 0) return state;
  addBoundary(state, launchedAtMs);
  addCluster(state, machines, launchedAtMs);
  return state;
}

/** Whoever sets the console up makes this policy once; an account that is in use has it. */
function addBoundary(state: State, createdAtMs: number): void {
  const [path, name, id] = ["/quarterdeck/", "quarterdeck-boundary", "ANPAIOSFODNN7EXAMPLE0"];
  const document = readFileSync(new URL("../../aws/boundary-policy.json", import.meta.url), "utf8");
  state.policy[id] = { id, createdAtMs, tags: {}, name, path, arn: `arn:aws:iam::${accountId}:policy${path}${name}`, versions: { v1: { document } }, defaultVersion: "v1", description: "", awsManaged: false };
}

/** Ids of the old cluster are the same at every start. */
function addCluster(state: State, machines: readonly Machine[], launchedAtMs: number): void {
  const net = addNetwork(state, launchedAtMs);
  const thing = (prefix: string, name: string, tags: Record<string, string> = {}) => ({ id: idOf(prefix, name), createdAtMs: launchedAtMs, tags });
  const key = thing("key", "k8s-cluster-key");
  state.keyPair[key.id] = { ...key, name: "k8s-cluster-key", fingerprint: "1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca", type: "rsa", publicKey: "" };
  const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
  const role = { ...thing("role", "prod-k8s-ec2-ssm-role"), id: "AROAIOSFODNN7EXAMPLE0" };
  state.role[role.id] = { ...role, name: "prod-k8s-ec2-ssm-role", path: "/", description: "", trust, boundaryArn: null, maxSessionSeconds: 3600, inline: {}, attached: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"] };
  const profile = { ...thing("profile", "prod-k8s-node-profile"), id: "AIPAIOSFODNN7EXAMPLE0" };
  state.profile[profile.id] = { ...profile, name: "prod-k8s-node-profile", path: "/", roleName: "prod-k8s-ec2-ssm-role", changedAtMs: launchedAtMs };
  machines.forEach((machine, index) => addMachine(state, machine, { ...net, launchedAtMs: launchedAtMs + index * 4000 }));
}

interface Network { vpcId: string; subnetOf: (zone: string) => Subnet | undefined; groupOf: (controlPlane: boolean) => string }

/** Source: domain.md §2.1 and §2.2. */
function addNetwork(state: State, createdAtMs: number): Network {
  const named = (prefix: string, name: string, tags: Record<string, string> = {}) => ({ id: idOf(prefix, name), createdAtMs, tags: { Name: name, ...tags } });
  const vpc = named("vpc", "prod-k8s-vpc", { "kubernetes.io/cluster/prod-sesacthon": "shared" });
  state.vpc[vpc.id] = { ...vpc, cidr: "10.0.0.0/16", dnsSupport: true, dnsHostnames: true };
  const gateway = named("igw", "prod-igw");
  state.gateway[gateway.id] = { ...gateway, vpcId: vpc.id };
  const subnets = ["a", "b", "c"].map((letter, index): Subnet => {
    const zone = `${state.region}${letter}`;
    return { ...named("subnet", zone, { Name: `prod-public-subnet-${index + 1}`, "kubernetes.io/role/elb": "1" }), vpcId: vpc.id, cidr: `10.0.${index + 1}.0/24`, zone, mapPublicIp: true };
  });
  for (const subnet of subnets) state.subnet[subnet.id] = subnet;
  const main = { id: idOf("rtb", "main"), createdAtMs, tags: {} };
  state.routeTable[main.id] = { ...main, vpcId: vpc.id, main: true, routes: [], associations: [] };
  const table = named("rtb", "prod-public-rt");
  state.routeTable[table.id] = { ...table, vpcId: vpc.id, main: false, routes: [{ destination: "0.0.0.0/0", target: gateway.id }], associations: subnets.map(({ id }) => ({ id: idOf("rtbassoc", id), subnetId: id })) };
  const base = { id: idOf("sg", "default"), createdAtMs, tags: {} };
  state.group[base.id] = { ...base, vpcId: vpc.id, name: "default", description: "default VPC security group" };
  addGroups(state, vpc.id, createdAtMs);
  return { vpcId: vpc.id, subnetOf: (zone) => subnets.find((one) => one.zone === zone), groupOf: (controlPlane) => idOf("sg", controlPlane ? master : worker) };
}

const [master, worker] = ["prod-k8s-master-sg", "prod-k8s-worker-sg"];
type Open = [protocol: string, from: number, to: number, source: string];
const opened: Record<string, Open[]> = {
  [master]: [["tcp", 22, 22, "0.0.0.0/0"], ["tcp", 6443, 6443, "0.0.0.0/0"], ["tcp", 6443, 6443, worker], ["tcp", 2379, 2380, master], ["tcp", 10250, 10250, master], ["tcp", 10250, 10252, worker], ["udp", 4789, 4789, master], ["udp", 4789, 4789, worker]],
  [worker]: [["tcp", 22, 22, "0.0.0.0/0"], ["-1", -1, -1, worker], ["-1", -1, -1, master]],
};

function addGroups(state: State, vpcId: string, createdAtMs: number): void {
  for (const [name, open] of Object.entries(opened)) {
    const groupId = idOf("sg", name);
    state.group[groupId] = { id: groupId, createdAtMs, tags: { Name: name }, vpcId, name, description: "Managed by Terraform" };
    const rules: (Open | "out")[] = [...open, "out"];
    rules.forEach((rule, index) => {
      const [protocol, fromPort, toPort, source] = rule === "out" ? ["-1", -1, -1, "0.0.0.0/0"] as const : rule;
      const made: SecurityRule = { id: idOf("sgr", `${name}/${index}`), createdAtMs, tags: {}, groupId, egress: rule === "out", protocol, fromPort, toPort, cidr: source.includes("/") ? source : null, sourceGroupId: source.includes("/") ? null : idOf("sg", source), description: "" };
      state.rule[made.id] = made;
    });
  }
}

function addMachine(state: State, machine: Machine, { vpcId, subnetOf, groupOf, launchedAtMs }: Network & { launchedAtMs: number }): void {
  const id = machine.instanceId;
  const subnetId = subnetOf(machine.zone)?.id ?? "";
  const card = { id: idOf("eni", id), createdAtMs: launchedAtMs, tags: {} };
  state.networkInterface[card.id] = {
    ...card, vpcId, subnetId, zone: machine.zone, privateIp: machine.privateIp, publicIp: documentationAddress(machine.name), groupIds: [groupOf(machine.controlPlane)], description: "", requester: null,
    attachment: { id: idOf("eni-attach", id), instanceId: id, attachedAtMs: launchedAtMs, deleteOnTermination: true }, sourceDestCheck: true, goneAtMs: null,
  };
  const volume = { id: idOf("vol", id), createdAtMs: launchedAtMs, tags: {} };
  state.volume[volume.id] = { ...volume, sizeGiB: machine.rootVolumeGiB, type: "gp3", iops: 3000, zone: machine.zone, encrypted: false, snapshotId: idOf("snap", "jammy"), attachment: { instanceId: id, device: "/dev/sda1", deleteOnTermination: true, attachedAtMs: launchedAtMs } };
  state.instance[id] = {
    id, createdAtMs: launchedAtMs, tags: { ...machine.tags }, reservationId: idOf("r", id), imageId: images[0]?.id ?? "", state: "running", untilMs: null, hasMachine: false, machineGone: true, stateReason: null,
    instanceType: machine.instanceType, zone: machine.zone, vpcId, subnetId, privateIp: machine.privateIp, interfaceId: card.id, rootVolumeId: volume.id, keyName: "k8s-cluster-key", profile: "prod-k8s-node-profile",
    launchedAtMs, launchIndex: 0, clientToken: "", userData: "", spot: false, terminationProtection: false, metadata: { tokens: "optional", hopLimit: 1, endpoint: "enabled", tags: "disabled" },
  };
}

/** 203.0.113.0/24 is nobody's (RFC 5737), so that a public address shown is never a stranger's. */
function documentationAddress(name: string): string {
  return `203.0.113.${10 + (createHash("sha256").update(name).digest()[0] ?? 0) % 240}`;
}
