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
  input: z.object({ cluster: z.string().min(1).max(63) }),
  run: async (_ctx, { cluster }): Promise<UsageAnswer> => {
    try {
      return await usageOnce(prometheusOf(cluster));
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === "unavailable") return { unavailable: thrown.say };
      throw thrown;
    }
  },
});

/** One question for all who ask within a few seconds; nobody's leaving cancels it for the others. */
function usageOnce({ url, client }: ReturnType<typeof prometheusOf>): Promise<ClusterUsage> {
  const known = shared().get(url);
  const now = Date.now();
  if (known && now - known.at < freshForMs) return known.answer;
  const answer = readUsage(client, { timeoutMs });
  shared().set(url, { at: now, answer });
  return answer;
}
