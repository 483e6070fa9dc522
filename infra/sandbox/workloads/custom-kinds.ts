// Kinds that are only data here: Argo CD's Application and Calico's settings, with the objects an operator would find.
import type { JsonObject } from "../json.ts";

interface Kind { group: string; version: string; kind: string; plural: string; namespaced: boolean; columns?: { name: string; type: string; jsonPath: string }[] }

const kinds: Kind[] = [
  {
    group: "argoproj.io", version: "v1alpha1", kind: "Application", plural: "applications", namespaced: true,
    columns: [{ name: "Sync Status", type: "string", jsonPath: ".status.sync.status" }, { name: "Health Status", type: "string", jsonPath: ".status.health.status" }],
  },
  { group: "crd.projectcalico.org", version: "v1", kind: "IPPool", plural: "ippools", namespaced: false },
  { group: "crd.projectcalico.org", version: "v1", kind: "FelixConfiguration", plural: "felixconfigurations", namespaced: false },
  { group: "crd.projectcalico.org", version: "v1", kind: "BGPConfiguration", plural: "bgpconfigurations", namespaced: false },
];

export function kindDefinitions(): JsonObject[] {
  return kinds.map(({ group, version, kind, plural, namespaced, columns }) => ({
    apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: `${plural}.${group}` },
    spec: {
      group, scope: namespaced ? "Namespaced" : "Cluster", names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{
        name: version, served: true, storage: true, ...(columns === undefined ? {} : { additionalPrinterColumns: columns.map((column) => ({ ...column })) }),
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      }],
    },
  }));
}

/** Where the API server serves them once it has taken the definitions in. */
export const kindPaths = kinds.map(({ group, version, plural }) => `/apis/${group}/${version}/${plural}`);

function application(name: string, revision: string, sync: "Synced" | "OutOfSync" = "Synced"): JsonObject {
  return {
    apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { namespace: "argocd", name },
    spec: {
      project: "default", source: { repoURL: "https://github.com/sesacthon/sesacthon-backend.git", path: `charts/${name}`, targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
    status: { sync: { status: sync, revision }, health: { status: sync === "Synced" ? "Healthy" : "Progressing" }, operationState: { phase: "Succeeded", finishedAt: "2026-11-20T04:12:31Z" } },
  };
}

export function customObjects(): JsonObject[] {
  const calico = (kind: string, name: string, spec: JsonObject): JsonObject => ({ apiVersion: "crd.projectcalico.org/v1", kind, metadata: { name }, spec });
  return [
    application("auth", "3f9c2ab41d7e"), application("users", "8d01e7c9a312"), application("locations", "b52aa90c77e1"), application("waste", "e4c7710fd920"), application("recycling", "1a6d3fe0b8c4", "OutOfSync"),
    calico("IPPool", "default-ipv4-ippool", { cidr: "192.168.0.0/16", blockSize: 26, ipipMode: "Never", vxlanMode: "Always", natOutgoing: true, nodeSelector: "all()" }),
    calico("FelixConfiguration", "default", { bpfEnabled: false, ipipEnabled: false, vxlanEnabled: true }),
    calico("BGPConfiguration", "default", { nodeToNodeMeshEnabled: false, asNumber: 64512 }),
  ];
}
