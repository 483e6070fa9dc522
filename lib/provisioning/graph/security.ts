// The security groups and every rule in them: what nodes need of each other, what administrators need, and nothing from the world.
import type { Blueprint } from "../model";
import type { Ref, Resource, WantedFields } from "./model";
import { isRef, makeResource, refTo, type Shared } from "./resource";

export const groupNames = ["control-plane", "worker"] as const;
export type GroupName = (typeof groupNames)[number];

interface Port { protocol: "tcp" | "udp"; port: number; last?: number; from: readonly (GroupName | "admins")[]; why: string }

/**
 * The reference system's matrix, hardened: its rules for the whole world (6443, 80, 443, NodePorts), "all from the master" and "all among workers" are gone.
 * NodePorts are opened by the load balancer controller, to its own group alone.
 */
const matrix: Record<GroupName, readonly Port[]> = {
  "control-plane": [
    { protocol: "tcp", port: 6443, from: ["admins", "worker", "control-plane"], why: "API server" },
    { protocol: "tcp", port: 2379, last: 2380, from: ["control-plane"], why: "etcd" },
    { protocol: "tcp", port: 10250, from: ["control-plane", "worker"], why: "kubelet" },
    { protocol: "tcp", port: 10257, from: ["control-plane"], why: "controller-manager" },
    { protocol: "tcp", port: 10259, from: ["control-plane"], why: "scheduler" },
    { protocol: "udp", port: 4789, from: ["control-plane", "worker"], why: "VXLAN between pods" },
    { protocol: "tcp", port: 5473, from: ["control-plane", "worker"], why: "Calico Typha" },
    { protocol: "tcp", port: 9100, from: ["worker"], why: "node-exporter" },
  ],
  "worker": [
    { protocol: "tcp", port: 10250, from: ["control-plane", "worker"], why: "kubelet" },
    { protocol: "tcp", port: 10256, from: ["worker"], why: "kube-proxy health" },
    { protocol: "udp", port: 4789, from: ["control-plane", "worker"], why: "VXLAN between pods" },
    { protocol: "tcp", port: 5473, from: ["control-plane", "worker"], why: "Calico Typha" },
    { protocol: "tcp", port: 9100, from: ["worker"], why: "node-exporter" },
  ],
};
/** It stands on the machines' own network, so the API server asks it at the machine's address. */
const balancerWebhook: Port = { protocol: "tcp", port: 9443, from: ["control-plane"], why: "load balancer controller's webhook" };
const ssh: Port = { protocol: "tcp", port: 22, from: ["admins"], why: "SSH" };

export function securityOf({ name, access, addOns }: Blueprint, shared: Shared): Resource[] {
  return groupNames.flatMap((group): Resource[] => [
    makeResource(shared)(["security-group", group], { vpc: refTo("vpc", "main"), groupName: `${name}-${group}`, description: `Quarterdeck: ${group} of ${name}` }),
    makeRule(shared, group, { direction: "egress", protocol: "all", fromPort: -1, toPort: -1, peer: "0.0.0.0/0", description: "everything outwards" }),
    ...[...matrix[group], ...(access.ssh ? [ssh] : []), ...(group === "worker" && addOns.chosen.includes("aws-load-balancer-controller") ? [balancerWebhook] : [])].flatMap((port) => port.from.flatMap((from) =>
      (from === "admins" ? access.adminCidrs : [refTo("security-group", from)]).map((peer) =>
        makeRule(shared, group, { direction: "ingress", protocol: port.protocol, fromPort: port.port, toPort: port.last ?? port.port, peer, description: port.why })))),
  ]);
}

function makeRule(shared: Shared, group: GroupName, rule: Omit<WantedFields["security-group-rule"], "group">): Resource {
  return makeResource(shared)(["security-group-rule", ruleName(group, rule)], { group: refTo("security-group", group), ...rule });
}

function ruleName(group: GroupName, { direction, protocol, fromPort, toPort, peer }: Omit<WantedFields["security-group-rule"], "group">): string {
  const ports = protocol === "all" ? "all" : `${protocol}-${fromPort}${toPort === fromPort ? "" : `-${toPort}`}`;
  return `${group}-${direction}-${ports}-${direction === "ingress" ? "from" : "to"}-${peerName(peer)}`;
}

const peerName = (peer: string | Ref): string => (isRef(peer) ? (peer.ref.split("/")[1] ?? "") : peer);
