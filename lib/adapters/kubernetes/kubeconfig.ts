// Reading a kubeconfig: what it offers, and refusing what would run or read something on the server.
import { parseDocument } from "yaml";
import { AppError } from "@/lib/base/errors";
import { isLinkLocal, isLoopback } from "./addresses";
import { list, record, text, type Raw } from "./project/read";

export interface KubeconfigContext { name: string; server: string; cluster: string; user: string }
export interface Kubeconfig {
  contexts: KubeconfigContext[];
  current: string | null;
  /** The same as JSON with only the fields that are allowed: this is what is loaded, so that no second reading of the YAML can differ. */
  safe: string;
}
export interface KubeconfigRules { trusted: boolean; /** The person has said so. */ allowInsecure?: boolean }

const maxBytes = 1_000_000;
const maxAliases = 20;

const invalid = (say: string): AppError => new AppError("invalid", say);

/** Throws an AppError whose sentence names the field and what to do. */
export function parseKubeconfig(source: string, rules: KubeconfigRules): Kubeconfig {
  const root = readYaml(source);
  const clusters = named(root["clusters"], "cluster");
  const users = named(root["users"], "user");
  const contexts = named(root["contexts"], "context");
  if (contexts.size === 0) throw invalid("The kubeconfig has no contexts. Export one with: kubectl config view --raw --minify --flatten.");
  if (!rules.trusted) {
    for (const [name, one] of clusters) checkCluster(name, one, rules);
    for (const [name, one] of users) checkUser(name, one);
  }
  const found = [...contexts].map(([name, one]) => readContext(name, one, { clusters, users }));
  const current = text(root["current-context"]) || null;
  if (current !== null && !contexts.has(current)) throw invalid(`The kubeconfig's current-context ${quoted(current)} is not among its contexts (${names(found)}).`);
  return { contexts: found, current, safe: JSON.stringify(kept(root, { clusters, users, contexts })) };
}

/** The context asked for, else the current one. */
export function chooseContext(config: Kubeconfig, wanted: string | undefined): KubeconfigContext {
  const name = wanted ?? config.current;
  if (name === null) throw invalid(`The kubeconfig names no current-context. Choose one of its contexts: ${names(config.contexts)}.`);
  const found = config.contexts.find((one) => one.name === name);
  if (!found) throw invalid(`The kubeconfig has no context ${quoted(name)}; it has ${names(config.contexts)}.`);
  return found;
}

const quoted = (value: string): string => `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
const names = (contexts: readonly KubeconfigContext[]): string => contexts.slice(0, 10).map((one) => quoted(one.name)).join(", ");

function readYaml(source: string): Raw {
  if (Buffer.byteLength(source) > maxBytes) throw invalid("The kubeconfig is larger than 1 MB. Export only what is needed: kubectl config view --raw --minify --flatten.");
  const document = parseDocument(source, { merge: false, logLevel: "silent" });
  const [problem] = document.errors;
  if (problem) throw invalid(`The kubeconfig is not valid YAML: ${(problem.message.split("\n")[0] ?? "").replace(/[:.]$/, "")}.`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (thrown) {
    throw new AppError("invalid", "The kubeconfig uses too many YAML aliases. Export it without them: kubectl config view --raw --minify --flatten.", thrown);
  }
  const root = record(value);
  if (!("clusters" in root) || !("contexts" in root)) throw invalid("This is no kubeconfig: it has no clusters and contexts.");
  return root;
}

function named(value: unknown, inner: string): Map<string, Raw> {
  const found = new Map<string, Raw>();
  for (const one of list(value).map(record)) {
    const name = text(one["name"]);
    if (name === "") throw invalid(`The kubeconfig has a ${inner} without a name.`);
    if (found.has(name)) throw invalid(`The kubeconfig has two entries called ${quoted(name)} among its ${inner}s.`);
    found.set(name, record(one[inner]));
  }
  return found;
}

function readContext(name: string, one: Raw, all: { clusters: Map<string, Raw>; users: Map<string, Raw> }): KubeconfigContext {
  const [cluster, user] = [text(one["cluster"]), text(one["user"])];
  const target = all.clusters.get(cluster);
  if (!target) throw invalid(`The context ${quoted(name)} points to the cluster ${quoted(cluster)}, which the kubeconfig does not have.`);
  if (user !== "" && !all.users.has(user)) throw invalid(`The context ${quoted(name)} points to the user ${quoted(user)}, which the kubeconfig does not have.`);
  const server = text(target["server"]);
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) throw invalid(`The cluster ${quoted(cluster)} has no usable server address: ${quoted(server)}.`);
  return { name, server, cluster, user };
}

const refusedOfCluster: Readonly<Record<string, string>> = {
  "certificate-authority": "it is a file on the server; put its content into certificate-authority-data (kubectl config view --raw --flatten does)",
  "proxy-url": "the console connects directly; remove it, or give the kubeconfig to the server itself by KUBECONFIG",
};
const refusedOfUser: Readonly<Record<string, string>> = {
  exec: "it would run a program on the server; use a token or client-certificate-data, or give the kubeconfig to the server itself by KUBECONFIG",
  "auth-provider": "it would run or read something on the server; use a token or client-certificate-data",
  "client-certificate": "it is a file on the server; put its content into client-certificate-data (kubectl config view --raw --flatten does)",
  "client-key": "it is a file on the server; put its content into client-key-data (kubectl config view --raw --flatten does)",
  tokenFile: "it is a file on the server; put its content into token",
  "token-file": "it is a file on the server; put its content into token",
};

function refuseFields(where: string, one: Raw, refused: Readonly<Record<string, string>>): void {
  for (const [field, why] of Object.entries(refused)) {
    if (field in one && one[field] !== null && one[field] !== "") throw invalid(`The kubeconfig's ${where} uses ${field}, which is refused: ${why}.`);
  }
}

function checkCluster(name: string, one: Raw, rules: KubeconfigRules): void {
  const where = `cluster ${quoted(name)}`;
  refuseFields(where, one, refusedOfCluster);
  const unchecked = one["insecure-skip-tls-verify"];
  if (unchecked !== undefined && unchecked !== false && !rules.allowInsecure) throw invalid(`The kubeconfig's ${where} uses insecure-skip-tls-verify, which is refused: give its CA in certificate-authority-data, or say expressly that the certificate need not be checked.`);
  const server = text(one["server"]);
  if (!URL.canParse(server)) throw invalid(`The kubeconfig's ${where} has no usable server address: ${quoted(server)}.`);
  const url = new URL(server);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isLinkLocal(host)) throw invalid(`The kubeconfig's ${where} points to ${host}, a link-local or metadata address, which is refused.`);
  if (url.protocol === "http:" && !isLoopback(host)) throw invalid(`The kubeconfig's ${where} points to http://${url.host}, which is refused: without TLS anyone on the way reads the credentials and changes the answers. Give its https:// address; plain http is for this machine alone.`);
  if (url.username !== "" || url.password !== "") throw invalid(`The kubeconfig's ${where} has a password in its server address; put it into the user entry.`);
}

function checkUser(name: string, one: Raw): void {
  refuseFields(`user ${quoted(name)}`, one, refusedOfUser);
}

const keptOfCluster = ["server", "certificate-authority-data", "tls-server-name", "insecure-skip-tls-verify"];
const keptOfUser = ["token", "client-certificate-data", "client-key-data", "username", "password", "as"];
const keptOfContext = ["cluster", "user", "namespace"];

function kept(root: Raw, all: { clusters: Map<string, Raw>; users: Map<string, Raw>; contexts: Map<string, Raw> }): Raw {
  const only = (one: Raw, fields: readonly string[]) => Object.fromEntries(fields.filter((field) => field in one).map((field) => [field, typeof one[field] === "boolean" ? one[field] : text(one[field])]));
  const entries = (map: Map<string, Raw>, inner: string, fields: readonly string[]) => [...map].map(([name, one]) => ({ name, [inner]: only(one, fields) }));
  return {
    apiVersion: "v1", kind: "Config", "current-context": text(root["current-context"]),
    clusters: entries(all.clusters, "cluster", keptOfCluster), users: entries(all.users, "user", keptOfUser), contexts: entries(all.contexts, "context", keptOfContext),
  };
}
