// What the planner has to start from: how much a workload is asked, how much of it goes wrong, and how it clusters, as Prometheus tells.
import "server-only";
import { feed } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { measureHistory } from "../evidence/history";
import { lookAt } from "../evidence/look";
import { templateFor } from "../templates";
import { workloadInput } from "./canaries";
import { gather, podFacts } from "./gather";
import { serverGround } from "./ground";
import { findAnalysis } from "./kept";
import { rolloutFor } from "./rollout-subject";
import { versionsIn } from "./shown";

const lookBackMs = 30 * 60_000;
const stepMs = 60_000;

type Known = { rps: number; baselineShare: number; phi: number | null };

export const workloadTraffic = feed({
  name: "canary.traffic",
  permission: "cluster.read",
  input: workloadInput,
  run: async (ctx, { cluster, namespace, workload }): Promise<{ known: Known | null; because: string }> => {
    const ground = serverGround();
    const handle = ground.handleOf(cluster);
    const rollout = rolloutFor(handle, { namespace, workload });
    const definition = (await findAnalysis(ground.db, { cluster, namespace, kind: "Rollout", workload }))?.definition ?? templateFor(workload)?.definition;
    const metric = definition?.metrics.find(({ kind }) => kind === "ratio");
    if (!rollout || !definition || !metric) return { known: null, because: rollout ? "Its analysis has no metric of events per request." : `There is no Rollout ${namespace}/${workload}.` };
    const versions = versionsIn(handle, rollout);
    const { facts, ready } = podFacts(handle.store("Pod").values(), { namespace, versions });
    const only = { ...definition, metrics: [metric], guard: null };
    const to = ground.now() - 5000;
    const grid = { from: to - lookBackMs, to, stepMs };
    try {
      const gathered = await gather({ prometheus: ground.prometheusOf(cluster), definition: only, namespace, versions, pods: facts, grid, signal: ctx.signal });
      const counted = lookAt({ definition: only, grid, ...gathered, edges: {}, wantedShare: 0 }).metrics[metric.name];
      if (counted?.kind !== "counts") return { known: null, because: counted?.kind === "none" ? counted.because : "Nothing was counted." };
      const busy = counted.intervals.filter(({ canary, baseline }) => canary.exposure + baseline.exposure > 0);
      const sum = (what: "events" | "exposure") => busy.reduce((all, { canary, baseline }) => all + canary[what] + baseline[what], 0);
      if (sum("exposure") === 0) return { known: null, because: "Nobody asked it within the last half hour." };
      const phi = measureHistory({ definition: only, grid, ...gathered, canaryPods: Math.max(1, ready.canary) }).phi[metric.name] ?? null;
      return { known: { rps: sum("exposure") / (busy.length * (stepMs / 1000)), baselineShare: sum("events") / sum("exposure"), phi }, because: "" };
    } catch (thrown) {
      if (thrown instanceof AppError) return { known: null, because: thrown.say };
      throw thrown;
    }
  },
});
