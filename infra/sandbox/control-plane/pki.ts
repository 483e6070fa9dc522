// Certificates and kubeconfigs of a cluster, made by kubeadm's own phases.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Json } from "../json.ts";
import { textAt } from "../json.ts";

export interface PkiInput {
  kubeadm: string;
  dir: string;
  clusterName: string;
  kubernetesVersion: string;
  /** Where the API server listens. */
  directAddress: string;
  /** Where people and the console are sent: the proxy before it. */
  proxyAddress: string;
  /** The address the imagined master has in its VPC; nothing is ever sent there. */
  advertiseAddress: string;
  masterName: string;
}

export interface Credentials { ca: string; cert: string; key: string }
export interface Pki {
  dir: string;
  file: (name: string) => string;
  conf: (name: "admin" | "super-admin" | "controller-manager" | "scheduler") => string;
  /** The account of system:masters: what sets the world up. */
  superAdmin: Credentials;
  admin: Credentials;
}

const confNames = ["admin", "super-admin", "controller-manager", "scheduler"] as const;

function kubeadmSettings(input: PkiInput): string {
  const init = {
    apiVersion: "kubeadm.k8s.io/v1beta4", kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: input.advertiseAddress, bindPort: 6443 },
    nodeRegistration: { name: input.masterName },
  };
  const cluster = {
    apiVersion: "kubeadm.k8s.io/v1beta4", kind: "ClusterConfiguration",
    kubernetesVersion: input.kubernetesVersion, clusterName: input.clusterName,
    certificatesDir: join(input.dir, "pki"),
    controlPlaneEndpoint: `${input.directAddress}:6443`,
    apiServer: { certSANs: [input.directAddress, input.proxyAddress, "localhost", input.masterName] },
    networking: { serviceSubnet: "10.96.0.0/12", podSubnet: "192.168.0.0/16" },
  };
  return `${stringify(init)}---\n${stringify(cluster)}`;
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { timeout: 60_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`kubeadm ${args.slice(0, 4).join(" ")} failed: ${stderr.trim().split("\n").slice(-3).join(" ")}`));
    });
  });
}

/** kubeadm writes the private address into some of them; nothing of ours may dial that. */
function pointAt(conf: string, address: string): void {
  const text = readFileSync(conf, "utf8");
  writeFileSync(conf, text.replaceAll(/server: \S+/g, `server: https://${address}:6443`), { mode: 0o600 });
}

function credentialsOf(conf: string): Credentials {
  const parsed: Json = parse(readFileSync(conf, "utf8"));
  const decode = (text: string): string => Buffer.from(text, "base64").toString("utf8");
  return {
    ca: decode(textAt(parsed, "clusters", 0, "cluster", "certificate-authority-data")),
    cert: decode(textAt(parsed, "users", 0, "user", "client-certificate-data")),
    key: decode(textAt(parsed, "users", 0, "user", "client-key-data")),
  };
}

async function generate(input: PkiInput, marker: string): Promise<void> {
  mkdirSync(input.dir, { recursive: true, mode: 0o700 });
  // Made for other addresses: the authorities and the service accounts' key stay, the rest is made anew.
  for (const stale of ["pki/apiserver.crt", "pki/apiserver.key", ...confNames.map((name) => `${name}.conf`)]) {
    rmSync(join(input.dir, stale), { force: true });
  }
  const settings = join(input.dir, "kubeadm.yaml");
  writeFileSync(settings, kubeadmSettings(input));
  const kubeconfigs = Promise.resolve(["init", "phase", "certs", "all", "--config", settings])
    .then((args) => run(input.kubeadm, args))
    .then(() => Promise.all(confNames.map((name) => run(input.kubeadm, ["init", "phase", "kubeconfig", name, "--config", settings, "--kubeconfig-dir", input.dir]))));
  await kubeconfigs;
  for (const name of confNames) pointAt(join(input.dir, `${name}.conf`), input.directAddress);
  writeFileSync(join(input.dir, "made-for"), marker);
}

/** The cluster's keys: found, or made. */
export async function ensurePki(input: PkiInput): Promise<Pki> {
  const marker = `${input.directAddress} ${input.proxyAddress} ${input.kubernetesVersion}`;
  const madeFor = join(input.dir, "made-for");
  if (!existsSync(madeFor) || readFileSync(madeFor, "utf8") !== marker) await generate(input, marker);
  const conf = (name: string): string => join(input.dir, `${name}.conf`);
  const superAdmin = credentialsOf(conf("super-admin"));
  // As files too, for programs that take no kubeconfig: Prometheus.
  writeFileSync(join(input.dir, "pki", "super-admin.crt"), superAdmin.cert, { mode: 0o600 });
  writeFileSync(join(input.dir, "pki", "super-admin.key"), superAdmin.key, { mode: 0o600 });
  return {
    dir: input.dir,
    file: (name) => join(input.dir, "pki", name),
    conf,
    superAdmin,
    admin: credentialsOf(conf("admin")),
  };
}

export interface PeoplesContext { name: string; server: string; credentials: Credentials }

/** One file with a context per cluster, named after it. */
export function kubeconfigFor(contexts: readonly PeoplesContext[]): string {
  const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");
  return stringify({
    apiVersion: "v1", kind: "Config", "current-context": contexts[0]?.name ?? "",
    clusters: contexts.map(({ name, server, credentials }) => ({ name, cluster: { server, "certificate-authority-data": encode(credentials.ca) } })),
    users: contexts.map(({ name, credentials }) => ({ name: `${name}-admin`, user: { "client-certificate-data": encode(credentials.cert), "client-key-data": encode(credentials.key) } })),
    contexts: contexts.map(({ name }) => ({ name, context: { cluster: name, user: `${name}-admin` } })),
  }, { lineWidth: 0 });
}
