// What may be made and unmade in a network: each call sends exactly one request. Tags go with the create, so that nothing is ever there without its mark.
import "server-only";
import * as api from "@aws-sdk/client-ec2";
import type { Acting } from "./acting";
import type { Line } from "./clients";
import { AppError } from "@/lib/base/errors";
import type { Tags } from "./objects";
import type { Direction, Opening } from "./objects-network";

type Make<I> = (input: I, by: Acting) => Promise<string>;
type Change<I> = (input: I, by: Acting) => Promise<void>;

export interface NetworkMakes {
  createVpc: Make<{ cidr: string; tags: Tags }>;
  setVpcDns: Change<{ vpcId: string; setting: "support" | "hostnames"; on: boolean }>;
  deleteVpc: Change<string>;
  createGateway: Make<{ tags: Tags }>;
  attachGateway: Change<{ gatewayId: string; vpcId: string }>;
  detachGateway: Change<{ gatewayId: string; vpcId: string }>;
  deleteGateway: Change<string>;
  createSubnet: Make<{ vpcId: string; cidr: string; zone: string; tags: Tags }>;
  setPublicIpOnLaunch: Change<{ subnetId: string; on: boolean }>;
  deleteSubnet: Change<string>;
  createRouteTable: Make<{ vpcId: string; tags: Tags; token: string }>;
  createRoute: Change<{ tableId: string; destination: string; gatewayId: string }>;
  replaceRoute: Change<{ tableId: string; destination: string; gatewayId: string }>;
  deleteRoute: Change<{ tableId: string; destination: string }>;
  associateRouteTable: Make<{ tableId: string; subnetId: string }>;
  disassociateRouteTable: Change<string>;
  deleteRouteTable: Change<string>;
  createSecurityGroup: Make<{ vpcId: string; name: string; description: string; tags: Tags }>;
  addRule: Make<{ groupId: string; opening: Opening; description: string; tags: Tags }>;
  removeRules: Change<{ groupId: string; direction: Direction; ruleIds: readonly string[] }>;
  deleteSecurityGroup: Change<string>;
  deleteInterface: Change<string>;
  setTags: Change<{ ids: readonly string[]; tags: Tags }>;
}

type ResourceType = api.ResourceType;

/** Tags in the form of a create call. Nothing is marked when there is nothing to mark it with: AWS refuses an empty list. */
export function tagged(type: ResourceType, tags: Tags): { TagSpecifications?: api.TagSpecification[] } {
  const list = toWireTags(tags);
  return list.length === 0 ? {} : { TagSpecifications: [{ ResourceType: type, Tags: list }] };
}

export function toWireTags(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The id in an answer; an answer without one says neither yes nor no. */
export function idIn(id: string | undefined, what: string): string {
  if (id) return id;
  throw new AppError("unavailable", `AWS answered without saying which ${what} it made.`);
}

export function openNetworkMakes(line: Line): NetworkMakes {
  return { ...vpcMakes(line), ...subnetMakes(line), ...routeMakes(line), ...groupMakes(line) };
}

function vpcMakes(line: Line): Pick<NetworkMakes, "createVpc" | "setVpcDns" | "deleteVpc" | "createGateway" | "attachGateway" | "detachGateway" | "deleteGateway" | "setTags"> {
  return {
    createVpc: ({ cidr, tags }, by) => line.act({ doing: "make a network", by, send: async ({ ec2 }) => idIn((await ec2.send(new api.CreateVpcCommand({ CidrBlock: cidr, ...tagged("vpc", tags) }))).Vpc?.VpcId, "network") }),
    setVpcDns: ({ vpcId, setting, on }, by) => line.act({ doing: "set a network's DNS", by, send: async ({ ec2 }) => {
      await ec2.send(new api.ModifyVpcAttributeCommand({ VpcId: vpcId, ...(setting === "support" ? { EnableDnsSupport: { Value: on } } : { EnableDnsHostnames: { Value: on } }) }));
    } }),
    deleteVpc: (VpcId, by) => line.act({ doing: `delete the network ${VpcId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteVpcCommand({ VpcId }))) }),
    createGateway: ({ tags }, by) => line.act({ doing: "make an internet gateway", by, send: async ({ ec2 }) => idIn((await ec2.send(new api.CreateInternetGatewayCommand(tagged("internet-gateway", tags)))).InternetGateway?.InternetGatewayId, "internet gateway") }),
    attachGateway: ({ gatewayId, vpcId }, by) => line.act({ doing: "attach an internet gateway", by, send: async ({ ec2 }) => void (await ec2.send(new api.AttachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: vpcId }))) }),
    detachGateway: ({ gatewayId, vpcId }, by) => line.act({ doing: "detach an internet gateway", by, send: async ({ ec2 }) => void (await ec2.send(new api.DetachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: vpcId }))) }),
    deleteGateway: (InternetGatewayId, by) => line.act({ doing: `delete the internet gateway ${InternetGatewayId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteInternetGatewayCommand({ InternetGatewayId }))) }),
    setTags: ({ ids, tags }, by) => line.act({ doing: "set tags", by, send: async ({ ec2 }) => void (await ec2.send(new api.CreateTagsCommand({ Resources: [...ids], Tags: toWireTags(tags) }))) }),
  };
}

function subnetMakes(line: Line): Pick<NetworkMakes, "createSubnet" | "setPublicIpOnLaunch" | "deleteSubnet" | "deleteInterface"> {
  return {
    createSubnet: ({ vpcId, cidr, zone, tags }, by) => line.act({ doing: "make a subnet", by, send: async ({ ec2 }) =>
      idIn((await ec2.send(new api.CreateSubnetCommand({ VpcId: vpcId, CidrBlock: cidr, AvailabilityZone: zone, ...tagged("subnet", tags) }))).Subnet?.SubnetId, "subnet") }),
    setPublicIpOnLaunch: ({ subnetId, on }, by) => line.act({ doing: "set whether a subnet gives public addresses", by, send: async ({ ec2 }) => {
      await ec2.send(new api.ModifySubnetAttributeCommand({ SubnetId: subnetId, MapPublicIpOnLaunch: { Value: on } }));
    } }),
    deleteSubnet: (SubnetId, by) => line.act({ doing: `delete the subnet ${SubnetId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteSubnetCommand({ SubnetId }))) }),
    deleteInterface: (NetworkInterfaceId, by) => line.act({ doing: `delete the network interface ${NetworkInterfaceId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }))) }),
  };
}

function routeMakes(line: Line): Pick<NetworkMakes, "createRouteTable" | "createRoute" | "replaceRoute" | "deleteRoute" | "associateRouteTable" | "disassociateRouteTable" | "deleteRouteTable"> {
  return {
    createRouteTable: ({ vpcId, tags, token }, by) => line.act({ doing: "make a route table", by, send: async ({ ec2 }) =>
      idIn((await ec2.send(new api.CreateRouteTableCommand({ VpcId: vpcId, ClientToken: token, ...tagged("route-table", tags) }))).RouteTable?.RouteTableId, "route table") }),
    createRoute: ({ tableId, destination, gatewayId }, by) => line.act({ doing: "make a route", by, send: async ({ ec2 }) => void (await ec2.send(new api.CreateRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: destination, GatewayId: gatewayId }))) }),
    replaceRoute: ({ tableId, destination, gatewayId }, by) => line.act({ doing: "lead a route elsewhere", by, send: async ({ ec2 }) => void (await ec2.send(new api.ReplaceRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: destination, GatewayId: gatewayId }))) }),
    deleteRoute: ({ tableId, destination }, by) => line.act({ doing: "delete a route", by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: destination }))) }),
    associateRouteTable: ({ tableId, subnetId }, by) => line.act({ doing: "give a subnet its routes", by, send: async ({ ec2 }) =>
      idIn((await ec2.send(new api.AssociateRouteTableCommand({ RouteTableId: tableId, SubnetId: subnetId }))).AssociationId, "association") }),
    disassociateRouteTable: (AssociationId, by) => line.act({ doing: "take a subnet's routes from it", by, send: async ({ ec2 }) => void (await ec2.send(new api.DisassociateRouteTableCommand({ AssociationId }))) }),
    deleteRouteTable: (RouteTableId, by) => line.act({ doing: `delete the route table ${RouteTableId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteRouteTableCommand({ RouteTableId }))) }),
  };
}

function groupMakes(line: Line): Pick<NetworkMakes, "createSecurityGroup" | "addRule" | "removeRules" | "deleteSecurityGroup"> {
  return {
    createSecurityGroup: ({ vpcId, name, description, tags }, by) => line.act({ doing: "make a security group", by, send: async ({ ec2 }) =>
      idIn((await ec2.send(new api.CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: name, Description: description, ...tagged("security-group", tags) }))).GroupId, "security group") }),
    addRule: ({ groupId, opening, description, tags }, by) => line.act({ doing: "open a port in a security group", by, send: async ({ ec2 }) => {
      const input = { GroupId: groupId, IpPermissions: [toPermission(opening, description)], ...tagged("security-group-rule", tags) };
      const answer = opening.direction === "egress" ? await ec2.send(new api.AuthorizeSecurityGroupEgressCommand(input)) : await ec2.send(new api.AuthorizeSecurityGroupIngressCommand(input));
      return idIn(answer.SecurityGroupRules?.[0]?.SecurityGroupRuleId, "rule");
    } }),
    removeRules: ({ groupId, direction, ruleIds }, by) => line.act({ doing: "close ports in a security group", by, send: async ({ ec2 }) => {
      const input = { GroupId: groupId, SecurityGroupRuleIds: [...ruleIds] };
      await (direction === "egress" ? ec2.send(new api.RevokeSecurityGroupEgressCommand(input)) : ec2.send(new api.RevokeSecurityGroupIngressCommand(input)));
    } }),
    deleteSecurityGroup: (GroupId, by) => line.act({ doing: `delete the security group ${GroupId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteSecurityGroupCommand({ GroupId }))) }),
  };
}

function toPermission({ protocol, fromPort, toPort, cidr, peerGroupId }: Opening, description: string): api.IpPermission {
  const words = description === "" ? {} : { Description: description };
  const ports = protocol === "-1" ? {} : { FromPort: fromPort, ToPort: toPort };
  if (peerGroupId !== "") return { IpProtocol: protocol, ...ports, UserIdGroupPairs: [{ GroupId: peerGroupId, ...words }] };
  return { IpProtocol: protocol, ...ports, ...(cidr.includes(":") ? { Ipv6Ranges: [{ CidrIpv6: cidr, ...words }] } : { IpRanges: [{ CidrIp: cidr, ...words }] }) };
}
