// Acts for Argo CD where a cluster begins: an Application's chart becomes a small workload, and its status says how that is.
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../../../control-plane/api-client.ts";
import { parse } from "yaml";
import { at, listAt, numberAt, textAt, type Json } from "../../../json.ts";
import { workload, type Part } from "../../../mirror/manifests.ts";

const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
const controller = "/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller";
interface Chart { kind: "Deployment" | "StatefulSet"; /** Where in its values the chart looks for its pods' settings. */ at: readonly string[] }
const charts: Readonly<Record<string, Chart>> = {
  "kube-prometheus-stack": { kind: "StatefulSet", at: ["prometheus", "prometheusSpec"] }, "argo-rollouts": { kind: "Deployment", at: ["controller"] }, "rabbitmq": { kind: "StatefulSet", at: [] },
  "postgresql": { kind: "StatefulSet", at: ["primary"] }, "redis": { kind: "StatefulSet", at: ["master"] },
};

/** The parts of a chart's values that a scheduler and a driver would see. */
function settingsOf(application: Json, { at: place }: Chart): Pick<Part, "pod" | "claim"> {
  const values = at(parse(textAt(application, "spec", "source", "helm", "values")), ...place) ?? {};
  const pod = Object.fromEntries(["nodeSelector", "affinity", "tolerations"].flatMap((name) => (at(values, name) === undefined ? [] : [[name, at(values, name)]])));
  const template = at(values, "storageSpec", "volumeClaimTemplate", "spec");
  const size = textAt(values, "persistence", "size") || textAt(template, "resources", "requests", "storage");
  const storageClass = textAt(values, "persistence", "storageClass") || textAt(template, "storageClassName");
  return { pod, ...(size === "" || at(values, "persistence", "enabled") === false ? {} : { claim: { size, storageClass } }) };
}

async function say(api: ApiClient, name: string, status: { sync: string; health: string; message?: string }): Promise<void> {
  await api.merge(`${applications}/${name}`, { status: { sync: { status: status.sync }, health: { status: status.health, message: status.message ?? "" } } });
}

async function reconcile(api: ApiClient, application: Json): Promise<void> {
  const name = textAt(application, "metadata", "name");
  const chart = charts[textAt(application, "spec", "source", "chart")];
  const namespace = textAt(application, "spec", "destination", "namespace");
  if (chart === undefined) return say(api, name, { sync: "Unknown", health: "Missing", message: `chart ${textAt(application, "spec", "source", "chart")} is not found` });
  await api.ensure("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const path = `/apis/apps/v1/namespaces/${namespace}/${chart.kind.toLowerCase()}s/${name}`;
  await api.apply(path, workload(namespace, { kind: chart.kind, name, ...settingsOf(application, chart) }));
  const ready = numberAt(await api.get(path), "status", "readyReplicas") > 0;
  await say(api, name, { sync: "Synced", health: ready ? "Healthy" : "Progressing" });
}

/** Nothing happens before Argo CD's own controller runs. */
export async function actForArgoCd(api: ApiClient): Promise<never> {
  for (;;) {
    await sleep(1_000);
    const here = await api.call({ method: "GET", path: controller }).catch(() => null);
    if (here?.status !== 200 || numberAt(here.body, "status", "readyReplicas") === 0) continue;
    const all = await api.call({ method: "GET", path: applications }).catch(() => null);
    const open = listAt(all?.body, "items").filter((one) => textAt(one, "status", "health", "status") !== "Healthy");
    for (const one of open) await reconcile(api, one).catch((error: unknown) => console.error(`application: ${String(error)}`));
  }
}
