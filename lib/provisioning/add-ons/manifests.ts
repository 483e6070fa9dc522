// Manifests as objects in the order in which a server takes them, and the Application that has Argo CD install a chart.
import { parseAllDocuments, stringify } from "yaml";
import { AppError } from "@/lib/base/errors";
import type { ChartSource } from "./sources";

export interface ClusterObject { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string | undefined } }

const early = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding"];
const rank = ({ kind }: ClusterObject): number => (early.includes(kind) ? early.indexOf(kind) : early.length);

function isObject(value: unknown): value is ClusterObject {
  return typeof value === "object" && value !== null && "apiVersion" in value && "kind" in value && "metadata" in value && typeof value.metadata === "object" && value.metadata !== null && "name" in value.metadata;
}

/** What others stand on comes first; the rest stays as it was written. */
export function objectsOf(manifest: string, from: string): ClusterObject[] {
  const objects = parseAllDocuments(manifest).flatMap((document): ClusterObject[] => {
    const [problem] = document.errors ?? [];
    if (problem) throw new AppError("invalid", `${from} is not valid YAML: ${problem.message.split("\n")[0] ?? ""}`);
    const value: unknown = document.toJS();
    if (value === null) return [];
    if (!isObject(value)) throw new AppError("invalid", `${from} holds a document that is no Kubernetes object.`);
    return [value];
  });
  if (objects.length === 0) throw new AppError("invalid", `${from} holds no object.`);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

export const applicationNamespace = "argocd";

export function applicationOf(name: string, { repository, chart, version, namespace }: ChartSource, values: Readonly<Record<string, unknown>>): ClusterObject & { spec: object } {
  return {
    apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name, namespace: applicationNamespace },
    spec: {
      project: "default",
      source: { repoURL: repository, chart, targetRevision: version, helm: { values: stringify(values) } },
      destination: { server: "https://kubernetes.default.svc", namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true", "ServerSideApply=true"] },
    },
  };
}
