// What can be found on AWS: every kind of thing that a cluster is made of, by ids or by filters, over all pages.
import "server-only";
import * as api from "@aws-sdk/client-ec2";
import { AppError } from "@/lib/base/errors";
import type { Line, SendOptions } from "./clients";
import { toInstance, type Instance } from "./objects";
import * as read from "./objects-network";

export interface Filter { name: string; values: readonly string[] }
/** Ids that AWS does not know are left out. Several filters are joined by and, the values of one by or. */
export type Choice = { ids: readonly string[] } | { filters: readonly Filter[] };
type Find<T> = (choice: Choice, signal?: AbortSignal) => Promise<T[]>;

export interface Finds {
  vpcs: Find<read.Vpc>;
  vpcDns(vpcId: string, signal?: AbortSignal): Promise<read.VpcDns>;
  gateways: Find<read.InternetGateway>;
  subnets: Find<read.Subnet>;
  routeTables: Find<read.RouteTable>;
  securityGroups: Find<read.SecurityGroup>;
  /** Rules have the filters "group-id", "security-group-rule-id" and tags. */
  securityGroupRules: Find<read.SecurityGroupRule>;
  addresses: Find<read.Address>;
  keyPairs: Find<read.KeyPair>;
  instances: Find<Instance>;
  volumes: Find<read.Volume>;
  interfaces: Find<read.NetworkInterface>;
  /** NAT gateways and VPC endpoints of a VPC that are not gone yet. */
  occupants(vpcId: string, signal?: AbortSignal): Promise<read.Occupant[]>;
}

/** The tags `key`=`value`, as a filter. */
export function byTag(key: string, ...values: string[]): Filter {
  return { name: `tag:${key}`, values };
}

const pageSize = 100;
/** More pages than any account of ours has: an endpoint that never ends its pages is broken. */
const maxPages = 200;
/** AWS takes at most 200 values per filter. */
const maxValues = 200;

interface Page { Filters: api.Filter[]; MaxResults: number; NextToken?: string }
interface Listing<T> {
  doing: string;
  /** The filter that means the thing's own id. */
  idFilter: string;
  page(ec2: api.EC2Client, page: Page, options: SendOptions): Promise<{ found: T[] | undefined; next: string | undefined }>;
}

export function openFinds(line: Line): Finds {
  const finder = <T>(listing: Listing<T>): Find<T> => (choice, signal) => findAll(line, listing, { choice, signal });
  return {
    vpcs: finder(vpcs),
    gateways: finder(gateways),
    subnets: finder(subnets),
    routeTables: finder(routeTables),
    securityGroups: finder(securityGroups),
    securityGroupRules: finder(securityGroupRules),
    addresses: finder(addresses),
    keyPairs: finder(keyPairs),
    volumes: finder(volumes),
    interfaces: finder(interfaces),
    instances: finder(instances),
    vpcDns: (vpcId, signal) => line.ask({ doing: "read a network's DNS settings", signal, send: ({ ec2 }, options) => readDns(ec2, vpcId, options) }),
    occupants: (vpcId, signal) => line.ask({ doing: "list what occupies a network", signal, send: ({ ec2 }, options) => readOccupants(ec2, vpcId, options) }),
  };
}

const vpcs: Listing<read.Vpc> = {
  doing: "list networks",
  idFilter: "vpc-id",
  async page(ec2, page, options) {
    const { Vpcs, NextToken } = await ec2.send(new api.DescribeVpcsCommand(page), options);
    return { found: Vpcs?.map(read.toVpc), next: NextToken };
  },
};
const gateways: Listing<read.InternetGateway> = {
  doing: "list internet gateways",
  idFilter: "internet-gateway-id",
  async page(ec2, page, options) {
    const { InternetGateways, NextToken } = await ec2.send(new api.DescribeInternetGatewaysCommand(page), options);
    return { found: InternetGateways?.map(read.toGateway), next: NextToken };
  },
};
const subnets: Listing<read.Subnet> = {
  doing: "list subnets",
  idFilter: "subnet-id",
  async page(ec2, page, options) {
    const { Subnets, NextToken } = await ec2.send(new api.DescribeSubnetsCommand(page), options);
    return { found: Subnets?.map(read.toSubnet), next: NextToken };
  },
};
const routeTables: Listing<read.RouteTable> = {
  doing: "list route tables",
  idFilter: "route-table-id",
  async page(ec2, page, options) {
    const { RouteTables, NextToken } = await ec2.send(new api.DescribeRouteTablesCommand(page), options);
    return { found: RouteTables?.map(read.toRouteTable), next: NextToken };
  },
};
const securityGroups: Listing<read.SecurityGroup> = {
  doing: "list security groups",
  idFilter: "group-id",
  async page(ec2, page, options) {
    const { SecurityGroups, NextToken } = await ec2.send(new api.DescribeSecurityGroupsCommand(page), options);
    return { found: SecurityGroups?.map(read.toSecurityGroup), next: NextToken };
  },
};
const securityGroupRules: Listing<read.SecurityGroupRule> = {
  doing: "list rules of security groups",
  idFilter: "security-group-rule-id",
  async page(ec2, page, options) {
    const { SecurityGroupRules, NextToken } = await ec2.send(new api.DescribeSecurityGroupRulesCommand(page), options);
    return { found: SecurityGroupRules?.map(read.toRule), next: NextToken };
  },
};
const addresses: Listing<read.Address> = {
  doing: "list elastic addresses",
  idFilter: "allocation-id",
  async page(ec2, page, options) {
    const { Addresses } = await ec2.send(new api.DescribeAddressesCommand({ Filters: page.Filters }), options);
    return { found: Addresses?.map(read.toAddress), next: undefined };
  },
};
const keyPairs: Listing<read.KeyPair> = {
  doing: "list key pairs",
  idFilter: "key-pair-id",
  async page(ec2, page, options) {
    const { KeyPairs } = await ec2.send(new api.DescribeKeyPairsCommand({ Filters: page.Filters, IncludePublicKey: true }), options);
    return { found: KeyPairs?.map(read.toKeyPair), next: undefined };
  },
};
const volumes: Listing<read.Volume> = {
  doing: "list volumes",
  idFilter: "volume-id",
  async page(ec2, page, options) {
    const { Volumes, NextToken } = await ec2.send(new api.DescribeVolumesCommand(page), options);
    return { found: Volumes?.map(read.toVolume), next: NextToken };
  },
};
const interfaces: Listing<read.NetworkInterface> = {
  doing: "list network interfaces",
  idFilter: "network-interface-id",
  async page(ec2, page, options) {
    const { NetworkInterfaces, NextToken } = await ec2.send(new api.DescribeNetworkInterfacesCommand(page), options);
    return { found: NetworkInterfaces?.map(read.toInterface), next: NextToken };
  },
};
const instances: Listing<Instance> = {
  doing: "list instances",
  idFilter: "instance-id",
  async page(ec2, page, options) {
    const { Reservations, NextToken } = await ec2.send(new api.DescribeInstancesCommand(page), options);
    return { found: Reservations?.flatMap(({ Instances = [] }) => Instances.map(toInstance)), next: NextToken };
  },
};

interface Asked { choice: Choice; signal: AbortSignal | undefined }

/** As a filter an unknown id is simply not found; as an id it would fail the whole request. */
function findAll<T>(line: Line, listing: Listing<T>, { choice, signal }: Asked): Promise<T[]> {
  if ("filters" in choice) return findPages(line, listing, { filters: choice.filters, signal });
  const chunks: (readonly string[])[] = [];
  for (let at = 0; at < choice.ids.length; at += maxValues) chunks.push(choice.ids.slice(at, at + maxValues));
  return Promise.all(chunks.map((values) => findPages(line, listing, { filters: [{ name: listing.idFilter, values }], signal }))).then((found) => found.flat());
}

function findPages<T>(line: Line, { doing, page }: Listing<T>, { filters, signal }: { filters: readonly Filter[]; signal: AbortSignal | undefined }): Promise<T[]> {
  const Filters = filters.map(({ name, values }) => ({ Name: name, Values: [...values] }));
  return line.ask({ doing, signal, send: async ({ ec2 }, options) => {
    const all: T[] = [];
    let token: string | undefined;
    for (let n = 0; n < maxPages; n += 1) {
      const { found = [], next } = await page(ec2, { Filters, MaxResults: pageSize, ...(token ? { NextToken: token } : {}) }, options);
      all.push(...found);
      if (!next) return all;
      token = next;
    }
    throw new AppError("unavailable", `AWS' answer when asked to ${doing} does not come to an end. Check the address that answers for AWS.`);
  } });
}

async function readDns(ec2: api.EC2Client, vpcId: string, options: SendOptions): Promise<read.VpcDns> {
  const [support, names] = await Promise.all((["enableDnsSupport", "enableDnsHostnames"] as const).map((Attribute) => ec2.send(new api.DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute }), options)));
  return { support: support?.EnableDnsSupport?.Value ?? false, hostnames: names?.EnableDnsHostnames?.Value ?? false };
}

async function readOccupants(ec2: api.EC2Client, vpcId: string, options: SendOptions): Promise<read.Occupant[]> {
  const filter = [{ Name: "vpc-id", Values: [vpcId] }];
  const [{ NatGateways = [] }, { VpcEndpoints = [] }] = await Promise.all([ec2.send(new api.DescribeNatGatewaysCommand({ Filter: filter }), options), ec2.send(new api.DescribeVpcEndpointsCommand({ Filters: filter }), options)]);
  return [...NatGateways.map(read.toNatGateway), ...VpcEndpoints.map(read.toEndpoint)].filter(({ state }) => state.toLowerCase() !== "deleted");
}
