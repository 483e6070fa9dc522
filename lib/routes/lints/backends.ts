// Checks of what a rule leads to: a port on the machines, one that is free and open, enough targets, a health check that was meant.
import { targetNodes } from "../hops";
import { list } from "../../placement/findings/finding";
import type { RouteFinding, RuleHop } from "../model";
import { albRules, ingressSubject, serviceSubject, type Lint } from "./lint";

const named = (key: string): string => key.split("/").at(-1) ?? key;
const onePerService = (rules: readonly RuleHop[]): RuleHop[] => [...new Map(rules.map((rule) => [`${rule.service.key}:${rule.service.port}`, rule])).values()];

export const clusterIpBehindInstance: Lint = (linted) => onePerService(albRules(linted).map(({ rule }) => rule)).filter(({ targetType, service }) => targetType === "instance" && service.exists && service.nodePort === 0).map(({ service, ingress }): RouteFinding => {
  const [namespace = "", name = ""] = service.key.split("/");
  return {
    id: `cluster-ip/${service.key}`, check: "cluster-ip", severity: "critical", title: `${name} cannot be reached by the load balancer`,
    what: `${ingress} registers machines as targets (target-type instance), and the Service is ${service.type}: it has no port on them.`, why: "The target group stays empty and the load balancer answers 503 for this path.",
    fix: `kubectl -n ${namespace} patch service ${name} -p '{"spec":{"type":"NodePort"}}'`, subjects: [serviceSubject(service.key), ingressSubject(ingress)],
  };
});

/** F-30: pod addresses of an overlay are not routable from outside the cluster. */
export const ipTargetsOnOverlay: Lint = (linted) => {
  const { calico } = linted.world.cluster;
  if (!calico.known || !calico.value.pools.some(({ vxlanMode, ipipMode, disabled }) => !disabled && (vxlanMode !== "Never" || ipipMode !== "Never"))) return [];
  return [...new Set(albRules(linted).filter(({ rule }) => rule.targetType === "ip").map(({ rule }) => rule.ingress))].map((key): RouteFinding => ({
    id: `ip-overlay/${key}`, check: "ip-overlay", severity: "critical", title: `${named(key)} sends to pod addresses that the load balancer cannot reach`,
    what: "Its target-type is ip, and Calico's pool is an overlay: pod addresses exist inside the cluster alone.", why: "Every request ends in 504 after the load balancer's patience.",
    fix: `kubectl -n ${key.split("/")[0] ?? ""} annotate ingress ${named(key)} alb.ingress.kubernetes.io/target-type=instance --overwrite`, subjects: [ingressSubject(key)],
  }));
};

export const noService: Lint = (linted) => linted.balancers.flatMap(({ rules, fallback }) => onePerService([...rules, ...(fallback ? [fallback] : [])])).filter(({ service }) => !service.exists).map(({ service, ingress, say }): RouteFinding => ({
  id: `no-service/${ingress}/${service.key}:${service.port}`, check: "no-service", severity: "critical", title: `${named(ingress)} leads to ${named(service.key)}:${service.port}, which does not exist`,
  what: say, why: "An Ingress reaches only Services of its own namespace, by a port that they have; the load balancer answers 503 for this path.", fix: `Create the Service or its port, or correct the backend of the Ingress ${ingress}.`, subjects: [ingressSubject(ingress), serviceSubject(service.key)],
}));

export const nothingBehind: Lint = (linted) => linted.balancers.flatMap(({ rules }) => onePerService(rules)).filter(({ service, pods }) => service.exists && !pods.some(({ ready }) => ready)).map(({ service, pods, ingress }): RouteFinding => ({
  id: `no-endpoints/${service.key}`, check: "no-endpoints", severity: "critical", title: `Nothing answers behind ${named(service.key)}`,
  what: pods.length === 0 ? "No pod answers to the Service's selector." : `None of its ${pods.length} pods is ready.`, why: "Requests for this path end in 502 or 503.", fix: "Look at the pods' own reasons under Placement; correct the selector when pods are there and are not counted.", subjects: [serviceSubject(service.key), ingressSubject(ingress), ...pods.map(({ key }) => ({ kind: "pod" as const, key }))],
}));

export const missingHealthPath: Lint = (linted) => [...new Map(albRules(linted).filter(({ rule }) => !rule.health.given).map(({ rule }) => [rule.ingress, rule])).values()].map(({ ingress }): RouteFinding => ({
  id: `health-path/${ingress}`, check: "health-path", severity: "warning", title: `${named(ingress)} names no health-check path`,
  what: "Without the annotation the load balancer asks for / and takes only 200 as an answer.", why: "A service that answers / with a redirect or 404 is taken out of use though it is well, and one whose / is a static page is kept though it is not.",
  fix: `kubectl -n ${ingress.split("/")[0] ?? ""} annotate ingress ${named(ingress)} alb.ingress.kubernetes.io/healthcheck-path=/health`, subjects: [ingressSubject(ingress)],
}));

export const oneTarget: Lint = (linted) => onePerService(albRules(linted).map(({ rule }) => rule)).flatMap((rule): RouteFinding[] => {
  const ready = rule.pods.filter(({ ready: is }) => is);
  const { healthy, all } = rule.targets;
  if (ready.length !== 1 && !(healthy === 1 && all > 1)) return [];
  const [only] = ready;
  return [{
    id: `one-target/${rule.service.key}`, check: "one-target", severity: "info", title: `${named(rule.service.key)} hangs on one ${ready.length === 1 ? "pod" : "target"}`,
    what: ready.length === 1 ? `${only?.key ?? ""} on ${only?.node ?? ""} is all that answers.` : `Of ${all} targets only ${rule.nodes.find(({ state }) => state === "healthy")?.node ?? "one"} is healthy.`, why: "A restart, a drain or the loss of one machine takes the path down.",
    fix: ready.length === 1 ? "Run a second replica on another machine, with a disruption budget." : "Look why the other targets fail the health check.", subjects: [serviceSubject(rule.service.key), ingressSubject(rule.ingress)],
  }];
});

/** The API server refuses two Services with one NodePort; a hostPort of a pod on the same number takes the packets away all the same. */
export const nodePortClash: Lint = ({ picture }) => {
  const services = [...picture.store("Service").values()].flatMap((service) => service.ports.filter(({ nodePort }) => nodePort > 0).map((port) => ({ key: `${service.namespace}/${service.name}`, nodePort: port.nodePort, protocol: port.protocol })));
  const byPort = Map.groupBy(services, ({ nodePort, protocol }) => `${protocol}/${nodePort}`);
  const twice = [...byPort].filter(([, members]) => new Set(members.map(({ key }) => key)).size > 1).map(([port, members]) => clash(port, members.map(({ key }) => key), "two Services have it"));
  if (byPort.size === 0) return twice;
  const hosts = [...picture.store("DaemonSet").values(), ...picture.store("Deployment").values(), ...picture.store("StatefulSet").values()].flatMap(({ template, kind, namespace, name }) => (template?.hostPorts ?? []).map(({ port, protocol }) => ({ port: `${protocol}/${port}`, key: `${kind}/${namespace}/${name}` })));
  return [...twice, ...hosts.flatMap(({ port, key }) => (byPort.has(port) ? [clash(port, (byPort.get(port) ?? []).map((one) => one.key), `pods of ${key} bind it on their machines`)] : []))];
};

function clash(port: string, keys: readonly string[], why: string): RouteFinding {
  return {
    id: `node-port/${port}/${keys.join("+")}`, check: "node-port", severity: "critical", title: `NodePort ${port.split("/")[1] ?? port} is taken twice`, what: `${keys.join(", ")}: ${why}.`, why: "Which of them answers on a machine depends on the order in which rules were written there.", fix: "Give one of them another port between 30000 and 32767, and the load balancer follows.", subjects: [...new Set(keys)].map(serviceSubject),
  };
}

/** A target that the load balancer's security group may not reach. Machines in the same groups are looked at together. */
export const nodePortClosed: Lint = (linted) => {
  const { amazon } = linted.world;
  if (!amazon.known) return [];
  const { instances, openings, balancers } = amazon.value;
  const machines = new Map(instances.map((one) => [one.id, one.securityGroups.map(({ id }) => id).toSorted().join()]));
  const inside = openings.filter(({ direction }) => direction === "ingress");
  const kinds = Map.groupBy(targetNodes(linted).filter(({ instance }) => machines.has(instance)), ({ instance }) => machines.get(instance) ?? "");
  return albRules(linted).flatMap(({ balancer, rule: { service } }): RouteFinding[] => {
    const front = balancers.find(({ dnsName }) => dnsName.toLowerCase() === balancer.address.toLowerCase());
    if (!front || service.nodePort === 0) return [];
    const lets = inside.filter((one) => (one.protocol === "-1" || (one.protocol === "tcp" && one.fromPort <= service.nodePort && service.nodePort <= one.toPort)) && (one.cidr !== "" || front.groupIds.includes(one.peerGroupId)));
    const closed = [...kinds].flatMap(([groups, nodes]) => (lets.some(({ groupId }) => groups.split(",").includes(groupId)) ? [] : nodes.map(({ name }) => name)));
    if (closed.length === 0) return [];
    return [{
      id: `port-closed/${service.key}:${service.nodePort}`, check: "port-closed", severity: "critical", title: `NodePort ${service.nodePort} of ${named(service.key)} is not open to the load balancer`,
      what: `No rule in the security groups of ${list(closed)} lets ${front.name} in on tcp ${service.nodePort}.`, why: "The health check gets no answer, and after it no request does.",
      fix: `aws ec2 authorize-security-group-ingress --protocol tcp --port 30000-32767 --source-group ${front.groupIds.at(-1) ?? "<the load balancer's group>"} --group-id <the machines' group>`, subjects: [serviceSubject(service.key), ...closed.slice(0, 20).map((key) => ({ kind: "node" as const, key }))],
    }];
  });
};
