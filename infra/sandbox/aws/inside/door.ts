// How what acts for AWS inside a cluster reaches the account: as a service, by actions, with the cluster's own tags.
import { listAt, textAt, type Json, type JsonObject } from "../../json.ts";
import type { XmlValue } from "../xml.ts";

export interface Account {
  serviceCall(call: { service: string; action: string; input: JsonObject; as: string; machine?: string }): { [element: string]: XmlValue };
}

export interface Door {
  cluster: string;
  ec2(action: string, input: JsonObject): Json;
  elb(action: string, input: JsonObject): Json;
}

/** `machine`: what is asked of EC2 is asked with the rights of that instance's role; left out, with all. */
export function openDoor(account: Account, cluster: string, machine?: string): Door {
  const ask = (service: string, as: string) => (action: string, input: JsonObject): Json =>
    account.serviceCall({ service, action, input, as, ...(machine === undefined || service !== "ec2" ? {} : { machine }) });
  return { cluster, ec2: ask("ec2", "ec2.amazonaws.com"), elb: ask("elasticloadbalancing", "elasticloadbalancing.amazonaws.com") };
}

export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Does it, unless it is done already: the codes named are no errors. */
export function unless(codes: readonly string[], act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!codes.includes(codeOf(error))) throw error;
  }
}

export const tagsOf = (tags: Record<string, string>): JsonObject[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** `aws:///<zone>/<instance>` (source: cloud-provider-aws, "Node names and provider ids"). */
export function instanceIdOf(node: Json): string {
  return /^aws:\/\/\/[^/]+\/(i-[0-9a-f]+)$/.exec(textAt(node, "spec", "providerID"))?.[1] ?? "";
}

/** The network, groups and ids of those nodes that the account knows. */
export function machinesOf({ ec2 }: Door, nodes: readonly Json[]): { vpcId: string; groupIds: string[]; instanceIds: string[] } {
  const wanted = nodes.map(instanceIdOf).filter((id) => id !== "");
  const reservations = wanted.length === 0 ? [] : listAt(ec2("DescribeInstances", { Filter: [{ Name: "instance-id", Value: wanted }, { Name: "instance-state-name", Value: ["running"] }] }), "reservationSet");
  const instances = reservations.flatMap((one) => listAt(one, "instancesSet"));
  return {
    vpcId: textAt(instances[0], "vpcId"), instanceIds: instances.map((one) => textAt(one, "instanceId")),
    groupIds: [...new Set(instances.flatMap((one) => listAt(one, "groupSet").map((group) => textAt(group, "groupId"))))],
  };
}
