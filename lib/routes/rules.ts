// Path rules in the order in which a load balancer tries them, what each matches, and which can never be reached.
import type { IngressObject, IngressRule } from "../adapters/kubernetes/objects";
import { keyOf } from "../placement/picture";
import { orderOf } from "./alb";

export interface Rule { ingress: IngressObject; rule: IngressRule; patterns: readonly string[] }

/**
 * Groups by group.order, equal orders by namespace/name; inside one Ingress and host first exact paths, then prefixes from long to short, then the rest as written
 * (AWS Load Balancer Controller, "IngressGroup" and sortIngressPaths).
 */
export function rulesInOrder(ingresses: readonly IngressObject[]): { rules: Rule[]; fallback: Rule | null } {
  const members = ingresses.toSorted((a, b) => orderOf(a) - orderOf(b) || (keyOf(a) < keyOf(b) ? -1 : 1));
  const all = members.flatMap((ingress) => sorted(ingress.rules).map((rule): Rule => ({ ingress, rule, patterns: patternsOf(rule) })));
  return { rules: all.filter(({ rule }) => rule.pathType !== "Default"), fallback: all.find(({ rule }) => rule.pathType === "Default") ?? null };
}

const rank: Record<string, number> = { Exact: 0, Prefix: 1 };

function sorted(rules: readonly IngressRule[]): IngressRule[] {
  const hosts = [...new Set(rules.map(({ host }) => host))];
  const place = ({ pathType }: IngressRule): number => rank[pathType] ?? 2;
  return hosts.flatMap((host) => rules.filter((rule) => rule.host === host).toSorted((a, b) => place(a) - place(b) || (a.pathType === "Prefix" && b.pathType === "Prefix" ? b.path.length - a.path.length : 0)));
}

/** As the controller writes them: a prefix is itself and all beneath it. */
export function patternsOf({ path, pathType }: Pick<IngressRule, "path" | "pathType">): string[] {
  if (pathType === "Default") return ["/*"];
  if (pathType === "Exact") return [path];
  const bare = path.replace(/\/+$/, "");
  if (pathType === "Prefix") return bare === "" ? ["/*"] : [bare, `${bare}/*`];
  return [path === "" ? "/*" : path];
}

/** `*` stands for any text, `?` for one sign. Linear in both for every pattern that has no more than a handful of stars. */
export function matches(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === "*") {
      [star, mark] = [p, t];
      p += 1;
    } else if (p < pattern.length && (pattern[p] === text[t] || (pattern[p] === "?" && text[t] !== "*"))) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      mark += 1;
      [p, t] = [star + 1, mark];
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}

/** Hosts are compared without case; "" takes every host. */
export const hostMatches = (pattern: string, host: string): boolean => pattern === "" || matches(pattern.toLowerCase(), host.toLowerCase());

/** The rule that takes every request of this one before it, or null. Wildcards of the later rule are taken as signs that only a `*` matches, so what is named is certain. */
export function shadowing<T extends { rule: IngressRule; patterns: readonly string[] }>(rules: readonly T[], at: number): T | null {
  const later = rules[at];
  if (!later) return null;
  return rules.slice(0, at).find((earlier) => hostMatches(earlier.rule.host, later.rule.host) && (earlier.rule.host === "" || later.rule.host !== "") && later.patterns.every((pattern) => earlier.patterns.some((wide) => matches(wide, pattern)))) ?? null;
}
