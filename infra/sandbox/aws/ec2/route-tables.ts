// Route tables: their associations with subnets, and the way out of a VPC.
// Sources: "CreateRouteTable", "CreateRoute", "AssociateRouteTable", "DeleteRouteTable", EC2 API reference; "Error codes for the Amazon EC2 API".
import type { Action } from "../action.ts";
import { born, newId, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { required } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { RouteTable } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import { once } from "../tokens.ts";
import type { Element } from "../xml.ts";
import { refuseDependents } from "./dependencies.ts";

export const createRouteTable: Action = (call) => {
  const { cloud, parameters } = call;
  const [id = ""] = once(call, "CreateRouteTable", () => {
    const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
    const tags = specifiedTags(parameters, "route-table");
    const beside = Object.values(cloud.state.routeTable).filter((one) => one.vpcId === vpc.id);
    within(cloud, quotas.routeTables, { count: beside.length + 1, code: "RouteTableLimitExceeded", say: "The maximum number of route tables has been reached." });
    const table: RouteTable = { ...born(cloud, "rtb", tags), vpcId: vpc.id, main: false, routes: [], associations: [] };
    cloud.state.routeTable[table.id] = table;
    return [table.id];
  });
  const table = cloud.state.routeTable[id];
  if (!table) throw new AwsError(kinds.routeTable.code, kinds.routeTable.say([id]));
  return { routeTable: toElement(table, cloud), clientToken: parameters.get("ClientToken") ?? null };
};

export const deleteRouteTable: Action = ({ cloud, parameters }) => {
  const table = need(cloud, kinds.routeTable, required(parameters, "RouteTableId"));
  refuseDependents(`The routeTable '${table.id}' has dependencies and cannot be deleted.`, [...table.associations.map(({ id }) => id), ...(table.main ? [table.vpcId] : [])]);
  remove(cloud, kinds.routeTable, table.id);
  return { return: true };
};

export const associateRouteTable: Action = ({ cloud, parameters }) => {
  const table = need(cloud, kinds.routeTable, required(parameters, "RouteTableId"));
  const subnet = need(cloud, kinds.subnet, required(parameters, "SubnetId"));
  if (subnet.vpcId !== table.vpcId) throw new AwsError("InvalidParameterValue", `Route table ${table.id} and subnet ${subnet.id} belong to different networks`);
  const mine = table.associations.find(({ subnetId }) => subnetId === subnet.id);
  const taken = Object.values(cloud.state.routeTable).some((one) => one.id !== table.id && one.associations.some(({ subnetId }) => subnetId === subnet.id));
  if (taken) throw new AwsError("Resource.AlreadyAssociated", `the specified association for route table ${table.id} conflicts with an existing association`);
  const association = mine ?? { id: newId(cloud, "rtbassoc"), subnetId: subnet.id };
  if (!mine) table.associations.push(association);
  return { associationId: association.id, associationState: { state: "associated" } };
};

export const disassociateRouteTable: Action = ({ cloud, parameters }) => {
  const id = required(parameters, "AssociationId");
  const table = Object.values(cloud.state.routeTable).find((one) => one.associations.some((association) => association.id === id));
  if (!table) throw new AwsError("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
  table.associations = table.associations.filter((association) => association.id !== id);
  return { return: true };
};

export const createRoute: Action = ({ cloud, parameters }) => {
  const table = need(cloud, kinds.routeTable, required(parameters, "RouteTableId"));
  const destination = required(parameters, "DestinationCidrBlock");
  const target = targetOf(cloud, table, parameters.get("GatewayId"));
  const same = table.routes.find((route) => route.destination === destination);
  if (same && same.target !== target) throw new AwsError("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
  within(cloud, quotas.routes, { count: table.routes.length + (same ? 0 : 1), code: "RouteLimitExceeded", say: `The maximum number of routes has been reached.` });
  if (!same) table.routes.push({ destination, target });
  return { return: true };
};

export const replaceRoute: Action = ({ cloud, parameters }) => {
  const table = need(cloud, kinds.routeTable, required(parameters, "RouteTableId"));
  const destination = required(parameters, "DestinationCidrBlock");
  const target = targetOf(cloud, table, parameters.get("GatewayId"));
  const route = table.routes.find((one) => one.destination === destination);
  if (!route) throw new AwsError("InvalidParameterValue", `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`);
  route.target = target;
  return { return: true };
};

export const deleteRoute: Action = ({ cloud, parameters }) => {
  const table = need(cloud, kinds.routeTable, required(parameters, "RouteTableId"));
  const destination = required(parameters, "DestinationCidrBlock");
  if (!table.routes.some((route) => route.destination === destination)) throw new AwsError("InvalidRoute.NotFound", `no route with destination-cidr-block ${destination} in route table ${table.id}`);
  table.routes = table.routes.filter((route) => route.destination !== destination);
  return { return: true };
};

function targetOf(cloud: Cloud, table: RouteTable, gatewayId: string | undefined): string {
  if (gatewayId === undefined) throw new AwsError("InvalidParameterCombination", "Missing target: specify exactly one of the route's targets.");
  const gateway = cloud.state.gateway[gatewayId];
  if (!gateway) throw new AwsError("InvalidGatewayID.NotFound", `The gateway ID '${gatewayId}' does not exist`);
  if (gateway.vpcId !== table.vpcId) throw new AwsError("InvalidParameterValue", `route table ${table.id} and network gateway ${gateway.id} belong to different networks`);
  return gateway.id;
}

export const describeRouteTables: Action = describeAction({
  kind: kinds.routeTable, ids: "RouteTableId", set: "routeTableSet", toElement,
  fields: {
    "route-table-id": (table) => [table.id],
    "vpc-id": (table) => [table.vpcId],
    "association.main": (table) => [String(table.main)],
    "association.subnet-id": (table) => table.associations.map(({ subnetId }) => subnetId),
    "association.route-table-association-id": (table) => table.associations.map(({ id }) => id),
    "association.route-table-id": (table) => table.main || table.associations.length > 0 ? [table.id] : [],
    "route.destination-cidr-block": (table, { state }) => [state.vpc[table.vpcId]?.cidr ?? "", ...table.routes.map(({ destination }) => destination)],
    "route.gateway-id": (table) => ["local", ...table.routes.map(({ target }) => target)],
  },
});

/** A route whose gateway is gone or detached stays, as a blackhole (source: "Route table concepts", VPC User Guide). */
function toElement(table: RouteTable, { state }: Cloud): Element {
  const local = { destinationCidrBlock: state.vpc[table.vpcId]?.cidr ?? "", gatewayId: "local", state: "active", origin: "CreateRouteTable" };
  const routes = table.routes.map(({ destination, target }) => ({
    destinationCidrBlock: destination, gatewayId: target, state: state.gateway[target]?.vpcId === table.vpcId ? "active" : "blackhole", origin: "CreateRoute",
  }));
  const associations = table.associations.map(({ id, subnetId }) => ({ routeTableAssociationId: id, routeTableId: table.id, subnetId, main: false, associationState: { state: "associated" } }));
  const main = { routeTableAssociationId: table.id.replace("rtb-", "rtbassoc-"), routeTableId: table.id, main: true, associationState: { state: "associated" } };
  return {
    routeTableId: table.id, vpcId: table.vpcId, ownerId: state.accountId, propagatingVgwSet: [],
    routeSet: [local, ...routes], associationSet: [...(table.main ? [main] : []), ...associations], tagSet: tagSet(table.tags),
  };
}
