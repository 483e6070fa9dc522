// Services, endpoint slices and ingresses at the door.
import type { EndpointSliceObject, IngressObject, Labels, ServiceObject } from "../objects";
import { base, finish, labels } from "./base";
import type { Pools } from "./pools";
import { Flaws, list, number, record, text, type Raw } from "./read";

/** kubectl keeps the whole object in this annotation; nobody here reads it, and it doubles the memory. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function annotations(raw: Raw, pools: Pools): Labels {
  const all = record(record(raw["metadata"])["annotations"]);
  return labels(lastApplied in all ? Object.fromEntries(Object.entries(all).filter(([key]) => key !== lastApplied)) : all, pools);
}

export function service(raw: Raw, pools: Pools): ServiceObject {
  const flaws = new Flaws();
  const spec = record(raw["spec"]);
  const object: ServiceObject = {
    kind: "Service",
    ...base(raw, pools, flaws),
    type: pools.strings.share(text(spec["type"]) || "ClusterIP"),
    selector: labels(spec["selector"], pools),
    clusterIp: text(spec["clusterIP"]),
    ports: list(spec["ports"]).map(record).map((port) => ({
      name: text(port["name"]), port: number(port["port"]), targetPort: text(port["targetPort"]), nodePort: number(port["nodePort"]), protocol: text(port["protocol"]) || "TCP",
    })),
    annotations: annotations(raw, pools),
  };
  return finish(object, flaws);
}

export function endpointSlice(raw: Raw, pools: Pools): EndpointSliceObject {
  const flaws = new Flaws();
  const common = base(raw, pools, flaws);
  const object: EndpointSliceObject = {
    kind: "EndpointSlice",
    ...common,
    service: common.labels["kubernetes.io/service-name"] ?? "",
    endpoints: list(raw["endpoints"]).map(record).flatMap((one) =>
      list(one["addresses"]).map((address) => ({
        address: text(address),
        // Unknown readiness counts as ready, as the API says.
        ready: record(one["conditions"])["ready"] !== false,
        nodeName: pools.strings.share(text(one["nodeName"])),
        pod: record(one["targetRef"])["kind"] === "Pod" ? text(record(one["targetRef"])["name"]) : "",
      })),
    ),
    ports: list(raw["ports"]).map((port) => number(record(port)["port"])),
  };
  return finish(object, flaws);
}

export function ingress(raw: Raw, pools: Pools): IngressObject {
  const flaws = new Flaws();
  const spec = record(raw["spec"]);
  const common = base(raw, pools, flaws);
  const all = annotations(raw, pools);
  const backend = (value: unknown) => {
    const target = record(record(value)["service"]);
    const port = record(target["port"]);
    return { service: text(target["name"]), port: text(port["number"]) || text(port["name"]) };
  };
  const rules = list(spec["rules"]).map(record).flatMap((rule) =>
    list(record(rule["http"])["paths"]).map(record).map((path) => ({ host: text(rule["host"]), path: text(path["path"]), pathType: pools.strings.share(text(path["pathType"]) || "ImplementationSpecific"), ...backend(path["backend"]) })),
  );
  const object: IngressObject = {
    kind: "Ingress",
    ...common,
    className: text(spec["ingressClassName"]) || (all["kubernetes.io/ingress.class"] ?? ""),
    annotations: all,
    rules: "defaultBackend" in spec ? [...rules, { host: "", path: "", pathType: "Default", ...backend(spec["defaultBackend"]) }] : rules,
    addresses: list(record(record(raw["status"])["loadBalancer"])["ingress"]).map(record).map((one) => text(one["hostname"]) || text(one["ip"])),
    tls: list(spec["tls"]).length > 0,
  };
  return finish(object, flaws);
}
