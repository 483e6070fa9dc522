// Acts for Argo CD where a cluster begins: an Application's chart becomes a small workload, and its status says how that is.
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../../../control-plane/api-client.ts";
import { listAt, numberAt, textAt, type Json } from "../../../json.ts";
import { workload } from "../../../mirror/manifests.ts";

const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
const controller = "/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller";
const known: Readonly<Record<string, "Deployment" | "StatefulSet">> = { "kube-prometheus-stack": "StatefulSet", "argo-rollouts": "Deployment", "rabbitmq": "StatefulSet", "postgresql": "StatefulSet", "redis": "StatefulSet" };

async function say(api: ApiClient, name: string, status: { sync: string; health: string; message?: string }): Promise<void> {
  await api.merge(`${applications}/${name}`, { status: { sync: { status: status.sync }, health: { status: status.health, message: status.message ?? "" } } });
}

async function reconcile(api: ApiClient, application: Json): Promise<void> {
  const name = textAt(application, "metadata", "name");
  const kind = known[textAt(application, "spec", "source", "chart")];
  const namespace = textAt(application, "spec", "destination", "namespace");
  if (kind === undefined) return say(api, name, { sync: "Unknown", health: "Missing", message: `chart ${textAt(application, "spec", "source", "chart")} is not found` });
  await api.ensure("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
  await api.apply(path, workload(namespace, { kind, name }));
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
