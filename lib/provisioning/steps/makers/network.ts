// Making the network: VPC, internet gateway, subnets, route tables with their routes and associations.
import { homeOf, partOf } from "../../look";
import type { Makers } from "./maker";

export const networkMakers: Makers<"vpc" | "internet-gateway" | "subnet" | "route-table" | "route" | "route-table-association"> = {
  "vpc": {
    repeatable: false,
    create: ({ aws, resource: { wanted }, tags, send }) => send("make the network", (by) => aws.createVpc({ cidr: wanted.cidr, tags }, by)),
    async update({ aws, resource: { wanted }, send }, { awsId }, fields) {
      // AWS refuses host names in a network that resolves none: support comes first.
      if (fields.includes("dnsSupport")) await send("set the network's DNS", (by) => aws.setVpcDns({ vpcId: awsId, setting: "support", on: wanted.dnsSupport }, by));
      if (fields.includes("dnsHostnames")) await send("set the network's DNS", (by) => aws.setVpcDns({ vpcId: awsId, setting: "hostnames", on: wanted.dnsHostnames }, by));
    },
    remove: ({ aws, send }, { awsId }) => send("delete the network", (by) => aws.deleteVpc(awsId, by)),
  },
  "internet-gateway": {
    repeatable: false,
    create: ({ aws, tags, send }) => send("make the internet gateway", (by) => aws.createGateway({ tags }, by)),
    async update({ aws, resource: { wanted }, id, send }, { awsId, fields: { vpc } }) {
      if (typeof vpc === "string") await send("detach the internet gateway", (by) => aws.detachGateway({ gatewayId: awsId, vpcId: vpc }, by));
      await send("attach the internet gateway", (by) => aws.attachGateway({ gatewayId: awsId, vpcId: id(wanted.vpc) }, by));
    },
    async remove({ aws, send }, { awsId, fields: { vpc } }) {
      if (typeof vpc === "string") await send("detach the internet gateway", (by) => aws.detachGateway({ gatewayId: awsId, vpcId: vpc }, by));
      await send("delete the internet gateway", (by) => aws.deleteGateway(awsId, by));
    },
  },
  "subnet": {
    // Two subnets of one range cannot be in one network.
    repeatable: true,
    create: ({ aws, resource: { wanted }, id, tags, send }) => send("make the subnet", (by) => aws.createSubnet({ vpcId: id(wanted.vpc), cidr: wanted.cidr, zone: wanted.zone, tags }, by)),
    update: ({ aws, resource: { wanted }, send }, { awsId }) => send("set whether the subnet gives public addresses", (by) => aws.setPublicIpOnLaunch({ subnetId: awsId, on: wanted.publicIp }, by)),
    remove: ({ aws, send }, { awsId }) => send("delete the subnet", (by) => aws.deleteSubnet(awsId, by)),
  },
  "route-table": {
    repeatable: true,
    create: ({ aws, resource: { wanted }, id, tags, token, send }) => send("make the route table", (by) => aws.createRouteTable({ vpcId: id(wanted.vpc), tags, token }, by)),
    remove: ({ aws, send }, { awsId }) => send("delete the route table", (by) => aws.deleteRouteTable(awsId, by)),
  },
  "route": {
    repeatable: true,
    async create({ aws, resource: { wanted }, id, send }) {
      const tableId = id(wanted.routeTable);
      await send("make the route", (by) => aws.createRoute({ tableId, destination: wanted.destination, gatewayId: id(wanted.gateway) }, by));
      return `${tableId}|${wanted.destination}`;
    },
    update: ({ aws, resource: { wanted }, id, send }) => send("lead the route elsewhere", (by) => aws.replaceRoute({ tableId: id(wanted.routeTable), destination: wanted.destination, gatewayId: id(wanted.gateway) }, by)),
    remove: ({ aws, send }, { awsId }) => send("delete the route", (by) => aws.deleteRoute({ tableId: homeOf(awsId), destination: partOf(awsId) }, by)),
  },
  "route-table-association": {
    repeatable: true,
    create: ({ aws, resource: { wanted }, id, send }) => send("give the subnet its routes", (by) => aws.associateRouteTable({ tableId: id(wanted.routeTable), subnetId: id(wanted.subnet) }, by)),
    async update({ aws, resource: { wanted }, id, send }, { awsId }) {
      await send("take the subnet's routes from it", (by) => aws.disassociateRouteTable(awsId, by));
      await send("give the subnet its routes", (by) => aws.associateRouteTable({ tableId: id(wanted.routeTable), subnetId: id(wanted.subnet) }, by));
    },
    remove: ({ aws, send }, { awsId }) => send("take the subnet's routes from it", (by) => aws.disassociateRouteTable(awsId, by)),
  },
};
