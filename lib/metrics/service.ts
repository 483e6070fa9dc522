// The door of metrics: what the machines and pods of a cluster use now, asked of Prometheus once for all who look.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { openPrometheus } from "@/lib/adapters/prometheus/client";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { connectionFor, connections } from "@/lib/clusters/connections";
import { keep } from "@/lib/runtime";
import type { UsageAnswer } from "./model";
import { readUsage } from "./usage";

/** Younger than a scrape: asking again would bring the same. */
const freshForMs = 5_000;
const timeoutMs = 5_000;

interface Shared { at: number; answer: Promise<UsageAnswer> }
const shared = (): Map<string, Shared> => keep("metrics.usage", () => new Map<string, Shared>());

export const clusterUsage = feed({
  name: "metrics.usage",
  permission: "cluster.read",
  input: z.object({ cluster: z.string().min(1).max(63) }),
  run: async (_ctx, { cluster }): Promise<UsageAnswer> => {
    connectionFor(cluster);
    const url = env().PROMETHEUS_URL;
    if (!url) return { unavailable: "No Prometheus is set. Set PROMETHEUS_URL to see what machines and pods use." };
    if (!belongsToPrometheus(cluster)) return { unavailable: "The Prometheus that is set watches another cluster." };
    return usageOnce(url);
  },
});

/** PROMETHEUS_URL comes from the environment and so does its cluster: the first of those that KUBECONFIG names. */
function belongsToPrometheus(cluster: string): boolean {
  return connections().find(({ source }) => source === "environment")?.slug === cluster;
}

/** One question for all who ask within a few seconds; nobody's leaving cancels it for the others. */
function usageOnce(url: string): Promise<UsageAnswer> {
  const known = shared().get(url);
  const now = Date.now();
  if (known && now - known.at < freshForMs) return known.answer;
  const answer = askUsage(url);
  shared().set(url, { at: now, answer });
  return answer;
}

async function askUsage(url: string): Promise<UsageAnswer> {
  try {
    return await readUsage(openPrometheus(url), { timeoutMs });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "unavailable") return { unavailable: thrown.say };
    throw thrown;
  }
}
