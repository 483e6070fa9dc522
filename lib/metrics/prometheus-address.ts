// Where the Prometheus of a cluster is: as PROMETHEUS_URL says, else the Service that installations of Prometheus bring, through the API server.

export interface ServiceAddress { namespace: string; name: string; port: number }
export type PrometheusAddress = { url: string } | { service: ServiceAddress } | { none: string };

/** The Services of the usual installations and the port on which each answers: the operator's, its chart's, the plain chart's, a hand-written one. */
export const knownServices: readonly Pick<ServiceAddress, "name" | "port">[] = [
  { name: "prometheus-operated", port: 9090 },
  { name: "prometheus-kube-prometheus-prometheus", port: 9090 },
  { name: "kube-prometheus-stack-prometheus", port: 9090 },
  { name: "prometheus-k8s", port: 9090 },
  { name: "prometheus-server", port: 80 },
  { name: "prometheus", port: 9090 },
];

export interface AddressFacts {
  /** PROMETHEUS_URL as it was given: one URL, for the first cluster of KUBECONFIG; or `cluster=address` by commas or spaces, an address being a URL, `service:namespace/name:port` or `none`. */
  setting: string;
  isFirst: boolean;
  services: Iterable<{ namespace: string; name: string }>;
}

export function prometheusAddress(cluster: string, { setting, isFirst, services }: AddressFacts): PrometheusAddress {
  const said = saidOf(setting, cluster) ?? (isFirst && !/^[a-z0-9-]+=/.test(setting.trim()) ? setting.trim() : "");
  if (said === "none") return { none: "PROMETHEUS_URL says that this cluster has no Prometheus." };
  const service = /^service:([a-z0-9-]+)\/([a-z0-9.-]+):(\d{1,5})$/.exec(said);
  if (service?.[1] && service[2]) return { service: { namespace: service[1], name: service[2], port: Number(service[3]) } };
  if (said !== "") return URL.canParse(said) ? { url: said } : { none: `PROMETHEUS_URL gives ${cluster} the address ${said}, which is neither a URL nor service:namespace/name:port.` };
  const found = foundIn(services);
  return found ? { service: found } : { none: `No Prometheus is known for this cluster. Set PROMETHEUS_URL=${cluster}=<address>, or run one in the cluster under a usual name (${knownServices.slice(0, 2).map(({ name }) => name).join(", ")} …).` };
}

function saidOf(setting: string, cluster: string): string | null {
  for (const part of setting.split(/[\s,]+/)) if (part.startsWith(`${cluster}=`)) return part.slice(cluster.length + 1);
  return null;
}

/** The most telling name first; of two alike the first by namespace, so that the choice does not change by itself. */
function foundIn(services: Iterable<{ namespace: string; name: string }>): ServiceAddress | null {
  const all = [...services];
  for (const { name, port } of knownServices) {
    const [first] = all.filter((service) => service.name === name).map(({ namespace }) => namespace).sort();
    if (first !== undefined) return { namespace: first, name, port };
  }
  return null;
}
