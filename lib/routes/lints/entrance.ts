// Checks of how requests come in: names, listeners, certificates, classes, and rules that hide one another.
import { annotation, classOf, portsOf, redirectPort } from "../alb";
import type { RouteFinding } from "../model";
import { hostMatches, shadowing } from "../rules";
import { ingressSubject, type Lint } from "./lint";

const dayMs = 86_400_000;
export const soonMs = 30 * dayMs;
export const urgentMs = 7 * dayMs;

export const shadowedPaths: Lint = ({ balancers }) => balancers.flatMap(({ rules }) => rules.flatMap((rule, at): RouteFinding[] => {
  const earlier = shadowing(rules.map((one) => ({ ...one, rule: { host: one.host, path: one.path, pathType: one.pathType, service: one.service.key, port: one.service.port } })), at);
  if (!earlier || (earlier.service.key === rule.service.key && earlier.service.port === rule.service.port)) return [];
  const same = earlier.host === rule.host && earlier.patterns.join() === rule.patterns.join();
  return [{
    id: `shadowed/${rule.ingress}/${rule.host}${rule.path}`, check: same ? "overlap" : "shadowed", severity: "critical", title: `${rule.host}${rule.path} of ${rule.ingress} is never reached`,
    what: same ? `${earlier.ingress} has the same path as rule ${earlier.n}; this one is rule ${rule.n}.` : `Rule ${earlier.n} (${earlier.path || "/"} of ${earlier.ingress}) takes all of it before rule ${rule.n} is tried.`,
    why: `Requests for it end at ${earlier.service.key} and not at ${rule.service.key}.`, fix: same ? "Remove one of the two, or give them different hosts or paths." : `Give ${rule.ingress} a lower alb.ingress.kubernetes.io/group.order than ${earlier.order}, so that the narrower path is tried first.`, subjects: [ingressSubject(rule.ingress), ingressSubject(earlier.ingress)],
  }];
}));

export const plainHttp: Lint = ({ balancers, picture }) => balancers.filter(({ isAlb, listeners }) => isAlb && listeners.some(({ protocol, redirectsTo }) => protocol === "HTTP" && redirectsTo === "")).map(({ key, listeners, ingresses, scheme }): RouteFinding => {
  const secure = listeners.some(({ protocol }) => protocol === "HTTPS");
  const [first = ""] = ingresses;
  const [namespace = "", name = ""] = first.split("/");
  const certain = ingresses.flatMap((one) => picture.store("Ingress").get(one) ?? []).every((one) => redirectPort(one) === 0);
  return {
    id: `plain-http/${key}`, check: "plain-http", severity: scheme === "internet-facing" ? "warning" : "info", title: `${key} serves plain HTTP`,
    what: secure ? `Port 80 passes requests on beside HTTPS${certain ? ": no Ingress of the group has ssl-redirect" : ""}.` : "It has no HTTPS listener at all.", why: "Passwords and tokens cross the internet readable by anybody on the way.",
    fix: secure ? `kubectl -n ${namespace} annotate ingress ${name} alb.ingress.kubernetes.io/ssl-redirect=443` : "Add an HTTPS listener with a certificate (listen-ports and certificate-arn), then ssl-redirect.", subjects: ingresses.map(ingressSubject),
  };
});

export const certificates: Lint = ({ balancers, now }) => balancers.flatMap(({ key, listeners, names, ingresses }) => listeners.flatMap(({ certificate, port }): RouteFinding[] => {
  if (!certificate) return [];
  const findings: RouteFinding[] = [];
  const left = certificate.endsAt - now;
  const day = new Date(certificate.endsAt).toISOString().slice(0, 10);
  if (left < soonMs) findings.push({
    id: `certificate/${key}:${port}`, check: "certificate", severity: left < urgentMs ? "critical" : "warning", title: left < 0 ? `The certificate of ${key} has ended` : `The certificate of ${key} ends in ${Math.ceil(left / dayMs)} days`,
    what: `It is for ${certificate.names.join(", ")} and ${left < 0 ? "ended" : "ends"} on ${day}.`, why: "Browsers and clients refuse the connection from that moment on.", fix: "ACM renews by itself while the DNS validation record stands: check that record, or request and attach a new certificate.", subjects: ingresses.map(ingressSubject),
  });
  const uncovered = names.map(({ host }) => host).filter((host) => !certificate.names.some((name) => covers(name, host)));
  if (uncovered.length > 0) findings.push({
    id: `host-mismatch/${key}:${port}`, check: "host-mismatch", severity: "critical", title: `The certificate of ${key} is not for ${uncovered.join(", ")}`,
    what: `It names ${certificate.names.join(", ")}.`, why: "Browsers warn and programs refuse.", fix: "Attach a certificate that has the host, or correct the host of the Ingress.", subjects: ingresses.map(ingressSubject),
  });
  return findings;
}));

/** A wildcard of a certificate stands for exactly one label. */
function covers(name: string, host: string): boolean {
  if (!name.startsWith("*.")) return name.toLowerCase() === host.toLowerCase();
  return host.toLowerCase().endsWith(name.slice(1).toLowerCase()) && !host.slice(0, host.length - name.length + 1).includes(".");
}

/** One of a group has a host of its own that looks like a slip: all others share theirs, and DNS does not lead here. */
export const hostMismatch: Lint = ({ balancers }) => balancers.flatMap(({ key, names, rules }): RouteFinding[] => {
  const wrong = names.filter(({ state }) => state === "failed");
  return wrong.map(({ host, say }) => ({
    id: `dns/${key}/${host}`, check: "dns", severity: "critical" as const, title: `${host} does not lead to its load balancer`, what: `${host} ${say}.`, why: "Requests for the name never arrive at these rules.", fix: "Point the name's alias record at the load balancer and wait for the old record's lifetime.",
    subjects: [...new Set(rules.filter((rule) => hostMatches(rule.host, host)).map(({ ingress }) => ingress))].map(ingressSubject),
  }));
});

export const classMissing: Lint = ({ picture, world }) => {
  const { classes } = world.cluster;
  if (!classes.known) return [];
  return [...picture.store("Ingress").values()].flatMap((ingress): RouteFinding[] => {
    const name = classOf(ingress, classes);
    if (name !== "" && (classes.value.some((one) => one.name === name) || "kubernetes.io/ingress.class" in ingress.annotations)) return [];
    const key = `${ingress.namespace}/${ingress.name}`;
    return [{
      id: `class/${key}`, check: "class", severity: "critical", title: name === "" ? `${ingress.name} has no class` : `${ingress.name} asks for the class ${name}, which does not exist`,
      what: name === "" ? "It names no IngressClass and none is the default." : `There ${classes.value.length === 1 ? "is" : "are"} ${classes.value.map((one) => one.name).join(", ") || "no class at all"}.`, why: "No controller feels responsible: no load balancer, no address, no error.",
      fix: `kubectl -n ${ingress.namespace} patch ingress ${ingress.name} -p '{"spec":{"ingressClassName":"${classes.value.find(({ controller }) => controller === "ingress.k8s.aws/alb")?.name ?? "alb"}"}}'`, subjects: [ingressSubject(key)],
    }];
  });
};

export const unreadable: Lint = ({ picture, world }) => [...picture.store("Ingress").values()].filter((ingress) => classOf(ingress, world.cluster.classes) === "alb" && portsOf(ingress) === null).map((ingress): RouteFinding => ({
  id: `listen-ports/${ingress.namespace}/${ingress.name}`, check: "listen-ports", severity: "critical", title: `${ingress.name} has listen-ports that cannot be read`, what: `It says ${annotation(ingress, "listen-ports").slice(0, 120)}.`, why: "The controller refuses the whole group until it is corrected.", fix: "Write it as JSON, such as [{\"HTTP\": 80}, {\"HTTPS\": 443}].", subjects: [ingressSubject(`${ingress.namespace}/${ingress.name}`)],
}));
