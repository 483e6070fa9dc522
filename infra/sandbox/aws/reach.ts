// Who may reach an instance: its groups' rules, the sender's own, and for who is outside the way through the gateway.
// Sources: "Security group rules" and "Security groups for your VPC" (stateful, additive, members of a group by private address), "Enable internet access using internet gateways", VPC User Guide.
import { contains } from "./net.ts";
import type { Instance, NetworkInterface, SecurityRule, State } from "./state.ts";

export interface Reach {
  /** A private address of the instance's network, or any outside it. */
  from: string;
  instanceId: string;
  protocol: "tcp" | "udp";
  port: number;
}

export function mayReach(state: State, { from, instanceId, protocol, port }: Reach): boolean {
  const instance = state.instance[instanceId];
  const card = instance ? state.networkInterface[instance.interfaceId] : undefined;
  if (!instance || !card) return false;
  const sender = Object.values(state.networkInterface).find((one) => one.vpcId === card.vpcId && one.privateIp === from);
  if (!sender && !hasWayIn(state, instance, card)) return false;
  const wanted = { protocol, port };
  const letIn = rulesOf(state, card, false).some((rule) => covers(rule, wanted) && (rule.cidr === null ? sender !== undefined && sender.groupIds.includes(rule.sourceGroupId ?? "") : contains(rule.cidr, from)));
  const letOut = !sender || rulesOf(state, sender, true).some((rule) => covers(rule, wanted) && (rule.cidr === null ? card.groupIds.includes(rule.sourceGroupId ?? "") : contains(rule.cidr, card.privateIp)));
  return letIn && letOut;
}

function rulesOf(state: State, card: NetworkInterface, egress: boolean): SecurityRule[] {
  return Object.values(state.rule).filter((rule) => rule.egress === egress && card.groupIds.includes(rule.groupId));
}

function covers(rule: SecurityRule, { protocol, port }: { protocol: string; port: number }): boolean {
  return rule.protocol === "-1" || (rule.protocol === protocol && rule.fromPort <= port && port <= rule.toPort);
}

/** From outside one comes only to a public address, through a gateway that the subnet's table leads to. */
function hasWayIn(state: State, instance: Instance, card: NetworkInterface): boolean {
  const isPublic = card.publicIp !== null || Object.values(state.address).some(({ interfaceId }) => interfaceId === card.id);
  const tables = Object.values(state.routeTable).filter(({ vpcId }) => vpcId === card.vpcId);
  const table = tables.find(({ associations }) => associations.some(({ subnetId }) => subnetId === instance.subnetId)) ?? tables.find(({ main }) => main);
  return isPublic && (table?.routes ?? []).some(({ destination, target }) => destination === "0.0.0.0/0" && state.gateway[target]?.vpcId === card.vpcId);
}
