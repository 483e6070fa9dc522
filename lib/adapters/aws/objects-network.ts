// AWS' network objects as we read them: only the fields the product uses, "" where AWS says nothing.
import type * as wire from "@aws-sdk/client-ec2";
import { toTags, type Tagged } from "./objects";

export interface Vpc extends Tagged { cidr: string; available: boolean; isDefault: boolean }
export interface VpcDns { support: boolean; hostnames: boolean }

export function toVpc(of: wire.Vpc): Vpc {
  return { id: of.VpcId ?? "", tags: toTags(of.Tags), cidr: of.CidrBlock ?? "", available: of.State === "available", isDefault: of.IsDefault ?? false };
}

export interface InternetGateway extends Tagged { vpcIds: readonly string[] }

export function toGateway(of: wire.InternetGateway): InternetGateway {
  return { id: of.InternetGatewayId ?? "", tags: toTags(of.Tags), vpcIds: (of.Attachments ?? []).flatMap(({ VpcId }) => (VpcId ? [VpcId] : [])) };
}

export interface Subnet extends Tagged { vpcId: string; cidr: string; zone: string; publicIpOnLaunch: boolean; freeAddresses: number; available: boolean }

export function toSubnet(of: wire.Subnet): Subnet {
  return {
    id: of.SubnetId ?? "", tags: toTags(of.Tags), vpcId: of.VpcId ?? "", cidr: of.CidrBlock ?? "", zone: of.AvailabilityZone ?? "",
    publicIpOnLaunch: of.MapPublicIpOnLaunch ?? false, freeAddresses: of.AvailableIpAddressCount ?? 0, available: of.State === "available",
  };
}

/** `target`: the id of the gateway, NAT gateway, interface or instance it leads to; "local" inside the VPC. */
export interface Route { destination: string; target: string; active: boolean }
export interface Association { id: string; subnetId: string; main: boolean }
export interface RouteTable extends Tagged { vpcId: string; main: boolean; routes: readonly Route[]; associations: readonly Association[] }

export function toRouteTable(of: wire.RouteTable): RouteTable {
  const associations = (of.Associations ?? []).filter(({ AssociationState }) => AssociationState?.State !== "disassociated" && AssociationState?.State !== "disassociating")
    .map((one) => ({ id: one.RouteTableAssociationId ?? "", subnetId: one.SubnetId ?? "", main: one.Main ?? false }));
  return {
    id: of.RouteTableId ?? "", tags: toTags(of.Tags), vpcId: of.VpcId ?? "", main: associations.some(({ main }) => main), associations,
    routes: (of.Routes ?? []).map((one) => ({
      destination: one.DestinationCidrBlock ?? one.DestinationIpv6CidrBlock ?? one.DestinationPrefixListId ?? "",
      target: one.GatewayId ?? one.NatGatewayId ?? one.InstanceId ?? one.NetworkInterfaceId ?? one.VpcPeeringConnectionId ?? one.TransitGatewayId ?? "",
      active: one.State === "active",
    })),
  };
}

export interface SecurityGroup extends Tagged { name: string; description: string; vpcId: string }

export function toSecurityGroup(of: wire.SecurityGroup): SecurityGroup {
  return { id: of.GroupId ?? "", tags: toTags(of.Tags), name: of.GroupName ?? "", description: of.Description ?? "", vpcId: of.VpcId ?? "" };
}

export type Direction = "ingress" | "egress";
/** What a rule lets through. `protocol` is "tcp", "udp", "icmp" or "-1" for all; ports are -1 where they do not apply. One of `cidr` and `peerGroupId` is "". */
export interface Opening { direction: Direction; protocol: string; fromPort: number; toPort: number; cidr: string; peerGroupId: string }
export interface SecurityGroupRule extends Tagged, Opening { groupId: string; description: string }

export function toRule(of: wire.SecurityGroupRule): SecurityGroupRule {
  return {
    id: of.SecurityGroupRuleId ?? "", tags: toTags(of.Tags), groupId: of.GroupId ?? "", description: of.Description ?? "", direction: of.IsEgress ? "egress" : "ingress",
    protocol: of.IpProtocol ?? "", fromPort: of.FromPort ?? -1, toPort: of.ToPort ?? -1, cidr: of.CidrIpv4 ?? of.CidrIpv6 ?? of.PrefixListId ?? "", peerGroupId: of.ReferencedGroupInfo?.GroupId ?? "",
  };
}

export interface Address extends Tagged { publicIp: string; associationId: string; instanceId: string; interfaceId: string }

/** Its id is the allocation's. */
export function toAddress(of: wire.Address): Address {
  return { id: of.AllocationId ?? "", tags: toTags(of.Tags), publicIp: of.PublicIp ?? "", associationId: of.AssociationId ?? "", instanceId: of.InstanceId ?? "", interfaceId: of.NetworkInterfaceId ?? "" };
}

export interface NetworkInterface extends Tagged {
  status: string;
  /** What made it says of itself here, such as "ELB app/front/…". */
  description: string;
  kind: string;
  /** The service that made it and will remove it; "" for none. */
  requester: string;
  vpcId: string;
  subnetId: string;
  groupIds: readonly string[];
  privateIp: string;
  publicIp: string;
  instanceId: string;
}

export function toInterface(of: wire.NetworkInterface): NetworkInterface {
  return {
    id: of.NetworkInterfaceId ?? "", tags: toTags(of.TagSet), status: of.Status ?? "", description: of.Description ?? "", kind: of.InterfaceType ?? "", requester: of.RequesterManaged ? (of.RequesterId ?? "aws") : "",
    vpcId: of.VpcId ?? "", subnetId: of.SubnetId ?? "", groupIds: (of.Groups ?? []).flatMap(({ GroupId }) => (GroupId ? [GroupId] : [])), privateIp: of.PrivateIpAddress ?? "", publicIp: of.Association?.PublicIp ?? "", instanceId: of.Attachment?.InstanceId ?? "",
  };
}

export interface KeyPair extends Tagged { name: string; fingerprint: string; publicKey: string }

export function toKeyPair(of: wire.KeyPairInfo): KeyPair {
  return { id: of.KeyPairId ?? "", tags: toTags(of.Tags), name: of.KeyName ?? "", fingerprint: of.KeyFingerprint ?? "", publicKey: (of.PublicKey ?? "").trim() };
}

export interface Volume extends Tagged { zone: string; sizeGib: number; type: string; state: string; encrypted: boolean; instanceId: string; deletedWithInstance: boolean }

export function toVolume(of: wire.Volume): Volume {
  const [held] = of.Attachments ?? [];
  return {
    id: of.VolumeId ?? "", tags: toTags(of.Tags), zone: of.AvailabilityZone ?? "", sizeGib: of.Size ?? 0, type: of.VolumeType ?? "", state: of.State ?? "", encrypted: of.Encrypted ?? false,
    instanceId: held?.InstanceId ?? "", deletedWithInstance: held?.DeleteOnTermination ?? false,
  };
}

/** NAT gateways and VPC endpoints: nothing that we make, but what may stand in the way of a VPC's end. */
export interface Occupant extends Tagged { kind: "nat-gateway" | "vpc-endpoint"; vpcId: string; state: string }

export function toNatGateway(of: wire.NatGateway): Occupant {
  return { id: of.NatGatewayId ?? "", tags: toTags(of.Tags), kind: "nat-gateway", vpcId: of.VpcId ?? "", state: of.State ?? "" };
}

export function toEndpoint(of: wire.VpcEndpoint): Occupant {
  return { id: of.VpcEndpointId ?? "", tags: toTags(of.Tags), kind: "vpc-endpoint", vpcId: of.VpcId ?? "", state: of.State ?? "" };
}

export interface Image { id: string; name: string; ownerId: string; architecture: string; rootDevice: string; available: boolean; createdAt: string }

export function toImage(of: wire.Image): Image {
  return { id: of.ImageId ?? "", name: of.Name ?? "", ownerId: of.OwnerId ?? "", architecture: of.Architecture ?? "", rootDevice: of.RootDeviceName ?? "", available: of.State === "available", createdAt: of.CreationDate ?? "" };
}

/** What AWS says of an instance type; the limits of interfaces bound the pods of the VPC CNI. */
export interface TypeFacts { name: string; vcpus: number; memoryBytes: number; architectures: readonly string[]; maxInterfaces: number; addressesPerInterface: number }

export function toTypeFacts(of: wire.InstanceTypeInfo): TypeFacts {
  return {
    name: of.InstanceType ?? "", vcpus: of.VCpuInfo?.DefaultVCpus ?? 0, memoryBytes: (of.MemoryInfo?.SizeInMiB ?? 0) * 1024 * 1024, architectures: of.ProcessorInfo?.SupportedArchitectures ?? [],
    maxInterfaces: of.NetworkInfo?.MaximumNetworkInterfaces ?? 0, addressesPerInterface: of.NetworkInfo?.Ipv4AddressesPerInterface ?? 0,
  };
}
