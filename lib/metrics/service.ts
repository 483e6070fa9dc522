// The door of metrics: what the machines and pods of a cluster use now, asked of Prometheus once for all who look.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";
import type { ClusterUsage, UsageAnswer } from "./model";
import { prometheusOf } from "./service/source";
import { readUsage } from "./usage";

/** Younger than a scrape: asking again would bring the same. */
const freshForMs = 5_000;
const timeoutMs = 5_000;

interface Shared { at: number; answer: Promise<ClusterUsage> }
const shared = (): Map<string, Shared> => keep("metrics.usage", () => new Map<string, Shared>());

export const clusterUsage = feed({
  name: "metrics.usage",
  permission: "cluster.read",
  /** `pods`: all, none, or the one of this "namespace/name"; a map of thousands of nodes does not carry every pod along. */
  input: z.object({ cluster: z.string().min(1).max(63), pods: z.string().max(320).default("all") }),
  run: async (_ctx, { cluster, pods }): Promise<UsageAnswer> => {
    try {
      return narrowed(await usageOnce(prometheusOf(cluster)), pods);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === "unavailable") return { unavailable: thrown.say };
      throw thrown;
    }
  },
});

function narrowed(usage: ClusterUsage, pods: string): ClusterUsage {
  if (pods === "all") return usage;
  return { ...usage, pods: Object.fromEntries(Object.entries(usage.pods).filter(([key]) => key === pods)) };
}

/** One question for all who ask within a few seconds; nobody's leaving cancels it for the others. */
function usageOnce({ url, client }: ReturnType<typeof prometheusOf>): Promise<ClusterUsage> {
  const known = shared().get(url);
  const now = Date.now();
  if (known && now - known.at < freshForMs) return known.answer;
  const answer = readUsage(client, { timeoutMs });
  shared().set(url, { at: now, answer });
  return answer;
}
