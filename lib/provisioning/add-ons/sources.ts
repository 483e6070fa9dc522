// Where the network plugin and each add-on come from, in which version, and what has to run before they count as there.
import type { AddOnName } from "../model";

export type SourceName = "calico" | AddOnName;
export interface Workload { kind: "Deployment" | "DaemonSet" | "StatefulSet"; namespace: string; name: string }

/**
 * A manifest that is applied as it is. `sha256`: of what its publisher released; null where whoever wrote this list could not
 * fetch it. The first digest that is met there is then kept, and everything else refused (see digests.ts).
 */
export interface ManifestSource { via: "manifest"; version: string; url: string; sha256: string | null; waitFor: readonly Workload[] }
/** A chart that Argo CD installs and keeps. */
export interface ChartSource { via: "argo-cd"; version: string; repository: string; chart: string; namespace: string }
export type Source = ManifestSource | ChartSource;

const deployment = (namespace: string, name: string): Workload => ({ kind: "Deployment", namespace, name });
const daemonSet = (namespace: string, name: string): Workload => ({ kind: "DaemonSet", namespace, name });
const github = "https://github.com";
const raw = "https://raw.githubusercontent.com";

export const sources: Readonly<Record<SourceName, Source>> = {
  // The manifest for VXLAN: BGP is off in it, and pods' addresses are read from kubeadm's configuration.
  "calico": { via: "manifest", version: "v3.30.3", url: `${raw}/projectcalico/calico/v3.30.3/manifests/calico-vxlan.yaml`, sha256: null, waitFor: [daemonSet("kube-system", "calico-node"), deployment("kube-system", "calico-kube-controllers")] },
  "aws-ebs-csi-driver": { via: "manifest", version: "v1.48.0", url: `${github}/kubernetes-sigs/aws-ebs-csi-driver/releases/download/v1.48.0/install.yaml`, sha256: null, waitFor: [deployment("kube-system", "ebs-csi-controller"), daemonSet("kube-system", "ebs-csi-node")] },
  "metrics-server": { via: "manifest", version: "v0.8.0", url: `${github}/kubernetes-sigs/metrics-server/releases/download/v0.8.0/components.yaml`, sha256: null, waitFor: [deployment("kube-system", "metrics-server")] },
  "aws-load-balancer-controller": { via: "manifest", version: "v2.13.4", url: `${github}/kubernetes-sigs/aws-load-balancer-controller/releases/download/v2.13.4/v2_13_4_full.yaml`, sha256: null, waitFor: [deployment("kube-system", "aws-load-balancer-controller")] },
  "cert-manager": { via: "manifest", version: "v1.18.2", url: `${github}/cert-manager/cert-manager/releases/download/v1.18.2/cert-manager.yaml`, sha256: null, waitFor: [deployment("cert-manager", "cert-manager"), deployment("cert-manager", "cert-manager-webhook"), deployment("cert-manager", "cert-manager-cainjector")] },
  "argo-cd": { via: "manifest", version: "v3.1.9", url: `${raw}/argoproj/argo-cd/v3.1.9/manifests/install.yaml`, sha256: null, waitFor: [deployment("argocd", "argocd-server"), deployment("argocd", "argocd-repo-server"), { kind: "StatefulSet", namespace: "argocd", name: "argocd-application-controller" }] },
  "kube-prometheus-stack": { via: "argo-cd", version: "77.5.0", repository: "https://prometheus-community.github.io/helm-charts", chart: "kube-prometheus-stack", namespace: "monitoring" },
  "argo-rollouts": { via: "argo-cd", version: "2.40.4", repository: "https://argoproj.github.io/argo-helm", chart: "argo-rollouts", namespace: "argo-rollouts" },
  "rabbitmq": { via: "argo-cd", version: "16.0.14", repository: "https://charts.bitnami.com/bitnami", chart: "rabbitmq", namespace: "messaging" },
  "postgresql": { via: "argo-cd", version: "16.7.27", repository: "https://charts.bitnami.com/bitnami", chart: "postgresql", namespace: "data" },
  "redis": { via: "argo-cd", version: "22.0.7", repository: "https://charts.bitnami.com/bitnami", chart: "redis", namespace: "data" },
};

/** A mirror keeps each manifest under its add-on's name and version, and the digests of all beside them. */
export const mirrored = (mirror: string, name: SourceName, version: string): string => `${mirror.replace(/\/$/, "")}/${name}/${version}.yaml`;
export const mirroredSums = (mirror: string): string => `${mirror.replace(/\/$/, "")}/sha256sums`;

/** The digest that a list as sha256sum writes it has for a path; null when the path is not in it. */
export function digestIn(sums: string, path: string): string | null {
  const row = sums.split("\n").map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line.trim())).find((match) => match?.[2] === path);
  return row?.[1] ?? null;
}
