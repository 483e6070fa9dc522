// The whole way of requests into a cluster: every load balancer with its names, listeners, rules in order, and what each leads to.
import type { IngressObject } from "../adapters/kubernetes/objects";
import { keyOf } from "../placement/picture";
import { annotation, classOf, groupOf, hasCertificate, isAlb, portsOf, redirectPort } from "./alb";
import { ruleHop, targetNodes, type Look, type TargetNode } from "./hops";
import { worst, type Balancer, type ListenerHop, type NameHop } from "./model";
import { rulesInOrder } from "./rules";

export function balancersOf(look: Look): Balancer[] {
  const { classes } = look.world.cluster;
  const groups = new Map<string, { className: string; alb: boolean; members: IngressObject[] }>();
  for (const ingress of look.picture.store("Ingress").values()) {
    const className = classOf(ingress, classes);
    const alb = isAlb(className, classes);
    const key = alb ? groupOf(ingress) : `class ${className || "none"}`;
    const known = groups.get(key) ?? { className, alb, members: [] };
    known.members.push(ingress);
    groups.set(key, known);
  }
  const nodes = targetNodes(look);
  return [...groups].map(([key, group]) => balancerOf(look, key, { ...group, nodes })).toSorted((a, b) => b.rules.length - a.rules.length || (a.key < b.key ? -1 : 1));
}

function balancerOf(look: Look, key: string, { className, alb, members, nodes }: { className: string; alb: boolean; members: IngressObject[]; nodes: readonly TargetNode[] }): Balancer {
  const { rules, fallback } = rulesInOrder(members);
  const address = members.flatMap(({ addresses }) => addresses)[0] ?? "";
  const hops = rules.map((rule, index) => ruleHop(look, rule, { n: index + 1, nodes }));
  const hosts = [...new Set(rules.map(({ rule }) => rule.host).filter((host) => host !== ""))];
  const listeners = alb ? listenersOf(look, members, address) : [];
  const own = ownState(look, address, alb);
  const names = hosts.map((host) => nameHop(look, host, address));
  return {
    key, title: alb ? key : `Ingress class ${className || "(none)"}`, className, isAlb: alb, scheme: members.some((one) => annotation(one, "scheme") === "internet-facing") ? "internet-facing" : alb ? "internal" : "",
    address, ingresses: members.map(keyOf).toSorted(), names, listeners, rules: hops, fallback: fallback ? ruleHop(look, fallback, { n: 0, nodes }) : null, ...own,
    state: worst([own.state, ...hops.map(({ state }) => state), ...listeners.map(({ state }) => state)].filter((state) => state !== "unknown")),
  };
}

function ownState({ world }: Look, address: string, alb: boolean): Pick<Balancer, "state" | "say"> {
  if (address === "") return { state: "failed", say: alb ? "The controller has written no address: there is no load balancer yet, or it could not be made." : "No controller has written an address." };
  if (!alb || !world.amazon.known) return { state: "unknown", say: world.amazon.known ? "Not a load balancer of AWS." : world.amazon.say };
  const found = world.amazon.value.balancers.find(({ dnsName }) => dnsName.toLowerCase() === address.toLowerCase());
  if (!found) return { state: "failed", say: "AWS has no load balancer with this address." };
  return found.state === "active" ? { state: "well", say: `${found.name} is active.` } : { state: "warning", say: `${found.name} is ${found.state || "in no known state"}.` };
}

/** What AWS has where it was asked, else what the Ingresses ask for. */
function listenersOf(look: Look, members: readonly IngressObject[], address: string): ListenerHop[] {
  const { amazon, certificates } = look.world;
  const redirect = members.map(redirectPort).find((port) => port > 0) ?? 0;
  const asked = new Map(members.flatMap((one) => portsOf(one) ?? []).map((one) => [one.port, one]));
  const real = amazon.known ? amazon.value.balancers.find(({ dnsName }) => dnsName.toLowerCase() === address.toLowerCase())?.listeners : undefined;
  const ports = [...new Set([...asked.keys(), ...(real ?? []).map(({ port }) => port)])].toSorted((a, b) => a - b);
  return ports.map((port): ListenerHop => {
    const there = real?.find((one) => one.port === port);
    const protocol = there?.protocol ?? asked.get(port)?.protocol ?? "HTTP";
    const redirectsTo = there?.redirectsTo || (protocol === "HTTP" && redirect > 0 && redirect !== port ? `HTTPS:${redirect}` : "");
    const certificate = certificates.get(`${address}:${port}`);
    const base = { port, protocol, redirectsTo, certificate: certificate?.known ? certificate.value : null };
    if (real && !there) return { ...base, state: "failed", say: "The Ingresses ask for it, and the load balancer has no such listener." };
    if (protocol !== "HTTPS") return { ...base, state: "well", say: "" };
    if (certificate && !certificate.known) return { ...base, state: "unknown", say: certificate.say };
    return { ...base, state: "well", say: there?.certificates.length === 0 || (!there && !members.some(hasCertificate)) ? "No certificate is named; the controller looks one up in ACM by host." : "" };
  });
}

function nameHop({ world }: Look, host: string, address: string): NameHop {
  const answer = world.names.get(host.toLowerCase());
  const own = world.names.get(address.toLowerCase());
  if (!answer?.known) return { host, answers: [], state: "unknown", say: answer?.say ?? "DNS was not asked." };
  const { addresses, aliases } = answer.value;
  const answers = [...aliases, ...addresses];
  if (address === "") return { host, answers, state: "unknown", say: "There is no load balancer to compare it with." };
  if (aliases.some((alias) => alias.toLowerCase() === address.toLowerCase())) return { host, answers, state: "well", say: "leads to the load balancer" };
  const machine = world.amazon.known ? world.amazon.value.instances.find(({ publicIp }) => publicIp !== "" && addresses.includes(publicIp)) : undefined;
  if (machine) return { host, answers, state: "failed", say: `leads to the machine ${machine.tags.Name ?? machine.id} and not to the load balancer` };
  if (!own?.known || own.value.addresses.length === 0) return { host, answers, state: "unknown", say: "The load balancer's own address has no answer to compare with." };
  if (addresses.length === 0) return { host, answers, state: "failed", say: "has no address record" };
  if (addresses.some((one) => own.value.addresses.includes(one))) return { host, answers, state: "well", say: "leads to the load balancer" };
  return { host, answers, state: "failed", say: `leads to ${addresses.join(", ")}, the load balancer is ${own.value.addresses.join(", ")}` };
}
