// What analyses stand on: the database, the clusters and their Prometheus; a test brings its own.
import "server-only";
import type { Database } from "@/lib/adapters/database/client";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { PrometheusClient } from "@/lib/adapters/prometheus/client";
import { connectionFor, connections } from "@/lib/clusters/connections";
import { prometheusOf } from "@/lib/metrics/service/source";
import { database } from "@/lib/runtime";

export interface Ground {
  db: Database;
  clusters(): readonly { slug: string; handle: ClusterHandle }[];
  handleOf(cluster: string): ClusterHandle;
  prometheusOf(cluster: string): PrometheusClient;
  now(): number;
}

export function serverGround(): Ground {
  return { db: database(), clusters: connections, handleOf: connectionFor, prometheusOf: (cluster) => prometheusOf(cluster).client, now: Date.now };
}
