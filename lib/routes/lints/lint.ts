// What a check of the routes looks at and what it says.
import type { Look } from "../hops";
import type { Balancer, RouteFinding } from "../model";

export interface Linted extends Look { balancers: readonly Balancer[]; now: number }
export type Lint = (linted: Linted) => RouteFinding[];

export const ingressSubject = (key: string) => ({ kind: "ingress" as const, key });
export const serviceSubject = (key: string) => ({ kind: "service" as const, key });
/** Rules of AWS balancers with the balancer they belong to. */
export function albRules({ balancers }: Linted) {
  return balancers.filter(({ isAlb }) => isAlb).flatMap((balancer) => [...balancer.rules, ...(balancer.fallback ? [balancer.fallback] : [])].map((rule) => ({ balancer, rule })));
}
