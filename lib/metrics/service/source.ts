// Which Prometheus watches a cluster, or why none is known.
import "server-only";
import { openPrometheus, type PrometheusClient } from "@/lib/adapters/prometheus/client";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { connectionFor, connections } from "@/lib/clusters/connections";

/** The client of the cluster's Prometheus; throws not-found for an unknown cluster, and unavailable where none is known. */
export function prometheusOf(cluster: string): { url: string; client: PrometheusClient } {
  connectionFor(cluster);
  const url = env().PROMETHEUS_URL;
  if (!url) throw new AppError("unavailable", "No Prometheus is set. Set PROMETHEUS_URL to see what machines and pods use.");
  if (!belongsToPrometheus(cluster)) throw new AppError("unavailable", "The Prometheus that is set watches another cluster.");
  return { url, client: openPrometheus(url) };
}

/** PROMETHEUS_URL comes from the environment and so does its cluster: the first of those that KUBECONFIG names. */
function belongsToPrometheus(cluster: string): boolean {
  return connections().find(({ source }) => source === "environment")?.slug === cluster;
}
