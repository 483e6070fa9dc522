// What Argo Rollouts itself has measured: the AnalysisRuns and Experiments of a version, and its templates with what a lint finds in them.
import "server-only";
import { z } from "zod";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/cluster";
import { hashLabel } from "@/lib/deployments/rollouts/changes";
import { lintTemplate, templateSpec } from "../lint/template";
import type { Finding } from "../lint/model";
import type { ArgoRun } from "../views";

const argo = "argoproj.io/v1alpha1";
const count = z.number().default(0);
const at = z.string().optional().transform((text) => (text === undefined || !Number.isFinite(Date.parse(text)) ? null : Date.parse(text)));
const metricResult = z.looseObject({
  name: z.string().default(""), phase: z.string().default(""), message: z.string().default(""), successful: count, failed: count, inconclusive: count, error: count,
  measurements: z.array(z.looseObject({ value: z.string().default(""), message: z.string().default(""), finishedAt: at })).default([]),
});
const run = z.looseObject({
  kind: z.string().default(""),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}), ownerReferences: z.array(z.looseObject({ uid: z.string() })).default([]) }),
  status: z.looseObject({ phase: z.string().default("Pending"), message: z.string().default(""), startedAt: at, availableAt: at, metricResults: z.array(metricResult).default([]) }).optional(),
});

/** Of this version alone, newest first; what is not there any more was ended with its ReplicaSet. */
export async function argoRunsOf(client: KubernetesClient, { namespace, uid, hash }: { namespace: string; uid: string; hash: string }): Promise<ArgoRun[]> {
  const labelSelector = `${hashLabel}=${hash}`;
  const [runs, experiments] = await Promise.all([client.list({ apiVersion: argo, kind: "AnalysisRun", namespace, labelSelector }), client.list({ apiVersion: argo, kind: "Experiment", namespace, labelSelector })]);
  const read = (kind: ArgoRun["kind"], all: readonly unknown[]) => all.flatMap((raw) => toRun(kind, uid, raw));
  return [...read("AnalysisRun", runs), ...read("Experiment", experiments)].sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
}

function toRun(kind: ArgoRun["kind"], uid: string, raw: unknown): ArgoRun[] {
  const parsed = run.safeParse(raw);
  if (!parsed.success || !parsed.data.metadata.ownerReferences.some((owner) => owner.uid === uid)) return [];
  const { metadata: { name, labels }, status } = parsed.data;
  return [{
    name, kind, type: labels["rollout-type"] ?? (kind === "Experiment" ? "Experiment" : ""), phase: status?.phase ?? "Pending", message: status?.message ?? "", startedAt: status?.startedAt ?? status?.availableAt ?? null,
    measurements: (status?.metricResults ?? []).map(({ name: metric, phase, message, successful, failed, inconclusive, error, measurements }) => {
      const last = measurements.at(-1);
      return { metric, phase, message: message || (last?.message ?? ""), value: (last?.value ?? "").slice(0, 300), at: last?.finishedAt ?? null, successful, failed, inconclusive, error };
    }),
  }];
}

const template = z.looseObject({ metadata: z.looseObject({ name: z.string() }), spec: templateSpec });

export async function argoTemplates(client: KubernetesClient, namespace: string): Promise<{ name: string; kind: string; findings: Finding[] }[]> {
  const kinds = [{ kind: "AnalysisTemplate", namespace }, { kind: "ClusterAnalysisTemplate" }];
  const lists = await Promise.all(kinds.map(async (of) => ({ ...of, found: await client.list({ apiVersion: argo, ...of }) })));
  return lists.flatMap(({ kind, found }) => found.flatMap((raw) => {
    const parsed = template.safeParse(raw);
    return parsed.success ? [{ name: parsed.data.metadata.name, kind, findings: lintTemplate(parsed.data.spec) }] : [];
  }));
}
