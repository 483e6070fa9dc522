// The EC2 family: its table of actions, and how it speaks and refuses.
import { ec2Response, xmlType, type Family } from "../action.ts";
import { AwsError, ec2Error } from "../errors.ts";
import { limitOf, quotas } from "../quotas.ts";
import * as addresses from "./addresses.ts";
import * as cards from "./cards.ts";
import * as gateways from "./gateways.ts";
import { describeImages } from "./images.ts";
import * as change from "./instance-actions.ts";
import { describeInstances, describeInstanceStatus } from "./instances.ts";
import * as keys from "./keys.ts";
import { describeInstanceTypeOfferings, describeInstanceTypes } from "./machine-types.ts";
import * as tables from "./route-tables.ts";
import { runInstances } from "./run.ts";
import * as groups from "./security-groups.ts";
import * as rules from "./security-rules.ts";
import * as subnets from "./subnets.ts";
import * as tags from "./tag-actions.ts";
import * as volumes from "./volumes.ts";
import * as vpcs from "./vpcs.ts";
import { describeAvailabilityZones, describeRegions } from "./zones.ts";

export const ec2: Family = {
  service: "ec2",
  version: "2016-11-15",
  contentType: xmlType,
  toResponse: ec2Response("http://ec2.amazonaws.com/doc/2016-11-15/"),
  toError: ec2Error,
  /** Source: "Error codes for the Amazon EC2 API": EC2 says AuthFailure (401) for an unknown key and a wrong signature alike; seen so in the terraform provider's change log. */
  unknownKey: () => new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
  mismatch: () => new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
  denied: (say) => new AwsError("UnauthorizedOperation", `You are not authorized to perform this operation. ${say} Encoded authorization failure message: ${Buffer.from(say).toString("base64url")}`, 403),
  throttled: () => new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503),
  actions: {
    CreateVpc: vpcs.createVpc, DescribeVpcs: vpcs.describeVpcs, DeleteVpc: vpcs.deleteVpc, ModifyVpcAttribute: vpcs.modifyVpcAttribute, DescribeVpcAttribute: vpcs.describeVpcAttribute,
    CreateSubnet: subnets.createSubnet, DescribeSubnets: subnets.describeSubnets, DeleteSubnet: subnets.deleteSubnet, ModifySubnetAttribute: subnets.modifySubnetAttribute,
    CreateInternetGateway: gateways.createInternetGateway, DescribeInternetGateways: gateways.describeInternetGateways, DeleteInternetGateway: gateways.deleteInternetGateway,
    AttachInternetGateway: gateways.attachInternetGateway, DetachInternetGateway: gateways.detachInternetGateway,
    CreateRouteTable: tables.createRouteTable, DescribeRouteTables: tables.describeRouteTables, DeleteRouteTable: tables.deleteRouteTable,
    AssociateRouteTable: tables.associateRouteTable, DisassociateRouteTable: tables.disassociateRouteTable,
    CreateRoute: tables.createRoute, ReplaceRoute: tables.replaceRoute, DeleteRoute: tables.deleteRoute,
    CreateSecurityGroup: groups.createSecurityGroup, DescribeSecurityGroups: groups.describeSecurityGroups, DeleteSecurityGroup: groups.deleteSecurityGroup, DescribeSecurityGroupRules: groups.describeSecurityGroupRules,
    AuthorizeSecurityGroupIngress: rules.authorizeSecurityGroupIngress, AuthorizeSecurityGroupEgress: rules.authorizeSecurityGroupEgress,
    RevokeSecurityGroupIngress: rules.revokeSecurityGroupIngress, RevokeSecurityGroupEgress: rules.revokeSecurityGroupEgress,
    ImportKeyPair: keys.importKeyPair, DescribeKeyPairs: keys.describeKeyPairs, DeleteKeyPair: keys.deleteKeyPair,
    RunInstances: runInstances, DescribeInstances: describeInstances, DescribeInstanceStatus: describeInstanceStatus,
    TerminateInstances: change.terminateInstances, StopInstances: change.stopInstances, StartInstances: change.startInstances,
    ModifyInstanceAttribute: change.modifyInstanceAttribute, DescribeInstanceAttribute: change.describeInstanceAttribute, ModifyInstanceMetadataOptions: change.modifyInstanceMetadataOptions, GetConsoleOutput: change.getConsoleOutput,
    AllocateAddress: addresses.allocateAddress, AssociateAddress: addresses.associateAddress, DisassociateAddress: addresses.disassociateAddress, ReleaseAddress: addresses.releaseAddress, DescribeAddresses: addresses.describeAddresses,
    CreateTags: tags.createTags, DeleteTags: tags.deleteTags, DescribeTags: tags.describeTags,
    CreateVolume: volumes.createVolume, DescribeVolumes: volumes.describeVolumes, DeleteVolume: volumes.deleteVolume, AttachVolume: volumes.attachVolume, DetachVolume: volumes.detachVolume,
    DescribeNetworkInterfaces: cards.describeNetworkInterfaces, DeleteNetworkInterface: cards.deleteNetworkInterface, DetachNetworkInterface: cards.detachNetworkInterface,
    DescribeImages: describeImages, DescribeInstanceTypes: describeInstanceTypes, DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
    DescribeAvailabilityZones: describeAvailabilityZones, DescribeRegions: describeRegions,
    /** Nobody makes these here; who looks for what holds a network asks all the same. */
    DescribeNatGateways: () => ({ natGatewaySet: [] }), DescribeVpcEndpoints: () => ({ vpcEndpointSet: [] }), DescribeVpcPeeringConnections: () => ({ vpcPeeringConnectionSet: [] }),
    /** Source: "DescribeAccountAttributes", EC2 API reference. */
    DescribeAccountAttributes: ({ cloud }) => ({
      accountAttributeSet: [
        { attributeName: "supported-platforms", attributeValueSet: [{ attributeValue: "VPC" }] },
        { attributeName: "default-vpc", attributeValueSet: [{ attributeValue: "none" }] },
        { attributeName: "vpc-max-elastic-ips", attributeValueSet: [{ attributeValue: String(limitOf(cloud, quotas.addresses)) }] },
        { attributeName: "max-instances", attributeValueSet: [{ attributeValue: "20" }] },
        { attributeName: "vpc-max-security-groups-per-interface", attributeValueSet: [{ attributeValue: String(limitOf(cloud, quotas.groupsPerInterface)) }] },
      ],
    }),
  },
};
