// Ingresses of an AWS load balancer whose targets cannot be reached: target-type instance needs NodePort Services.
import type { IngressObject } from "../../adapters/kubernetes/objects";
import type { Finding, Looked } from "./finding";

const annotation = (ingress: IngressObject, name: string) => ingress.annotations[`alb.ingress.kubernetes.io/${name}`];

export function albBackends({ picture }: Looked): Finding[] {
  return [...picture.store("Ingress").values()].flatMap((ingress): Finding[] => {
    const isAlb = ingress.className === "alb" || ingress.annotations["kubernetes.io/ingress.class"] === "alb";
    if (!isAlb || (annotation(ingress, "target-type") ?? "instance") !== "instance") return [];
    const names = [...new Set(ingress.rules.map((rule) => rule.service).filter((name) => name !== ""))];
    return names.flatMap((name) => backend({ picture }, ingress, name));
  });
}

function backend({ picture }: Pick<Looked, "picture">, ingress: IngressObject, name: string): Finding[] {
  const service = picture.store("Service").get(`${ingress.namespace}/${name}`);
  if (service && (service.type === "NodePort" || service.type === "LoadBalancer")) return [];
  const key = `${ingress.namespace}/${name}`;
  return [{
    id: `alb-backend/${ingress.namespace}/${ingress.name}/${name}`, check: "alb-backend", severity: "critical",
    title: service ? `${name} cannot be reached by the load balancer` : `${ingress.name} leads to ${name}, which does not exist`,
    what: service ? `The Ingress ${ingress.name} registers machines as targets (target-type instance), and the Service is ${service.type}: it has no port on them.` : `No Service ${name} in ${ingress.namespace}; an Ingress reaches only Services of its own namespace.`,
    why: "The target group stays empty and the load balancer answers 503 for this path.",
    fix: service ? `kubectl -n ${ingress.namespace} patch service ${name} -p '{"spec":{"type":"NodePort"}}'` : `Create the Service, or correct the backend of the Ingress ${ingress.name}.`,
    subjects: [{ kind: "ingress", key: `${ingress.namespace}/${ingress.name}` }, { kind: "service", key }],
  }];
}
