// What can be learnt of a cluster's certificates from outside it, and credentials of one's own from its authority.
import "server-only";
import { createHash, generateKeyPairSync, X509Certificate } from "node:crypto";
import { connect as connectTls } from "node:tls";
import { stringify } from "yaml";
import { systemClock } from "@/lib/base/clock";
import { AppError } from "@/lib/base/errors";
import { applyObject, findObject, removeObject, type Manifest } from "./apply";
import type { Call, ClientSetting } from "./call";
import type { Credentials } from "./credentials";
import { patchObject } from "./patch";
import { record, text } from "./project/read";
import { signingRequest } from "./signing-request";
import { networkTrouble } from "./trouble";

export interface SeenCertificate { /** The one that the API server shows, the console's own, the authority that the console trusts. */ what: "serving" | "own" | "authority"; subject: string; from: number; until: number }
export interface CredentialWish { cluster: string; user: string; group: string; seconds: number }
export interface IssuedKubeconfig { kubeconfig: string; until: number }

const handshakeTimeoutMs = 8_000;
const subjectOf = ({ subject }: X509Certificate): string => subject.split("\n").join(", ");
const seen = (what: SeenCertificate["what"], certificate: X509Certificate): SeenCertificate => ({ what, subject: subjectOf(certificate), from: Date.parse(certificate.validFrom), until: Date.parse(certificate.validTo) });

/** PEM of the authority in the kubeconfig; "" where it names none. */
async function authorityOf(credentials: Credentials): Promise<string> {
  const { ca } = (await credentials.identity()).tls;
  const [first] = [ca].flat();
  return first === undefined ? "" : first.toString();
}

/** Shown by the server itself in a handshake in which we say nothing of ourselves; one that has run out is told like any other. */
async function servingCertificate(credentials: Credentials): Promise<X509Certificate> {
  const { tls } = await credentials.identity();
  const { hostname, port } = credentials.server;
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 443), rejectUnauthorized: false, ...(tls.lookup ? { lookup: tls.lookup } : {}), ...(tls.servername ? { servername: tls.servername } : {}) }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate) resolve(certificate);
      else reject(new Error("it showed no certificate"));
    });
    socket.setTimeout(handshakeTimeoutMs, () => socket.destroy(new Error("no handshake in time")));
    socket.on("error", reject);
  });
}

export async function seenCertificates({ credentials, server }: ClientSetting): Promise<SeenCertificate[]> {
  if (!credentials) return [];
  const serving = await servingCertificate(credentials).catch((thrown: unknown) => {
    throw new AppError("unavailable", `Could not read the API server's certificate: ${networkTrouble(thrown, server).say}`, thrown);
  });
  const [own, authority] = await Promise.all([credentials.clientCertificate(), authorityOf(credentials)]);
  return [seen("serving", serving), ...(own === null ? [] : [seen("own", new X509Certificate(own))]), ...(authority === "" ? [] : [seen("authority", new X509Certificate(authority))])];
}

/** What a node that joins holds the authority to: kubeadm's --discovery-token-ca-cert-hash. */
export async function authorityPin({ credentials }: ClientSetting): Promise<string> {
  const authority = credentials ? await authorityOf(credentials) : "";
  if (authority === "") throw new AppError("conflict", "The console's kubeconfig names no certificate authority, so nodes could not tell the right API server from a wrong one.");
  return `sha256:${createHash("sha256").update(new X509Certificate(authority).publicKey.export({ type: "spki", format: "der" })).digest("hex")}`;
}

const requests = { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", namespace: "" } as const;
const issueTimeoutMs = 20_000;
const lookMs = 200;

/** A kubeconfig with a client certificate of its own, from the cluster's authority by the certificates API; the key is made here and kept nowhere else. */
export async function issueKubeconfig(call: Call, setting: ClientSetting, { cluster, user, group, seconds }: CredentialWish): Promise<IssuedKubeconfig> {
  if (!setting.credentials) throw new AppError("unavailable", "The console is not connected to the cluster, so it can ask it for no certificate.");
  const authority = await authorityOf(setting.credentials);
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = `quarterdeck-${crypto.randomUUID()}`;
  const ref = { ...requests, name };
  const asked: Manifest & { spec: object } = {
    apiVersion: requests.apiVersion, kind: requests.kind, metadata: { name },
    spec: { request: Buffer.from(signingRequest({ user, group }, key)).toString("base64"), signerName: "kubernetes.io/kube-apiserver-client", expirationSeconds: seconds, usages: ["client auth", "digital signature"] },
  };
  await applyObject(call, asked);
  try {
    const yes = { type: "Approved", status: "True", reason: "AskedForByTheConsole", message: `The console asked for it on behalf of ${user}.` };
    await patchObject(call, { ref, subresource: "approval", operations: [{ op: "add", path: "/status/conditions", value: [yes] }] });
    const certificate = await issued(call, ref, setting.closing);
    return {
      until: Date.parse(new X509Certificate(certificate).validTo),
      kubeconfig: kubeconfigText({ cluster, user, server: setting.credentials.server.href.replace(/\/$/, ""), authority, certificate, key: key.privateKey.export({ type: "sec1", format: "pem" }).toString() }),
    };
  } finally {
    await removeObject(call, ref).catch(() => undefined);
  }
}

async function issued(call: Call, ref: Parameters<typeof findObject>[1], signal: AbortSignal): Promise<string> {
  for (const end = systemClock.now() + issueTimeoutMs; systemClock.now() < end && !signal.aborted;) {
    const status = record(record(await findObject(call, ref))["status"]);
    const certificate = text(status["certificate"]);
    if (certificate !== "") return Buffer.from(certificate, "base64").toString("utf8");
    await systemClock.sleep(lookMs, signal);
  }
  throw new AppError("unavailable", `The cluster did not sign the certificate within ${issueTimeoutMs / 1000} seconds. Its controller-manager signs them; look whether it runs.`);
}

interface Parts { cluster: string; user: string; server: string; authority: string; certificate: string; key: string }

function kubeconfigText({ cluster, user, server, authority, certificate, key }: Parts): string {
  const data = (pem: string): string => Buffer.from(pem).toString("base64");
  return stringify({
    apiVersion: "v1", kind: "Config", "current-context": cluster,
    clusters: [{ name: cluster, cluster: { server, ...(authority === "" ? {} : { "certificate-authority-data": data(authority) }) } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    users: [{ name: user, user: { "client-certificate-data": data(certificate), "client-key-data": data(key) } }],
  }, { lineWidth: 0 });
}
