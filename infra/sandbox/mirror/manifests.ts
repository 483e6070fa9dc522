// Small manifests of our own for each add-on, by name and version: enough to be waited for, run by KWOK.
import { stringify } from "yaml";
import type { JsonObject } from "../json.ts";

type Kind = "Deployment" | "DaemonSet" | "StatefulSet";
/** As its publisher names and starts its container. */
interface Container { name: string; args: readonly string[] }
export interface Part {
  kind: Kind;
  name: string;
  hostNetwork?: boolean;
  writesNetwork?: boolean;
  container?: Container;
  /** Where it may go, and what it keeps. */
  pod?: JsonObject;
  claim?: { storageClass: string; size: string };
}
interface AddOn { version: string; namespace: string; parts: readonly Part[]; more?: readonly JsonObject[] }

const deployment = (name: string): Part => ({ kind: "Deployment", name });
const started = (name: string, container: Container): Part => ({ ...deployment(name), container });
const daemonSet = (name: string, more: Partial<Part> = {}): Part => ({ kind: "DaemonSet", name, ...more });

const applicationDefinition: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "applications.argoproj.io" },
  spec: {
    group: "argoproj.io", scope: "Namespaced", names: { kind: "Application", listKind: "ApplicationList", plural: "applications", singular: "application" },
    versions: [{ name: "v1alpha1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } }],
  },
};

const driver: JsonObject = { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name: "ebs.csi.aws.com" }, spec: { attachRequired: true, podInfoOnMount: false } };

/** By the names and versions under which the console asks for them. */
export const mirrored: Readonly<Record<string, AddOn>> = {
  "calico": { version: "v3.30.3", namespace: "kube-system", parts: [daemonSet("calico-node", { hostNetwork: true, writesNetwork: true }), deployment("calico-kube-controllers")] },
  "aws-ebs-csi-driver": { version: "v1.48.0", namespace: "kube-system", parts: [started("ebs-csi-controller", { name: "ebs-plugin", args: ["controller", "--endpoint=$(CSI_ENDPOINT)", "--batching=true", "--logging-format=text", "--v=2"] }), daemonSet("ebs-csi-node")], more: [driver] },
  "metrics-server": { version: "v0.8.0", namespace: "kube-system", parts: [started("metrics-server", { name: "metrics-server", args: ["--cert-dir=/tmp", "--secure-port=10250", "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname", "--kubelet-use-node-status-port", "--metric-resolution=15s"] })] },
  "aws-load-balancer-controller": { version: "v2.13.4", namespace: "kube-system", parts: [started("aws-load-balancer-controller", { name: "controller", args: ["--cluster-name=your-cluster-name", "--ingress-class=alb"] })] },
  "cert-manager": { version: "v1.18.2", namespace: "cert-manager", parts: [deployment("cert-manager"), deployment("cert-manager-webhook"), deployment("cert-manager-cainjector")] },
  "argo-cd": { version: "v3.1.9", namespace: "argocd", parts: [deployment("argocd-server"), deployment("argocd-repo-server"), { kind: "StatefulSet", name: "argocd-application-controller" }], more: [applicationDefinition] },
};

function claimTemplates({ storageClass, size }: NonNullable<Part["claim"]>): JsonObject[] {
  return [{ metadata: { name: "data" }, spec: { storageClassName: storageClass, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } } }];
}

export function workload(namespace: string, { kind, name, hostNetwork = false, writesNetwork = false, container, pod = {}, claim }: Part): JsonObject {
  const labels = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1", kind, metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      ...(kind === "DaemonSet" ? {} : { replicas: 1 }), ...(kind === "StatefulSet" ? { serviceName: name } : {}), ...(claim === undefined ? {} : { volumeClaimTemplates: claimTemplates(claim) }),
      template: {
        metadata: { labels },
        spec: {
          ...(hostNetwork ? { hostNetwork } : {}), ...(kind === "DaemonSet" ? { tolerations: [{ operator: "Exists" }] } : {}),
          ...pod,
          containers: [{ name: "main", ...(container === undefined ? {} : { name: container.name, args: [...container.args] }), image: `sandbox.invalid/${name}:1`, resources: { requests: { cpu: "10m", memory: "32Mi" } }, ...(claim === undefined ? {} : { volumeMounts: [{ name: "data", mountPath: "/data" }] }) }],
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
