// Weighted target groups before a canary: the Ingress' backend becomes an action of the load balancer, and each version gets a Service of its own by pod hash.
import "server-only";
// Source: "Annotations", alb.ingress.kubernetes.io/actions.<name> with forwardConfig, AWS Load Balancer Controller documentation.
import type { Manifest } from "@/lib/adapters/kubernetes/apply";
import type { PatchOperation } from "@/lib/adapters/kubernetes/patch";
import { jobLabel, type AlbMark } from "./mark";
import type { IngressFacts, ServiceFacts } from "./objects";
import { same } from "./patches";

const prefix = "alb.ingress.kubernetes.io/actions.";
const hashLabel = "pod-template-hash";
const pointer = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");
const portPath = ({ rule, path }: { rule: number; path: number }): string => `/spec/rules/${rule}/http/paths/${path}/backend/service/port`;
const namePath = ({ rule, path }: { rule: number; path: number }): string => `/spec/rules/${rule}/http/paths/${path}/backend/service/name`;

const isAlb = (ingress: IngressFacts): boolean => (typeof ingress.spec["ingressClassName"] === "string" ? ingress.spec["ingressClassName"] : ingress.metadata.annotations["kubernetes.io/ingress.class"]) === "alb";

/** Where the load balancer sends to the Service by its port; null when none does, or when somebody's own action is there already. */
export function albFront(ingresses: readonly IngressFacts[], service: string): AlbMark | null {
  for (const ingress of ingresses) {
    if (!isAlb(ingress) || ingress.metadata.annotations[`${prefix}${service}`] !== undefined) continue;
    const backends = ingress.spec.rules.flatMap(({ http }, rule) => (http?.paths ?? []).flatMap(({ backend }, path) => (backend.service?.name === service && backend.service.port.number !== undefined ? [{ rule, path, port: backend.service.port }] : [])));
    const [first] = backends;
    if (first) return { ingress: ingress.metadata.name, service, canaryService: `${service.slice(0, 56)}-canary`, port: first.port.number ?? 80, backends };
  }
  return null;
}

function action({ service, canaryService, port }: AlbMark, weight: number): string {
  const group = (serviceName: string, share: number): object => ({ serviceName, servicePort: String(port), weight: share });
  return JSON.stringify({ type: "forward", forwardConfig: { targetGroups: [group(canaryService, weight), group(service, 100 - weight)] } });
}

export function weightOf(ingress: IngressFacts, { service, canaryService }: AlbMark): number | null {
  const text = ingress.metadata.annotations[`${prefix}${service}`];
  const found = text === undefined ? null : new RegExp(`"serviceName":"${canaryService}","servicePort":"[^"]*","weight":(\\d+)`).exec(text)?.[1];
  return found === null || found === undefined ? null : Number(found);
}

const isTurned = (ingress: IngressFacts, at: { rule: number; path: number }): boolean => ingress.spec.rules[at.rule]?.http?.paths[at.path]?.backend.service?.port.name === "use-annotation";

/** The annotation and the backends in one change: a load balancer never sees one without the other. */
export function weightOperations(ingress: IngressFacts, alb: AlbMark, weight: number): PatchOperation[] {
  const none: PatchOperation[] = Object.keys(ingress.metadata.annotations).length === 0 ? [{ op: "add", path: "/metadata/annotations", value: {} }] : [];
  const turns = alb.backends.filter((at) => !isTurned(ingress, at)).flatMap((at): PatchOperation[] => [{ op: "test", path: namePath(at), value: alb.service }, { op: "replace", path: portPath(at), value: { name: "use-annotation" } }]);
  return [same(ingress), ...none, { op: "add", path: `/metadata/annotations/${pointer(`${prefix}${alb.service}`)}`, value: action(alb, weight) }, ...turns];
}

/** As it was before; empty when it is. */
export function restoreOperations(ingress: IngressFacts, alb: AlbMark): PatchOperation[] {
  const back = alb.backends.filter((at) => isTurned(ingress, at)).flatMap((at): PatchOperation[] => [{ op: "test", path: namePath(at), value: alb.service }, { op: "replace", path: portPath(at), value: at.port }]);
  const key = `${prefix}${alb.service}`;
  const removal: PatchOperation[] = ingress.metadata.annotations[key] === undefined ? [] : [{ op: "remove", path: `/metadata/annotations/${pointer(key)}` }];
  return back.length + removal.length === 0 ? [] : [same(ingress), ...back, ...removal];
}

/** The stable Service keeps to the stable version's pods while weights are on; null gives it all of them again. */
export function narrowOperations(service: ServiceFacts, hash: string | null): PatchOperation[] {
  const now = service.spec.selector[hashLabel];
  if (now === (hash ?? undefined)) return [];
  return [same(service), hash === null ? { op: "remove", path: `/spec/selector/${hashLabel}` } : { op: "add", path: `/spec/selector/${hashLabel}`, value: hash }];
}

export function canaryServiceManifest(service: ServiceFacts, { alb, hash, job }: { alb: AlbMark; hash: string; job: string }): Manifest {
  const { [hashLabel]: _narrowed, ...selector } = service.spec.selector;
  const ports = service.spec.ports.map(({ nodePort: _own, ...port }) => port);
  const manifest = {
    apiVersion: "v1", kind: "Service",
    metadata: { name: alb.canaryService, namespace: service.metadata.namespace, labels: { ...service.metadata.labels, [jobLabel]: job } },
    spec: { type: service.spec["type"] ?? "ClusterIP", selector: { ...selector, [hashLabel]: hash }, ports },
  };
  return manifest;
}
