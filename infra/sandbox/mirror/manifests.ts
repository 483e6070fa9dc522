// Small manifests of our own for each add-on, by name and version: enough to be waited for, run by KWOK.
import { stringify } from "yaml";
import type { JsonObject } from "../json.ts";

type Kind = "Deployment" | "DaemonSet" | "StatefulSet";
interface Part { kind: Kind; name: string; hostNetwork?: boolean; writesNetwork?: boolean }
interface AddOn { version: string; namespace: string; parts: readonly Part[]; more?: readonly JsonObject[] }

const deployment = (name: string): Part => ({ kind: "Deployment", name });
const daemonSet = (name: string, more: Partial<Part> = {}): Part => ({ kind: "DaemonSet", name, ...more });

const applicationDefinition: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "applications.argoproj.io" },
  spec: {
    group: "argoproj.io", scope: "Namespaced", names: { kind: "Application", listKind: "ApplicationList", plural: "applications", singular: "application" },
    versions: [{ name: "v1alpha1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } }],
  },
};
const gp3: JsonObject = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }, provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer", parameters: { type: "gp3", encrypted: "true" } };

/** By the names and versions under which the console asks for them. */
export const mirrored: Readonly<Record<string, AddOn>> = {
  "calico": { version: "v3.30.3", namespace: "kube-system", parts: [daemonSet("calico-node", { hostNetwork: true, writesNetwork: true }), deployment("calico-kube-controllers")] },
  "aws-ebs-csi-driver": { version: "v1.48.0", namespace: "kube-system", parts: [deployment("ebs-csi-controller"), daemonSet("ebs-csi-node")], more: [gp3] },
  "metrics-server": { version: "v0.8.0", namespace: "kube-system", parts: [deployment("metrics-server")] },
  "aws-load-balancer-controller": { version: "v2.13.4", namespace: "kube-system", parts: [deployment("aws-load-balancer-controller")] },
  "cert-manager": { version: "v1.18.2", namespace: "cert-manager", parts: [deployment("cert-manager"), deployment("cert-manager-webhook"), deployment("cert-manager-cainjector")] },
  "argo-cd": { version: "v3.1.9", namespace: "argocd", parts: [deployment("argocd-server"), deployment("argocd-repo-server"), { kind: "StatefulSet", name: "argocd-application-controller" }], more: [applicationDefinition] },
};

export function workload(namespace: string, { kind, name, hostNetwork = false, writesNetwork = false }: Part): JsonObject {
  const labels = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1", kind, metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      ...(kind === "DaemonSet" ? {} : { replicas: 1 }), ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: {
        metadata: { labels },
        spec: {
          ...(hostNetwork ? { hostNetwork } : {}), ...(kind === "DaemonSet" ? { tolerations: [{ operator: "Exists" }] } : {}),
          containers: [{ name: "main", image: `sandbox.invalid/${name}:1`, resources: { requests: { cpu: "10m", memory: "32Mi" } } }],
          ...(writesNetwork ? { volumes: [{ name: "cni-net-dir", hostPath: { path: "/etc/cni/net.d" } }] } : {}),
        },
      },
    },
  };
}

function manifestOf({ namespace, parts, more = [] }: AddOn): string {
  const own = namespace === "kube-system" ? [] : [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }];
  return [...own, ...more, ...parts.map((part) => workload(namespace, part))].map((object) => stringify(object)).join("---\n");
}

/** Path to text, as the mirror serves them. */
export function mirrorFiles(): Map<string, string> {
  return new Map(Object.entries(mirrored).map(([name, addOn]) => [`${name}/${addOn.version}.yaml`, manifestOf(addOn)]));
}
