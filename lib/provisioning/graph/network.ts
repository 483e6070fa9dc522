// The network of a cluster: VPC, gateway, a public subnet per zone, one route table.
import type { Blueprint } from "../model";
import type { Resource } from "./model";
import { makeResource, refTo, type Shared } from "./resource";

export const subnetName = (zone: string): string => `public-${zone}`;

export function networkOf({ network }: Blueprint, shared: Shared): Resource[] {
  const vpc = refTo("vpc", "main");
  const table = refTo("route-table", "public");
  return [
    makeResource(shared)(["vpc", "main"], { cidr: network.vpcCidr, dnsHostnames: true, dnsSupport: true }),
    makeResource(shared)(["internet-gateway", "main"], { vpc }),
    makeResource(shared)(["route-table", "public"], { vpc }),
    makeResource(shared)(["route", "internet"], { routeTable: table, destination: "0.0.0.0/0", gateway: refTo("internet-gateway", "main") }),
    ...network.subnets.flatMap(({ zone, cidr }): Resource[] => {
      const name = subnetName(zone);
      const made = makeResource(shared)(["subnet", name], { vpc, cidr, zone, publicIp: true });
      return [
        // By this tag the load balancer controller finds where an internet-facing load balancer may stand.
        { ...made, tags: { ...made.tags, "kubernetes.io/role/elb": "1" } },
        makeResource(shared)(["route-table-association", name], { routeTable: table, subnet: refTo("subnet", name) }),
      ];
    }),
  ];
}
