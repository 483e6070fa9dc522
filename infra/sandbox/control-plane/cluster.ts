// One cluster's control plane: API server, controller manager and scheduler on loopback addresses of their own.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Programs } from "../programs.ts";
import { supervise, type Child } from "../process.ts";
import { ApiClient } from "./api-client.ts";
import { openEgress, type Egress, type Route } from "./egress.ts";
import type { Etcd } from "./etcd.ts";
import { openFaultProxy, type FaultProxy } from "./fault-proxy.ts";
import { ensurePki, type Pki } from "./pki.ts";

export interface ClusterInput {
  name: string;
  /** Its folder inside the home. */
  dir: string;
  /** Where unix sockets may be put. */
  socketPath: string;
  directAddress: string;
  proxyAddress: string;
  advertiseAddress: string;
  masterName: string;
  kubernetesVersion: string;
  etcd: Etcd;
  programs: Partial<Programs>;
  controllers: boolean;
  scheduler: boolean;
  /** Thousands of nodes: higher limits for the clients of the API server. */
  large: boolean;
  route: (host: string, port: number) => Route;
}

export interface Cluster {
  name: string;
  pki: Pki;
  api: ApiClient;
  proxy: FaultProxy;
  /** The address people use: the fault proxy's. */
  serverUrl: string;
  directUrl: string;
  children: { apiServer: Child; controllers: Child; scheduler: Child };
  ready(timeoutMs?: number): Promise<void>;
  startControllers(): void;
  restartApi(): Promise<void>;
  pauseApi(durationMs: number): void;
  stop(): Promise<void>;
}

function need(programs: Partial<Programs>, name: keyof Programs): string {
  const path = programs[name];
  if (path === undefined) throw new Error(`${name} was not asked for when the programs were looked up.`);
  return path;
}

/** Pods leave a lost machine after a minute: five, as is usual, would be long to watch. */
const evictAfterSeconds = "60";

function apiServerArgs(input: ClusterInput, pki: Pki, egress: Egress): string[] {
  return [
    "--etcd-servers", input.etcd.url, "--etcd-prefix", `/${input.name}`,
    "--bind-address", input.directAddress, "--secure-port", "6443",
    "--advertise-address", input.advertiseAddress, "--endpoint-reconciler-type", "none",
    "--authorization-mode", "Node,RBAC", "--enable-bootstrap-token-auth", "--allow-privileged",
    "--client-ca-file", pki.file("ca.crt"), "--tls-cert-file", pki.file("apiserver.crt"), "--tls-private-key-file", pki.file("apiserver.key"),
    "--kubelet-client-certificate", pki.file("apiserver-kubelet-client.crt"), "--kubelet-client-key", pki.file("apiserver-kubelet-client.key"),
    "--kubelet-preferred-address-types", "InternalIP,Hostname", "--egress-selector-config-file", egress.settingsPath,
    "--proxy-client-cert-file", pki.file("front-proxy-client.crt"), "--proxy-client-key-file", pki.file("front-proxy-client.key"),
    "--requestheader-client-ca-file", pki.file("front-proxy-ca.crt"), "--requestheader-allowed-names", "front-proxy-client",
    "--requestheader-username-headers", "X-Remote-User", "--requestheader-group-headers", "X-Remote-Group", "--requestheader-extra-headers-prefix", "X-Remote-Extra-",
    "--service-account-issuer", "https://kubernetes.default.svc.cluster.local",
    "--service-account-key-file", pki.file("sa.pub"), "--service-account-signing-key-file", pki.file("sa.key"),
    "--service-cluster-ip-range", "10.96.0.0/12", "--default-unreachable-toleration-seconds", evictAfterSeconds, "--default-not-ready-toleration-seconds", evictAfterSeconds,
    "--shutdown-delay-duration", "0s", "--profiling=false", "--v", "1",
    ...(input.large ? ["--max-requests-inflight", "1200", "--max-mutating-requests-inflight", "600"] : []),
  ];
}

function clientRates(input: ClusterInput): string[] {
  return input.large ? ["--kube-api-qps", "600", "--kube-api-burst", "900"] : ["--kube-api-qps", "100", "--kube-api-burst", "200"];
}

function controllersArgs(input: ClusterInput, pki: Pki): string[] {
  return [
    "--kubeconfig", pki.conf("controller-manager"), "--authentication-kubeconfig", pki.conf("controller-manager"), "--authorization-kubeconfig", pki.conf("controller-manager"),
    "--bind-address", input.directAddress, "--secure-port", "10257", "--leader-elect=false", "--use-service-account-credentials",
    "--client-ca-file", pki.file("ca.crt"), "--requestheader-client-ca-file", pki.file("front-proxy-ca.crt"),
    "--cluster-name", input.name, "--cluster-signing-cert-file", pki.file("ca.crt"), "--cluster-signing-key-file", pki.file("ca.key"),
    "--root-ca-file", pki.file("ca.crt"), "--service-account-private-key-file", pki.file("sa.key"), "--service-cluster-ip-range", "10.96.0.0/12",
    "--controllers", "*,bootstrapsigner,tokencleaner", "--node-monitor-grace-period", "20s", "--node-monitor-period", "2s", ...clientRates(input),
  ];
}

function schedulerArgs(input: ClusterInput, pki: Pki): string[] {
  return [
    "--kubeconfig", pki.conf("scheduler"), "--authentication-kubeconfig", pki.conf("scheduler"), "--authorization-kubeconfig", pki.conf("scheduler"),
    "--bind-address", input.directAddress, "--secure-port", "10259", "--leader-elect=false", ...clientRates(input),
  ];
}

/** SIGKILL is safe for all three, since etcd holds the truth; asked politely the API server waits for open watches. */
function makeChildren(input: ClusterInput, pki: Pki, egress: Egress): Cluster["children"] {
  const child = (name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler", args: string[]): Child => supervise({
    name: `${name} of ${input.name}`, command: need(input.programs, name), args, logPath: join(input.dir, `${name}.log`),
    stopSignal: "SIGKILL", restarts: { limit: 5, withinMs: 60_000 },
  });
  return {
    apiServer: child("kube-apiserver", apiServerArgs(input, pki, egress)),
    controllers: child("kube-controller-manager", controllersArgs(input, pki)),
    scheduler: child("kube-scheduler", schedulerArgs(input, pki)),
  };
}

async function untilReady(api: ApiClient, child: Child, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await api.call({ method: "GET", path: "/readyz", timeoutMs: 5_000 }).catch(() => null);
    if (answer?.status === 200) return;
    const missing = answer?.text.split("\n").filter((line) => line.startsWith("[-]")).join(" ") ?? "";
    if (Date.now() > deadline) throw new Error(`The API server did not become ready. ${missing} ${child.tail(3)}`);
    await sleep(60);
  }
}

/** kubeadm binds its administrators' group in a phase of its own; here it is the one thing that is applied by hand. */
async function bindAdministrators(api: ApiClient): Promise<void> {
  await api.ensure("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: "kubeadm:cluster-admins" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "kubeadm:cluster-admins" }],
  });
}

export async function startCluster(input: ClusterInput): Promise<Cluster> {
  mkdirSync(input.dir, { recursive: true, mode: 0o700 });
  const pki = await ensurePki({ ...input, clusterName: input.name, kubeadm: need(input.programs, "kubeadm") });
  const egress = await openEgress({ socketPath: input.socketPath, settingsPath: join(input.dir, "egress.yaml"), route: input.route });
  const proxy = await openFaultProxy({ listen: input.proxyAddress, port: 6443, target: { host: input.directAddress, port: 6443 } });
  const children = makeChildren(input, pki, egress);
  const api = new ApiClient(input.directAddress, pki.superAdmin);
  const startControllers = (): void => {
    if (input.controllers) children.controllers.start();
    if (input.scheduler) children.scheduler.start();
  };
  children.apiServer.start();
  let resumption: NodeJS.Timeout | undefined;
  const cluster: Cluster = {
    name: input.name, pki, api, proxy, children, startControllers,
    serverUrl: `https://${input.proxyAddress}:6443`, directUrl: `https://${input.directAddress}:6443`,
    ready: async (timeoutMs = input.large ? 240_000 : 60_000) => {
      await untilReady(api, children.apiServer, timeoutMs);
      await bindAdministrators(api);
    },
    restartApi: async () => {
      await children.apiServer.stop();
      children.apiServer.start();
      await untilReady(api, children.apiServer, 60_000);
    },
    pauseApi: (durationMs) => {
      children.apiServer.pause();
      // The newest order counts: an earlier one's end does not cut it short.
      clearTimeout(resumption);
      resumption = setTimeout(() => children.apiServer.resume(), durationMs).unref();
    },
    stop: async () => {
      api.close();
      await Promise.all([children.scheduler.stop(), children.controllers.stop(), proxy.close()]);
      await children.apiServer.stop();
      await egress.close();
    },
  };
  return cluster;
}

/** Takes a cluster that does not run away for good: its objects out of etcd, its certificates and files off the disk. Others on the same etcd stay. */
export async function wipeCluster({ etcd, name, dir }: { etcd: Etcd; name: string; dir: string }): Promise<void> {
  await etcd.post("/v3/kv/deleterange", rangeOf(`/${name}/`));
  if (existsSync(dir)) rmSync(dir, { recursive: true, force: true });
}

/** etcd's range of all keys that begin with a prefix: up to the prefix with its last byte raised by one. */
function rangeOf(prefix: string): { key: string; range_end: string } {
  const end = Buffer.from(prefix);
  end[end.length - 1] = (end[end.length - 1] ?? 0) + 1;
  return { key: Buffer.from(prefix).toString("base64"), range_end: end.toString("base64") };
}
