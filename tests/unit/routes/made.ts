// A way of requests made of a few objects: machines, services with pods behind them, Ingresses, and a world in which all is well.
import type { EndpointSliceObject, IngressObject, IngressRule, Kind, NodeObject, ObjectsByKind, ServiceObject } from "@/lib/adapters/kubernetes/objects";
import type { Instance } from "@/lib/adapters/aws/objects";
import type { SecurityGroupRule } from "@/lib/adapters/aws/objects-network";
import { pictureOf } from "@/lib/placement/picture";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { routesOf } from "@/lib/routes/lint";
import { told, untold, type AmazonWorld, type CalicoSettings, type World } from "@/lib/routes/world";
import { node, pod } from "../placement/made";

const meta = (namespace: string, name: string) => ({ uid: `${namespace}/${name}`, name, namespace, resourceVersion: "1", labels: {}, createdAt: 0, deletedAt: null, owner: null, broken: null });
const alb = (name: string) => `alb.ingress.kubernetes.io/${name}`;
export const address = "k8s-growbinalb-1.ap-northeast-2.elb.amazonaws.com";
export const host = "growbin.app";

export const rule = (path: string, service: string, over: Partial<IngressRule> = {}): IngressRule => ({ host, path, pathType: "Prefix", service, port: "80", ...over });

/** `notes` without their prefix; null takes one away. */
export function ingress(key: string, rules: readonly IngressRule[], notes: Record<string, string | null> = {}, over: Partial<IngressObject> = {}): IngressObject {
  const [namespace = "", name = ""] = key.split("/");
  const all: Record<string, string | null> = { "group.name": "growbin", "group.order": "10", scheme: "internet-facing", "healthcheck-path": "/health", "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', "ssl-redirect": "443", ...notes };
  return { ...meta(namespace, name), kind: "Ingress", className: "alb", annotations: Object.fromEntries(Object.entries(all).flatMap(([each, value]) => (value === null ? [] : [[alb(each), value]]))), rules, addresses: [address], tls: false, ...over };
}

/** A Service with as many pods, spread over the machines; `ready` of them ready. */
export function service(key: string, nodePort: number, { pods = 2, ready = pods, type = "NodePort", on = ["w1", "w2"] }: { pods?: number; ready?: number; type?: string; on?: readonly string[] } = {}): ObjectsByKind[Kind][] {
  const [namespace = "", name = ""] = key.split("/");
  const made: ServiceObject = { ...meta(namespace, name), kind: "Service", type, selector: { app: name }, clusterIp: "10.96.0.5", ports: [{ name: "http", port: 80, targetPort: "8000", nodePort: type === "ClusterIP" ? 0 : nodePort, protocol: "TCP" }], annotations: {} };
  const members = Array.from({ length: pods }, (_, index) => pod(`${name}-${index}`, { namespace, nodeName: on[index % on.length] ?? "", ready: index < ready }));
  const slice: EndpointSliceObject = { ...meta(namespace, `${name}-1`), kind: "EndpointSlice", service: name, ports: [8000], endpoints: members.map((one, index) => ({ address: `192.168.0.${index}`, ready: index < ready, nodeName: one.nodeName, pod: one.name })) };
  return [made, slice, ...members];
}

export const machines: NodeObject[] = [["w1", "application"], ["w2", "async-workers"]].map(([name = "", workload = ""]) => node(name, { labels: { workload }, providerId: `aws:///ap-northeast-2a/i-0000000${name}`.replace(/w(\d)$/, "$1") }));
const idOf = (one: NodeObject) => one.providerId.split("/").at(-1) ?? "";

const instance = (one: NodeObject, index: number): Instance => ({
  id: idOf(one), type: "t3.medium", state: "running", zone: "ap-northeast-2a", privateIp: `10.0.1.${index + 1}`, publicIp: `52.0.0.${index + 1}`, launchedAt: 0, tags: { Name: one.name }, imageId: "", vpcId: "vpc-1", subnetId: "", securityGroups: [{ id: "sg-nodes", name: "nodes" }], keyName: "", instanceProfile: "", rootVolumeId: "", volumeIds: [], stateReason: "", clientToken: "", metadata: { tokenRequired: true, hopLimit: 1 }, sourceDestCheck: true, spot: false,
});
export const opening = (over: Partial<SecurityGroupRule>): SecurityGroupRule => ({ id: "sgr", tags: {}, groupId: "sg-nodes", description: "", direction: "ingress", protocol: "tcp", fromPort: 30_000, toPort: 32_767, cidr: "", peerGroupId: "sg-alb", ...over });
export const openings = [opening({}), opening({ protocol: "udp", fromPort: 4789, toPort: 4789, peerGroupId: "sg-nodes" })];

/** All targets of the services healthy, all ports open. */
export function amazon(services: readonly [key: string, nodePort: number][], over: Partial<AmazonWorld> = {}): AmazonWorld {
  return {
    balancers: [{ id: "arn:alb", tags: {}, name: "k8s-growbinalb-1", vpcId: "vpc-1", dnsName: address, kind: "application", state: "active", groupIds: ["sg-front", "sg-alb"], listeners: [{ id: "l80", port: 80, protocol: "HTTP", certificates: [], redirectsTo: "HTTPS:443" }, { id: "l443", port: 443, protocol: "HTTPS", certificates: ["arn:acm"], redirectsTo: "" }] }],
    groups: services.map(([key, nodePort]) => ({ id: `arn:${key}`, tags: { "ingress.k8s.aws/resource": `${key}:80` }, name: key, vpcId: "vpc-1", loadBalancers: ["arn:alb"], targetType: "instance", healthPath: "/health", targets: machines.map((one) => ({ id: idOf(one), port: nodePort, state: "healthy", reason: "", say: "" })) })),
    instances: machines.map(instance), openings, vpcRange: "10.0.0.0/16", ...over,
  };
}

export const calico = (over: Partial<CalicoSettings> = {}): CalicoSettings => ({
  pools: [{ name: "default-ipv4-ippool", cidr: "192.168.0.0/16", vxlanMode: "Always", ipipMode: "Never", disabled: false }], felix: { vxlanEnabled: true, vxlanMtu: 0, vxlanPort: 4789 }, meshEnabled: false, readiness: ["/bin/calico-node", "-felix-ready"], installers: ["kube-system/calico-node"], ...over,
});

export const world = (over: Partial<World> = {}, cluster: Partial<World["cluster"]> = {}): World => ({
  amazon: untold("not asked"), names: new Map(), certificates: new Map(), ...over,
  cluster: { classes: told([{ name: "alb", controller: "ingress.k8s.aws/alb", isDefault: true }]), calico: told(calico()), serviceRanges: told(["10.96.0.0/12"]), ...cluster },
});

export const now = Date.UTC(2026, 10, 26);
export const look = (objects: readonly ObjectsByKind[Kind][], around: World = world()) => routesOf({ picture: pictureOf(objects), policy: defaultTierPolicy, world: around }, now);
