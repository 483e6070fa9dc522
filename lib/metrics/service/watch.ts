// What Prometheus watches: alerts with their rules, and the targets that it scrapes.
import "server-only";
import { z } from "zod";
import { feed, type Ctx } from "@/lib/access/verb";
import { keep } from "@/lib/runtime";
import { liveView } from "@/lib/placement/service/live";
import { declaredTier } from "@/lib/placement/tier-policy";
import { toAlertRules, toAlerts, toTargets } from "../alerts";
import { prometheusOf } from "./source";
import { inTurn } from "./queue";

const input = z.object({ cluster: z.string().min(1).max(63) });

export const alertsNow = feed({
  name: "metrics.alerts",
  permission: "cluster.read",
  input,
  run: async (ctx, { cluster }) => {
    const [rules, tierOf] = await Promise.all([onceAMoment(ctx, cluster), tierFinder(cluster)]);
    return { at: Date.now(), alerts: toAlerts(rules, tierOf), rules: toAlertRules(rules) };
  },
});

export const targetsNow = feed({
  name: "metrics.targets",
  permission: "cluster.read",
  input,
  run: async (ctx, { cluster }) => ({ at: Date.now(), targets: toTargets(await inTurn(ctx.actor.id, ctx.signal, () => prometheusOf(cluster).client.targets(ctx.signal))) }),
});

type Rules = Awaited<ReturnType<ReturnType<typeof prometheusOf>["client"]["rules"]>>;
const kept = (): Map<string, { at: number; rules: Rules }> => keep("metrics.rules", () => new Map<string, { at: number; rules: Rules }>());
const freshForMs = 3_000;

/** Every page asks for alerts; within a moment they are asked for once. */
async function onceAMoment(ctx: Ctx, cluster: string): Promise<Rules> {
  const known = kept().get(cluster);
  if (known && Date.now() - known.at < freshForMs) return known.rules;
  const rules = await inTurn(ctx.actor.id, ctx.signal, () => prometheusOf(cluster).client.rules(ctx.signal));
  kept().set(cluster, { at: Date.now(), rules });
  return rules;
}

const named = ["deployment", "statefulset", "daemonset", "service", "persistentvolumeclaim", "pod"] as const;

/** By the node it names, else by the pod's or workload's declared tier; a queue belongs to the workers. 0 where nothing tells. */
async function tierFinder(cluster: string): Promise<(labels: Readonly<Record<string, string>>) => number> {
  const view = await liveView(cluster);
  const { nodes, pods } = view.tables();
  return (labels) => {
    const pod = labels.pod === undefined ? undefined : pods.get(`${labels.namespace ?? ""}/${labels.pod}`);
    const name = named.map((label) => labels[label]).find((value) => value !== undefined);
    const namespace = labels.namespace ?? namespaceOf(labels.service, pods);
    const declared = pod?.declared ?? (name === undefined ? null : declaredTier(view.policy, { namespace, name, kind: "", labels: {} }));
    return declared ?? (labels.node === undefined ? null : nodes.get(labels.node)?.tier) ?? (labels.queue === undefined ? 0 : 3);
  };
}

/** Series of a service rarely name its namespace; a pod of that name does. */
function namespaceOf(service: string | undefined, pods: ReadonlyMap<string, { namespace: string; name: string }>): string {
  if (service === undefined) return "";
  for (const pod of pods.values()) if (pod.name.startsWith(`${service}-`)) return pod.namespace;
  return "";
}
