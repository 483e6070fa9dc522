// The nouns of routes: the way of a request as hops, what is known beside the cluster's objects, and what a check of it says.
import { z } from "zod";

export const hopStates = ["well", "warning", "failed", "unknown"] as const;
export type HopState = (typeof hopStates)[number];
const state = z.enum(hopStates);
const tier = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).nullable();

/** A pod that answers, at the end of the way. */
export const podHop = z.object({ key: z.string(), node: z.string(), tier, ready: z.boolean(), state });
/** A node as the load balancer's target; `state` is the load balancer's own word, "unknown" where AWS was not asked. */
export const nodeHop = z.object({ node: z.string(), tier, target: z.string(), port: z.number(), state: z.string(), reason: z.string(), pods: z.number() });
export const serviceHop = z.object({ key: z.string(), exists: z.boolean(), type: z.string(), port: z.string(), portName: z.string(), nodePort: z.number(), targetPort: z.string() });
export const healthCheck = z.object({ path: z.string(), given: z.boolean(), codes: z.string() });

export const ruleHop = z.object({
  /** `nodes` are the first of them, what is not healthy before the rest; `targets` counts all. `n`: place in the order in which they are tried, from 1; 0 for what none takes. */
  n: z.number(), ingress: z.string(), order: z.number(), host: z.string(), path: z.string(), pathType: z.string(), patterns: z.array(z.string()),
  targetType: z.string(), protocol: z.string(), health: healthCheck, service: serviceHop, nodes: z.array(nodeHop), targets: z.object({ all: z.number(), asked: z.number(), healthy: z.number(), states: z.array(z.string()) }), pods: z.array(podHop), state, say: z.string(),
});
export const certificate = z.object({ names: z.array(z.string()), endsAt: z.number() });
export const listenerHop = z.object({ port: z.number(), protocol: z.string(), redirectsTo: z.string(), certificate: certificate.nullable(), state, say: z.string() });
export const nameHop = z.object({ host: z.string(), answers: z.array(z.string()), state, say: z.string() });
export const balancer = z.object({
  key: z.string(), title: z.string(), className: z.string(), isAlb: z.boolean(), scheme: z.string(), address: z.string(), ingresses: z.array(z.string()),
  names: z.array(nameHop), listeners: z.array(listenerHop), rules: z.array(ruleHop), fallback: ruleHop.nullable(), state, say: z.string(),
});
export const subject = z.object({ kind: z.enum(["node", "pod", "workload", "ingress", "service", "balancer", "cluster"]), key: z.string() });
export const severities = ["critical", "warning", "info"] as const;
export const routeFinding = z.object({
  id: z.string(), check: z.string(), severity: z.enum(severities), title: z.string(), what: z.string(), why: z.string(), fix: z.string(), subjects: z.array(subject),
});
export const routesAnswer = z.object({
  at: z.number(), balancers: z.array(balancer), findings: z.array(routeFinding),
  /** What beside the cluster was asked, each with a sentence where it is not known. */
  sources: z.array(z.object({ name: z.string(), state: z.enum(["known", "absent", "failing"]), say: z.string() })),
  network: z.array(z.object({ name: z.string(), value: z.string(), state, say: z.string() })),
});
export type PodHop = z.infer<typeof podHop>;
export type NodeHop = z.infer<typeof nodeHop>;
export type RuleHop = z.infer<typeof ruleHop>;
export type ListenerHop = z.infer<typeof listenerHop>;
export type NameHop = z.infer<typeof nameHop>;
export type Balancer = z.infer<typeof balancer>;
export type RouteFinding = z.infer<typeof routeFinding>;
export type RoutesAnswer = z.infer<typeof routesAnswer>;
export type Certificate = z.infer<typeof certificate>;

export const worst = (states: readonly HopState[]): HopState => (["failed", "warning", "unknown", "well"] as const).find((one) => states.includes(one)) ?? "unknown";
