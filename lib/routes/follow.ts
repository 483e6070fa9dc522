// A typed path followed hop by hop: which name, which listener, which rules are tried, and where it ends.
import { hostMatches, matches } from "./rules";
import type { Balancer, HopState, RuleHop } from "./model";

export interface Step { hop: "name" | "balancer" | "listener" | "rule" | "service" | "node" | "pod"; title: string; say: string; state: HopState }
export interface Followed { host: string; path: string; rule: RuleHop | null; steps: Step[]; sentence: string }

/** "https://growbin.app/api?x=1", "growbin.app/api" or "/api"; null when there is no path in it. */
export function readAddress(text: string): { host: string; path: string } | null {
  const trimmed = text.trim();
  const whole = /^(?:https?:\/\/)?([^/?#\s]*)(\/[^?#\s]*)?(?:[?#]\S*)?$/.exec(trimmed);
  if (!whole || trimmed === "") return null;
  const host = (whole[1] ?? "").replace(/:\d+$/, "");
  return { host, path: whole[2] ?? "/" };
}

const takes = (rule: RuleHop, { host, path }: { host: string; path: string }): boolean => (host === "" || hostMatches(rule.host, host)) && rule.patterns.some((pattern) => matches(pattern, path));

/** The balancer that serves the host; of several the first. Without a host, the one that has a rule for the path. */
export function balancerFor(balancers: readonly Balancer[], at: { host: string; path: string }): Balancer | null {
  const serving = balancers.filter(({ rules, fallback }) => at.host === "" || fallback !== null || rules.some((rule) => hostMatches(rule.host, at.host)));
  return serving.find(({ rules }) => rules.some((rule) => takes(rule, at))) ?? serving[0] ?? null;
}

export function follow(balancers: readonly Balancer[], at: { host: string; path: string }): Followed {
  const balancer = balancerFor(balancers, at);
  if (!balancer) return { ...at, rule: null, steps: [], sentence: balancers.length === 0 ? "No Ingress leads into this cluster." : `No load balancer has a rule for the host ${at.host}.` };
  const rule = balancer.rules.find((one) => takes(one, at)) ?? null;
  const end = rule ?? balancer.fallback;
  const host = at.host || end?.host || balancer.rules[0]?.host || "";
  const steps = [...entrySteps(balancer, host), ...ruleSteps(balancer, at, rule), ...(end ? endSteps(end) : [])];
  return { host, path: at.path, rule: end, steps, sentence: sentence(at.path, rule, end) };
}

function entrySteps({ names, listeners, address, state, say }: Balancer, host: string): Step[] {
  const name = names.find((one) => one.host === host);
  const open = listeners.map(({ protocol, port, redirectsTo, state: how, say: why }): Step => ({ hop: "listener", title: `${protocol} ${port}`, say: redirectsTo ? `answers with a redirect to ${redirectsTo}` : why || "passes on by the rules", state: how }));
  return [{ hop: "name", title: host || "any host", say: name?.say ?? "no host is asked for", state: name?.state ?? "unknown" }, { hop: "balancer", title: address || "no address yet", say, state }, ...open];
}

function ruleSteps({ rules, fallback }: Balancer, { path }: { path: string }, rule: RuleHop | null): Step[] {
  const tried = rule ? rule.n : rules.length;
  if (rule) return [{ hop: "rule", title: `rule ${rule.n}`, say: `${rule.path || "/"} (${rule.pathType}) of ${rule.ingress}; ${tried === 1 ? "the first that is tried" : `${tried - 1} before it do not match`}`, state: "well" }];
  return [{ hop: "rule", title: fallback ? "default backend" : "no rule", say: fallback ? `none of ${tried} rules matches ${path}` : `none of ${tried} rules matches ${path}; the load balancer answers 404`, state: fallback ? "well" : "warning" }];
}

function endSteps(rule: RuleHop): Step[] {
  const { service, pods, targetType, targets: { all, asked, healthy } } = rule;
  const ready = pods.filter((pod) => pod.ready).length;
  const unreachable = targetType === "instance" && service.exists && service.nodePort === 0;
  const steps: Step[] = [{ hop: "service", title: service.key, say: service.exists ? `${service.type}, port ${service.port} to ${service.targetPort}` : "there is no such Service", state: !service.exists || unreachable ? "failed" : "well" }];
  if (!service.exists) return steps;
  if (targetType === "instance") steps.push(unreachable ? { hop: "node", title: "no NodePort", say: "machines are the targets, and the Service has no port on them", state: "failed" } : {
    hop: "node", title: `NodePort ${service.nodePort}`, say: asked > 0 ? `${healthy} of ${all} targets are healthy` : `on ${all} nodes; AWS was not asked how it finds them`, state: asked === 0 ? "unknown" : healthy === 0 ? "failed" : healthy < all ? "warning" : "well",
  });
  steps.push({ hop: "pod", title: `${ready} of ${pods.length} pods`, say: pods.length === 0 ? "nothing answers to its selector" : [...new Set(pods.map(({ node }) => node || "no node"))].join(", "), state: ready === 0 ? "failed" : ready < pods.length ? "warning" : "well" });
  return steps;
}

/** "/api/v1/auth/login → rule 3 → auth-api:31441 → 2 of 2 pods" */
function sentence(path: string, rule: RuleHop | null, end: RuleHop | null): string {
  if (!end) return `${path} → no rule → 404`;
  const name = end.service.key.split("/").at(-1) ?? end.service.key;
  const port = end.service.nodePort || end.service.port;
  return [path, rule ? `rule ${rule.n}` : "default backend", `${name}:${port}`, end.service.exists ? `${end.pods.filter(({ ready }) => ready).length} of ${end.pods.length} pods` : "no such Service"].join(" → ");
}
