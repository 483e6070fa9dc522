// From a rule to the pods that answer: the Service, its NodePort on every node, the endpoints with their tier, and how each hop is.
import type { IngressObject, NodeObject, ServiceObject } from "../adapters/kubernetes/objects";
import { instanceId } from "./instance-id";
import { keyOf, type Picture } from "../placement/picture";
import type { Tier, TierPolicy } from "../placement/model";
import { tierOfNode } from "../placement/tier-policy";
import { annotation, defaultCodes, orderOf, targetType } from "./alb";
import type { NodeHop, PodHop, RuleHop } from "./model";
import type { Rule } from "./rules";
import type { AmazonWorld, World } from "./world";

/** Of targets and pods so many are shown; thousands help nobody. */
const maxShown = 60;

export interface Look { picture: Picture; policy: TierPolicy; world: World }

/** Nodes that a load balancer takes as targets (AWS Load Balancer Controller, "GetTrafficProxyNodeSelector"). */
const leftOut = ["node.kubernetes.io/exclude-from-external-load-balancers", "alpha.service-controller.kubernetes.io/exclude-balancer"];
export const isTarget = (node: NodeObject): boolean => !leftOut.some((label) => Object.hasOwn(node.labels, label)) && node.conditions.some(({ type, status }) => type === "Ready" && status === "True");

export interface TargetNode { name: string; tier: Tier | null; instance: string }
/** By tier and name; made once for all rules. */
export function targetNodes({ picture, policy }: Look): TargetNode[] {
  return [...picture.store("Node").values()].filter(isTarget).map((node) => ({ name: node.name, tier: tierOfNode(policy, node), instance: instanceId(node.providerId) })).toSorted((a, b) => (a.tier ?? 9) - (b.tier ?? 9) || (a.name < b.name ? -1 : 1));
}

export function ruleHop(look: Look, { ingress, rule, patterns }: Rule, { n, nodes }: { n: number; nodes: readonly TargetNode[] }): RuleHop {
  const service = look.picture.store("Service").get(`${ingress.namespace}/${rule.service}`);
  const port = service?.ports.find((each) => String(each.port) === rule.port || each.name === rule.port);
  const pods = service ? podHops(look, service) : [];
  const type = targetType(ingress);
  const reached = service && type === "instance" && port && port.nodePort > 0 ? nodeHops(look.world, { service, nodePort: port.nodePort, pods, port: port.port, nodes }) : noTargets;
  const hop: Omit<RuleHop, "state" | "say"> = {
    n, ingress: keyOf(ingress), order: orderOf(ingress), host: rule.host, path: rule.path, pathType: rule.pathType, patterns: [...patterns], targetType: type, protocol: annotation(ingress, "backend-protocol") || "HTTP",
    health: healthOf(ingress), pods: pods.slice(0, maxShown), ...reached,
    service: { key: `${ingress.namespace}/${rule.service}`, exists: service !== undefined && port !== undefined, type: service?.type ?? "", port: rule.port, portName: port?.name ?? "", nodePort: port?.nodePort ?? 0, targetPort: port?.targetPort ?? "" },
  };
  return { ...hop, ...ruleState(hop, service, pods) };
}

function healthOf(ingress: IngressObject): RuleHop["health"] {
  const path = annotation(ingress, "healthcheck-path");
  return { path: path || "/", given: path !== "", codes: annotation(ingress, "success-codes") || defaultCodes };
}

/** What the Service's endpoint slices name, with the pods' own nodes and tiers. */
function podHops({ picture, policy }: Look, service: ServiceObject): PodHop[] {
  const named = picture.store("EndpointSlice").by("namespace", service.namespace).filter((slice) => slice.service === service.name).flatMap(({ endpoints }) => endpoints);
  const unique = [...new Map(named.filter(({ pod }) => pod !== "").map((one) => [one.pod, one])).values()];
  return unique.map(({ pod, nodeName, ready }): PodHop => {
    const node = picture.store("Node").get(nodeName);
    return { key: `${service.namespace}/${pod}`, node: nodeName, tier: node ? tierOfNode(policy, node) : null, ready, state: ready ? "well" : "failed" };
  }).toSorted((a, b) => (a.tier ?? 9) - (b.tier ?? 9) || (a.key < b.key ? -1 : 1));
}

type Targets = Pick<RuleHop, "nodes" | "targets">;
const noTargets: Targets = { nodes: [], targets: { all: 0, asked: 0, healthy: 0, states: [] } };
interface Backend { service: ServiceObject; port: number; nodePort: number; pods: readonly PodHop[]; nodes: readonly TargetNode[] }

function nodeHops({ amazon }: World, { service, port, nodePort, pods, nodes }: Backend): Targets {
  const group = amazon.known ? groupFor(amazon.value, `${keyOf(service)}:${port}`) : undefined;
  const found = new Map(group?.targets.filter((one) => one.port === nodePort).map((one) => [one.id, one]));
  const here = Map.groupBy(pods, ({ node }) => node);
  const hopOf = ({ name, tier, instance }: TargetNode, state: string): NodeHop => {
    const told = found.get(instance);
    return { node: name, tier, target: instance, port: nodePort, state, reason: [told?.reason, told?.say].filter((one) => one).join(": "), pods: here.get(name)?.length ?? 0 };
  };
  if (!amazon.known) return { nodes: nodes.slice(0, maxShown).map((node) => hopOf(node, "unknown")), targets: { all: nodes.length, asked: 0, healthy: 0, states: [] } };
  const stateOf = ({ instance }: TargetNode): string => found.get(instance)?.state ?? (instance === "" ? "no providerID" : group ? "not registered" : "no target group");
  const byState = Map.groupBy(nodes, stateOf);
  const first = [...byState].toSorted(([a], [b]) => Number(a === "healthy") - Number(b === "healthy")).flatMap(([state, members]) => members.slice(0, maxShown).map((node) => hopOf(node, state)));
  return { nodes: first.slice(0, maxShown), targets: { all: nodes.length, asked: nodes.length, healthy: byState.get("healthy")?.length ?? 0, states: [...byState.keys()] } };
}

/** The controller tags each target group with what it is for: "namespace/service:port", or "namespace/ingress-service:port". */
export function groupFor(amazon: AmazonWorld, resource: string): AmazonWorld["groups"][number] | undefined {
  const [namespace = "", rest = ""] = resource.split("/");
  return amazon.groups.find(({ tags }) => {
    const said = tags["ingress.k8s.aws/resource"] ?? "";
    return said === resource || (said.startsWith(`${namespace}/`) && said.endsWith(`-${rest}`));
  });
}

function ruleState({ service: at, targetType: type, targets }: Omit<RuleHop, "state" | "say">, service: ServiceObject | undefined, pods: readonly PodHop[]): Pick<RuleHop, "state" | "say"> {
  if (!service) return { state: "failed", say: `There is no Service ${at.key}.` };
  if (!at.exists) return { state: "failed", say: `The Service ${at.key} has no port ${at.port}.` };
  if (type === "instance" && at.nodePort === 0) return { state: "failed", say: `The Service is ${at.type} and has no port on the machines.` };
  const ready = pods.filter((pod) => pod.ready).length;
  if (ready === 0) return { state: "failed", say: pods.length === 0 ? "No pod answers to its selector." : `None of ${pods.length} pods is ready.` };
  const { asked, healthy, states } = targets;
  if (asked > 0 && healthy === 0) return states.includes("initial") ? { state: "warning", say: "Its targets are being registered." } : { state: "failed", say: `None of ${asked} targets is healthy (${states.join(", ")}).` };
  if (ready < pods.length) return { state: "warning", say: `${ready} of ${pods.length} pods are ready.` };
  if (healthy < asked) return { state: "warning", say: `${healthy} of ${asked} targets are healthy.` };
  return { state: "well", say: `${ready} of ${pods.length} pods answer.` };
}
