// What stands beside a cluster's charts: which Prometheus answers and what it can, and where Grafana is.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";
import { featuresOf, type Features } from "../features";
import { companionOf } from "./silences";
import { prometheusOf } from "./source";

const freshForMs = 5 * 60_000;
const kept = (): Map<string, { at: number; features: Features }> => keep("metrics.features", () => new Map<string, { at: number; features: Features }>());

/** Asked now and then: a server may be replaced by another. */
async function probed(cluster: string): Promise<Features> {
  const { url, client } = prometheusOf(cluster);
  const known = kept().get(url);
  if (known && Date.now() - known.at < freshForMs) return known.features;
  const features = featuresOf((await client.buildInfo()).version);
  kept().set(url, { at: Date.now(), features });
  return features;
}

export const metricsLinks = feed({
  name: "metrics.links",
  permission: "cluster.read",
  input: z.object({ cluster: z.string().min(1).max(63) }),
  run: async (_ctx, { cluster }): Promise<{ grafana: string | null; prometheus: Features | null; trouble: string }> => {
    const grafana = companionOf(env().GRAFANA_URL, cluster);
    try {
      return { grafana, prometheus: await probed(cluster), trouble: "" };
    } catch (thrown) {
      if (thrown instanceof AppError) return { grafana, prometheus: null, trouble: thrown.say };
      throw thrown;
    }
  },
});
