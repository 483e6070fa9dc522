// Checks of Calico's network: an overlay by VXLAN without BGP, its port open between all machines, pools that overlap nothing, packets that fit.
import { contains, overlaps, toRange } from "../../base/cidr";
import type { AmazonWorld, CalicoSettings } from "../world";
import type { HopState, RouteFinding } from "../model";
import type { Lint, Linted } from "./lint";

const cluster = { kind: "cluster" as const, key: "network" };
const of = (one: Omit<RouteFinding, "subjects">): RouteFinding => ({ ...one, subjects: [cluster] });

/** What a jumbo frame of AWS leaves for pods inside VXLAN; Calico measures by itself where it says 0. */
const biggestMtu = 9001 - 50;
export const vxlanPort = 4789;

export const calicoMode: Lint = ({ world: { cluster: { calico } } }) => {
  if (!calico.known) return [];
  const { pools, felix, meshEnabled, readiness, installers } = calico.value;
  const active = pools.filter(({ disabled }) => !disabled);
  const vxlan = active.length > 0 && active.every(({ vxlanMode }) => vxlanMode === "Always" || vxlanMode === "CrossSubnet");
  const findings: RouteFinding[] = [];
  if (active.length > 0 && !vxlan) findings.push(of({
    id: "calico/mode", check: "calico-mode", severity: "critical", title: "Calico does not wrap packets in VXLAN", what: active.map(({ name, vxlanMode, ipipMode }) => `${name}: vxlanMode ${vxlanMode}, ipipMode ${ipipMode}`).join("; "),
    why: "AWS drops packets with pod addresses between subnets, and the security groups open neither TCP 179 for BGP nor IP-in-IP: pods reach pods of their own machine only.", fix: `kubectl patch ippools.crd.projectcalico.org ${active[0]?.name ?? "default-ipv4-ippool"} --type merge -p '{"spec":{"ipipMode":"Never","vxlanMode":"Always"}}'`,
  }));
  if (felix?.vxlanEnabled === false && vxlan) findings.push(of({
    id: "calico/felix", check: "calico-mode", severity: "critical", title: "Felix has VXLAN switched off", what: "FelixConfiguration says vxlanEnabled false, and the pool needs it.", why: "No machine gets the device vxlan.calico, and no pod reaches another machine.", fix: "kubectl patch felixconfigurations.crd.projectcalico.org default --type merge -p '{\"spec\":{\"vxlanEnabled\":true}}'",
  }));
  if (vxlan && meshEnabled !== false) findings.push(of({
    id: "calico/bgp", check: "calico-bgp", severity: "warning", title: "BGP is on beside VXLAN", what: meshEnabled === null ? "There is no BGPConfiguration, and then the mesh between nodes is on." : "BGPConfiguration has nodeToNodeMeshEnabled true.", why: "Every machine tries TCP 179 on every other, which is closed; calico-node says BIRD is not ready: BGP not established.", fix: "kubectl patch bgpconfigurations.crd.projectcalico.org default --type merge -p '{\"spec\":{\"nodeToNodeMeshEnabled\":false}}'",
  }));
  if (vxlan && readiness?.some((word) => word.includes("bird"))) findings.push(of({
    id: "calico/bird", check: "calico-bird", severity: "critical", title: "calico-node asks BIRD whether it is ready", what: `Its readiness probe is ${readiness.join(" ")}.`, why: "With VXLAN there is no BGP session to be established, so the pod is never ready.", fix: "Remove -bird-ready from the readiness probe of the DaemonSet calico-node (and -bird-live from the liveness probe).",
  }));
  if (installers.length > 1) findings.push(of({
    id: "calico/twice", check: "calico-twice", severity: "warning", title: "Calico is installed twice", what: `Both are there: ${installers.join(", ")}.`, why: "Two installers write the same objects in turn, each undoing the other.", fix: "Keep one and remove the other's release and namespace.",
  }));
  return findings;
};

export const calicoRanges: Lint = ({ world: { cluster: { calico, serviceRanges }, amazon } }) => {
  if (!calico.known) return [];
  const others = [...(serviceRanges.known ? serviceRanges.value.map((range) => ({ what: "the Services' range", range })) : []), ...(amazon.known && amazon.value.vpcRange !== "" ? [{ what: "the VPC's range", range: amazon.value.vpcRange }] : [])];
  return calico.value.pools.flatMap(({ name, cidr }) => others.flatMap(({ what, range }): RouteFinding[] => {
    const [pool, other] = [toRange(cidr), toRange(range)];
    if (!pool || !other || !overlaps(pool, other)) return [];
    return [of({
      id: `calico/range/${name}/${range}`, check: "calico-range", severity: "critical", title: `The pod range ${cidr} overlaps ${what}`, what: `${name} is ${cidr}, ${what} is ${range}${contains(other, pool) || contains(pool, other) ? ": one lies in the other" : ""}.`, why: "An address stands for two things; which one is reached depends on the machine that asks.", fix: "Make a pool with a free range, disable this one, and restart the pods; the range cannot be changed in place.",
    })];
  }));
};

export const calicoMtu: Lint = ({ world: { cluster: { calico } } }) => {
  if (!calico.known || !calico.value.felix) return [];
  const { vxlanMtu } = calico.value.felix;
  if (vxlanMtu === 0 || vxlanMtu <= biggestMtu) return [];
  return [of({
    id: "calico/mtu", check: "calico-mtu", severity: "critical", title: "Pods' packets are larger than the network carries", what: `FelixConfiguration has vxlanMTU ${vxlanMtu}; with 50 bytes of VXLAN at most ${biggestMtu} fit.`, why: "Small packets pass and large ones vanish: connections open and then hang.", fix: "kubectl patch felixconfigurations.crd.projectcalico.org default --type merge -p '{\"spec\":{\"vxlanMTU\":0}}' lets Calico measure it.",
  })];
};

export interface Closed { from: string; to: string }
/** So many pairs are told; a closed port closes many. */
const maxPairs = 200;

/** Ordered pairs of machines of which one does not let the other in on UDP 4789. Machines in the same groups are looked at together, so that thousands cost no more than a few. */
export function closedPairs({ instances, openings }: AmazonWorld, ids: ReadonlyMap<string, string>): Closed[] {
  const known = new Map(instances.map((one) => [one.id, one]));
  const machines = [...ids].flatMap(([node, id]) => {
    const found = known.get(id);
    return found ? [{ node, groups: found.securityGroups.map((group) => group.id).toSorted(), ip: toRange(`${found.privateIp}/32`) }] : [];
  });
  const kinds = [...Map.groupBy(machines, ({ groups }) => groups.join()).values()];
  const opens = openings.filter(({ direction, protocol, fromPort, toPort }) => direction === "ingress" && (protocol === "-1" || (protocol === "udp" && fromPort <= vxlanPort && vxlanPort <= toPort)));
  const closed: Closed[] = [];
  for (const [to, from] of kinds.flatMap((each) => kinds.map((other) => [each, other] as const))) {
    const rules = opens.filter(({ groupId }) => to[0]?.groups.includes(groupId));
    if (rules.some(({ peerGroupId }) => from[0]?.groups.includes(peerGroupId))) continue;
    const ranges = rules.flatMap(({ cidr }) => toRange(cidr) ?? []);
    const shut = from.filter(({ ip }) => !ranges.some((range) => ip !== null && contains(range, ip)));
    for (const { node } of shut) for (const other of to) if (other.node !== node && closed.length < maxPairs) closed.push({ from: node, to: other.node });
  }
  return closed;
}

export function nodeInstances({ picture }: Pick<Linted, "picture">): Map<string, string> {
  return new Map([...picture.store("Node").values()].map((node) => [node.name, node.providerId.split("/").at(-1) ?? ""]));
}

export const vxlanClosed: Lint = (linted) => {
  const { amazon, cluster: { calico } } = linted.world;
  if (!amazon.known || !calico.known || calico.value.pools.every(({ vxlanMode }) => vxlanMode === "Never")) return [];
  const closed = closedPairs(amazon.value, nodeInstances(linted));
  if (closed.length === 0) return [];
  const shown = closed.slice(0, 4).map(({ from, to }) => `${from} → ${to}`).join(", ");
  return [{
    id: "calico/udp-4789", check: "vxlan-closed", severity: "critical", title: "UDP 4789 is closed between machines", what: `${shown}${closed.length > 4 ? ` and ${closed.length - 4} more` : ""}.`, why: "Pods on these machines do not reach each other; DNS works on some and times out on others.",
    fix: "aws ec2 authorize-security-group-ingress --protocol udp --port 4789 --source-group <the other machines' group> --group-id <this machine's group>, both ways.", subjects: [...new Set(closed.flatMap(({ from, to }) => [from, to]))].map((key) => ({ kind: "node" as const, key })),
  }];
};

/** The network at a glance, for the screen. */
export function networkFacts(linted: Linted, findings: readonly RouteFinding[]): { name: string; value: string; state: HopState; say: string }[] {
  const { calico, serviceRanges } = linted.world.cluster;
  if (!calico.known) return [{ name: "Calico", value: "not known", state: "unknown", say: calico.say }];
  const { pools, felix, meshEnabled, readiness } = calico.value as CalicoSettings;
  const how = (...checks: string[]): { state: HopState; say: string } => {
    const found = findings.find(({ check }) => checks.includes(check));
    return found ? { state: found.severity === "critical" ? "failed" : "warning", say: found.title } : { state: "well", say: "" };
  };
  const { amazon } = linted.world;
  return [
    { name: "Mode", value: pools.map(({ vxlanMode, ipipMode }) => (vxlanMode !== "Never" ? `VXLAN ${vxlanMode}` : ipipMode !== "Never" ? `IP in IP ${ipipMode}` : "no overlay")).join(", ") || "no pool", ...how("calico-mode") },
    { name: "BGP between nodes", value: meshEnabled === false ? "off" : "on", ...how("calico-bgp") },
    { name: "Readiness of calico-node", value: readiness === null ? "not known" : readiness.some((word) => word.includes("bird")) ? "asks BIRD" : "Felix alone", ...(readiness === null ? { state: "unknown" as const, say: "The DaemonSet calico-node has no readiness command." } : how("calico-bird")) },
    { name: "Pod range", value: pools.map(({ cidr }) => cidr).join(", "), ...how("calico-range") },
    { name: "Service range", value: serviceRanges.known ? serviceRanges.value.join(", ") : "not known", ...(serviceRanges.known ? how("calico-range") : { state: "unknown" as const, say: serviceRanges.say }) },
    { name: "MTU", value: felix && felix.vxlanMtu > 0 ? String(felix.vxlanMtu) : "measured by Calico", ...how("calico-mtu") },
    { name: "UDP 4789 between nodes", value: amazon.known ? (findings.some(({ check }) => check === "vxlan-closed") ? "closed" : "open") : "not known", ...(amazon.known ? how("vxlan-closed") : { state: "unknown" as const, say: amazon.say }) },
  ];
}
