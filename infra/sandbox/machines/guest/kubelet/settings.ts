// What the kubelet was started with, and what the real one refuses to start with.
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { parse } from "yaml";
import { textAt, type Json } from "../../../json.ts";

export interface Taint { key: string; value?: string; effect: string }
export interface Settings {
  nodeName: string;
  labels: Record<string, string>;
  taints: Taint[];
  providerId: string;
  kubeconfig: string;
  bootstrapKubeconfig: string;
  manifests: string;
  nodeIp: string;
}

/** The kubelet ends with such a sentence, and systemd starts it again. */
export class Refusal extends Error {}

/** Source: `kubelet --help` of 1.36, as far as kubeadm and a boot script may set them; anything else is unknown, as --network-plugin is since 1.24. */
const knownFlags = new Set([
  "bootstrap-kubeconfig", "kubeconfig", "config", "config-dir", "container-runtime-endpoint", "hostname-override", "node-ip", "node-labels", "register-with-taints", "provider-id",
  "cloud-provider", "cert-dir", "root-dir", "v", "max-pods", "cgroup-driver", "pod-infra-container-image", "image-credential-provider-config", "image-credential-provider-bin-dir",
  "resolv-conf", "rotate-certificates", "rotate-server-certificates", "read-only-port", "system-reserved", "kube-reserved", "eviction-hard", "fail-swap-on", "cluster-dns", "cluster-domain",
]);
/** Source: k8s.io/kubelet/pkg/apis/well_known_labels.go. */
const kubeletLabels = new Set([
  "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
  "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch",
]);
const kubeletPrefixes = ["kubelet.kubernetes.io/", "node.kubernetes.io/"];

function flagsOf(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const word of words) {
    const match = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(word);
    if (match === null) throw new Refusal(`unknown command ${word}`);
    const [, name = "", value = "true"] = match;
    if (!knownFlags.has(name)) throw new Refusal(`failed to parse kubelet flag: unknown flag: --${name}`);
    flags.set(name, value);
  }
  return flags;
}

export function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const pair of text.split(",").filter((one) => one !== "")) {
    const [key = "", value = "", ...rest] = pair.split("=");
    if (rest.length > 0 || !pair.includes("=")) throw new Refusal(`invalid argument "${text}" for "--node-labels" flag: malformed pair, expect string=string`);
    if (value.length > 63 || !/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value)) throw new Refusal(`invalid node labels: a valid label must be an empty string or consist of alphanumeric characters: "${value}"`);
    labels[key] = value;
  }
  const unknown = Object.keys(labels).filter((key) => /(^|\.)(kubernetes\.io|k8s\.io)\//.test(key) && !kubeletLabels.has(key) && !kubeletPrefixes.some((prefix) => key.startsWith(prefix)));
  if (unknown.length > 0) throw new Refusal(`unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${unknown.join(" ")}]`);
  return labels;
}

export function taintsOf(text: string): Taint[] {
  return text.split(",").filter((one) => one !== "").map((one) => {
    const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|NoExecute|PreferNoSchedule)$/.exec(one);
    if (match === null) throw new Refusal(`invalid argument "${text}" for "--register-with-taints" flag: invalid taint spec: ${one}`);
    const [, key = "", value, effect = ""] = match;
    return { key, effect, ...(value === undefined || value === "" ? {} : { value }) };
  });
}

function configOf(path: string): Json {
  if (!existsSync(path)) throw new Refusal(`failed to load kubelet config file, path: ${path}, error: open ${path}: no such file or directory`);
  return parse(readFileSync(path, "utf8"));
}

export function readSettings(words: readonly string[]): Settings {
  const flags = flagsOf(words);
  const config = configOf(flags.get("config") ?? "");
  const settings: Settings = {
    nodeName: (flags.get("hostname-override") ?? hostname()).toLowerCase(),
    labels: labelsOf(flags.get("node-labels") ?? ""),
    taints: taintsOf(flags.get("register-with-taints") ?? ""),
    providerId: flags.get("provider-id") ?? textAt(config, "providerID"),
    kubeconfig: flags.get("kubeconfig") ?? "",
    bootstrapKubeconfig: flags.get("bootstrap-kubeconfig") ?? "",
    manifests: textAt(config, "staticPodPath") || "/etc/kubernetes/manifests",
    nodeIp: flags.get("node-ip") ?? "",
  };
  if (!existsSync("/run/containerd/containerd.sock")) throw new Refusal('failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint "unix:///run/containerd/containerd.sock": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService');
  if (!existsSync(settings.kubeconfig) && !existsSync(settings.bootstrapKubeconfig)) throw new Refusal(`failed to run Kubelet: unable to load bootstrap kubeconfig: stat ${settings.bootstrapKubeconfig}: no such file or directory`);
  return settings;
}
