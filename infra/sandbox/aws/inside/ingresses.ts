// Acts as the AWS Load Balancer Controller: Ingresses of its class become load balancers of the account, one for each group.
import type { ApiClient } from "../../control-plane/api-client.ts";
import { listAt, numberAt, parseJson, textAt, type Json } from "../../json.ts";
import { keepWatching } from "../../workloads/keep-watching.ts";
import { build, takeDown, type Backend, type Stack } from "./balancing.ts";
import type { Door } from "./door.ts";

const annotation = (ingress: Json, name: string): string => textAt(ingress, "metadata", "annotations", `alb.ingress.kubernetes.io/${name}`);
const groupOf = (ingress: Json): string => annotation(ingress, "group.name") || `${textAt(ingress, "metadata", "namespace")}/${textAt(ingress, "metadata", "name")}`;
const isDying = (ingress: Json): boolean => textAt(ingress, "metadata", "deletionTimestamp") !== "";
const pathOf = (ingress: Json): string => `/apis/networking.k8s.io/v1/namespaces/${textAt(ingress, "metadata", "namespace")}/ingresses/${textAt(ingress, "metadata", "name")}`;
const finalizerOf = (ingress: Json): string => annotation(ingress, "group.name") === "" ? "ingress.k8s.aws/resources" : `group.ingress.k8s.aws/${annotation(ingress, "group.name")}`;
const finalizersOf = (ingress: Json): Json[] => [...listAt(ingress, "metadata", "finalizers")];

function isOurs(ingress: Json): boolean {
  return (textAt(ingress, "spec", "ingressClassName") || textAt(ingress, "metadata", "annotations", "kubernetes.io/ingress.class")) === "alb";
}

/** `[{"HTTP": 80}, {"HTTPS": 443}]`; port 80 when it says nothing. */
function portsOf(ingress: Json): Stack["ports"] {
  const said = annotation(ingress, "listen-ports");
  const list = said === "" ? [{ HTTP: 80 }] : listAt(parseJson(said));
  return list.flatMap((one) => ["HTTP", "HTTPS"].flatMap((protocol) => numberAt(one, protocol) === 0 ? [] : [{ protocol, port: numberAt(one, protocol) }]));
}

async function backendsOf(api: ApiClient, ingress: Json): Promise<Backend[]> {
  const namespace = textAt(ingress, "metadata", "namespace");
  const paths = listAt(ingress, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths").map((path) => ({ host: textAt(rule, "host"), path })));
  return Promise.all(paths.map(async ({ host, path }): Promise<Backend> => {
    const service = textAt(path, "backend", "service", "name");
    const answer = await api.call({ method: "GET", path: `/api/v1/namespaces/${namespace}/services/${service}` });
    const port = numberAt(path, "backend", "service", "port", "number");
    const found = listAt(answer.body, "spec", "ports").find((one) => numberAt(one, "port") === port);
    const said = textAt(path, "path") || "/";
    return { namespace, service, port, nodePort: numberAt(found, "nodePort") || null, host, path: textAt(path, "pathType") === "Exact" ? said : `${said.replace(/\/$/, "")}/*`, health: annotation(ingress, "healthcheck-path") || "/" };
  }));
}

async function reconcileGroup(api: ApiClient, door: Door, { group, ingresses, nodes, last }: { group: string; ingresses: Json[]; nodes: readonly Json[]; last: boolean }): Promise<void> {
  const alive = ingresses.filter((one) => !isDying(one)).sort((a, b) => Number(annotation(a, "group.order") || 0) - Number(annotation(b, "group.order") || 0));
  if (alive.length === 0) takeDown(door, group, last);
  for (const one of alive) {
    if (!finalizersOf(one).includes(finalizerOf(one))) await api.merge(pathOf(one), { metadata: { finalizers: [...finalizersOf(one), finalizerOf(one)] } });
  }
  if (alive.length > 0) {
    const ports = [...new Map(alive.flatMap(portsOf).map((port) => [port.port, port])).values()];
    const hostname = build(door, { group, internal: alive.every((one) => annotation(one, "scheme") !== "internet-facing"), ports, backends: (await Promise.all(alive.map((one) => backendsOf(api, one)))).flat(), nodes });
    for (const one of alive) {
      if (textAt(one, "status", "loadBalancer", "ingress", 0, "hostname") !== hostname) await api.merge(`${pathOf(one)}/status`, { status: { loadBalancer: { ingress: [{ hostname }] } } });
    }
  }
  for (const one of ingresses.filter(isDying)) await api.merge(pathOf(one), { metadata: { finalizers: finalizersOf(one).filter((name) => name !== finalizerOf(one)) } });
}

export async function reconcileIngresses(api: ApiClient, door: Door): Promise<void> {
  const ingresses = listAt(await api.get("/apis/networking.k8s.io/v1/ingresses"), "items").filter(isOurs);
  const nodes = listAt(await api.get("/api/v1/nodes"), "items");
  const groups = Map.groupBy(ingresses, groupOf);
  const last = ingresses.every(isDying);
  for (const [group, members] of groups) await reconcileGroup(api, door, { group, ingresses: members, nodes, last });
}

/** One look at a time; what changes meanwhile is looked at after it. */
export function startIngresses(api: ApiClient, doorOf: () => Door): { stop(): void } {
  const ending = new AbortController();
  const act = async (): Promise<void> => reconcileIngresses(api, doorOf());
  void keepWatching({ api, path: "/apis/networking.k8s.io/v1/ingresses", act, signal: ending.signal });
  return { stop: () => ending.abort() };
}
