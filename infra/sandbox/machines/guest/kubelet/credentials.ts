// The kubelet's way to the API server: by its kubeconfig, which it gets for a bootstrap token if it has none.
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { ApiClient } from "../../../control-plane/api-client.ts";
import { listAt, textAt, type Json } from "../../../json.ts";
import { nodeSigningRequest } from "./signing-request.ts";
import type { Settings } from "./settings.ts";

export const clientPem = "/var/lib/kubelet/pki/kubelet-client-current.pem";

interface Way { api: ApiClient; server: string; ca: string }

const decoded = (text: string): string => Buffer.from(text, "base64").toString("utf8");

function wayOf(path: string): Way {
  const config: Json = parse(readFileSync(path, "utf8"));
  const server = textAt(config, "clusters", 0, "cluster", "server");
  const ca = decoded(textAt(config, "clusters", 0, "cluster", "certificate-authority-data"));
  const user = listAt(config, "users")[0];
  const token = textAt(user, "user", "token");
  const file = textAt(user, "user", "client-certificate");
  const cert = file === "" ? decoded(textAt(user, "user", "client-certificate-data")) : readFileSync(file, "utf8");
  const key = file === "" ? decoded(textAt(user, "user", "client-key-data")) : readFileSync(textAt(user, "user", "client-key"), "utf8");
  return { api: new ApiClient(new URL(server).hostname, token === "" ? { ca, cert, key } : { ca, token }), server, ca };
}

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/** Asks for a certificate until one is issued: it is approved by the cluster's own controller, or by nobody. */
async function certificateFor(nodeName: string, request: string, api: ApiClient): Promise<string> {
  const made = await api.create(requests, {
    apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", metadata: { generateName: "csr-" },
    spec: { request: Buffer.from(request).toString("base64"), signerName: "kubernetes.io/kube-apiserver-client-kubelet", usages: ["digital signature", "client auth"] },
  });
  const path = `${requests}/${textAt(made, "metadata", "name")}`;
  for (;;) {
    const issued = textAt(await api.get(path), "status", "certificate");
    if (issued !== "") return decoded(issued);
    await sleep(200);
  }
}

async function bootstrap(settings: Settings): Promise<void> {
  const { api, server, ca } = wayOf(settings.bootstrapKubeconfig);
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = await certificateFor(settings.nodeName, nodeSigningRequest(settings.nodeName, key), api);
  api.close();
  mkdirSync("/var/lib/kubelet/pki", { recursive: true });
  writeFileSync(clientPem, `${certificate}${key.privateKey.export({ type: "sec1", format: "pem" })}`, { mode: 0o600 });
  writeFileSync(settings.kubeconfig, stringify({
    apiVersion: "v1", kind: "Config", "current-context": "default-context",
    clusters: [{ name: "default-cluster", cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
    contexts: [{ name: "default-context", context: { cluster: "default-cluster", user: "default-auth" } }],
    users: [{ name: "default-auth", user: { "client-certificate": clientPem, "client-key": clientPem } }],
  }), { mode: 0o600 });
}

/** Goes on until there is a way: the API server may not be there yet. */
export async function wayToServer(settings: Settings): Promise<ApiClient> {
  for (;;) {
    try {
      if (!existsSync(settings.kubeconfig)) await bootstrap(settings);
      const { api, ca } = wayOf(settings.kubeconfig);
      keepForServing(settings, ca);
      return api;
    } catch (error) {
      console.error(`no way to the API server yet: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(500);
    }
  }
}

/** The way of the cluster's own administrator, which only the machine has where the cluster began. */
export function administratorsWay(): ApiClient | null {
  return existsSync("/etc/kubernetes/super-admin.conf") ? wayOf("/etc/kubernetes/super-admin.conf").api : null;
}

const everyNode = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name: "sandbox:kwok" } };

/** KWOK asks for all nodes, and follows leases, before it keeps to one, which a kubelet may not. */
export async function letKwokLook(api: ApiClient): Promise<void> {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  await api.ensure(`${rbac}/clusterroles`, { ...everyNode, kind: "ClusterRole", rules: [{ apiGroups: ["", "coordination.k8s.io"], resources: ["nodes", "leases"], verbs: ["list", "watch"] }] });
  await api.ensure(`${rbac}/clusterrolebindings`, {
    ...everyNode, kind: "ClusterRoleBinding", roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "sandbox:kwok" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:nodes" }],
  });
}

/** kubeadm's first node has its certificate in the kubeconfig; the server of logs wants it in a file. */
function keepForServing(settings: Settings, ca: string): void {
  mkdirSync("/var/lib/kubelet/pki", { recursive: true });
  writeFileSync("/var/lib/kubelet/pki/ca.crt", ca);
  if (existsSync(clientPem)) return;
  const user = listAt(parse(readFileSync(settings.kubeconfig, "utf8")), "users")[0];
  writeFileSync(clientPem, `${decoded(textAt(user, "user", "client-certificate-data"))}${decoded(textAt(user, "user", "client-key-data"))}`, { mode: 0o600 });
}
