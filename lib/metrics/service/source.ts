// Which Prometheus watches a cluster and the way to it, or why none is known.
import "server-only";
import { openPrometheus, type PrometheusClient } from "@/lib/adapters/prometheus/client";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { connectionFor, connections } from "@/lib/clusters/connections";
import { prometheusAddress } from "../prometheus-address";

/** The client of the cluster's Prometheus, and a name by which its answers may be kept; throws not-found for an unknown cluster, and unavailable where none is known. */
export function prometheusOf(cluster: string): { url: string; client: PrometheusClient } {
  const handle = connectionFor(cluster);
  // A setting that names no cluster comes from the environment and so does its cluster: the first of those that KUBECONFIG names.
  const isFirst = connections().find(({ source }) => source === "environment")?.slug === cluster;
  const address = prometheusAddress(cluster, { setting: env().PROMETHEUS_URL ?? "", isFirst, services: handle.store("Service").values() });
  if ("none" in address) throw new AppError("unavailable", address.none);
  if ("url" in address) return { url: address.url, client: openPrometheus(address.url) };
  const { service } = address;
  const client = openPrometheus((path, { body, signal }) => handle.client.askService({ ...service, path: body ? `${path}?${body}` : path, signal }));
  return { url: `${cluster}/${service.namespace}/${service.name}:${service.port}`, client };
}
