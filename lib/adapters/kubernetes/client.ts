// What the console may do and read at a cluster beyond watching: each call one request, each failure a sentence.
import "server-only";
import { X509Certificate } from "node:crypto";
import type { V1DeleteOptions, V1Eviction, V1SelfSubjectAccessReview } from "@kubernetes/client-node";
import { AppError } from "@/lib/base/errors";
import { applyObject, findObject, removeObject, type Manifest, type ObjectRef } from "./apply";
import { authorityPin, issueKubeconfig, seenCertificates, type CredentialWish, type IssuedKubeconfig, type SeenCertificate } from "./certificates";
import { caller, expect2xx, isOk, maxObjectBytes, type Call, type ClientSetting } from "./call";
import type { Credentials } from "./credentials";
import { kindSources, objectPath } from "./kinds";
import { listObjects, patchObject, removeExactly, type ListInput, type PatchInput, type PatchOperation, type PatchOutcome } from "./patch";
import { podLogs, type LogRequest } from "./logs";
import { askService, type ServiceAsk } from "./service-proxy";
import type { Kind } from "./objects";
import { list, record, text } from "./project/read";
import { bodyText } from "./transport";
import { networkTrouble, refusalError, refusalOf, type Refusal, type TroubleCode } from "./trouble";

export type { CredentialWish, IssuedKubeconfig, Manifest, SeenCertificate, ObjectRef, PatchInput, PatchOperation, PatchOutcome };
export type EvictionOutcome = { outcome: "evicted" } | { outcome: "gone" } | { outcome: "blocked"; retryAfterMs: number; say: string };
export type CheckOutcome = { ok: true; version: string } | { ok: false; code: TroubleCode; say: string };

export interface KubernetesClient {
  /** The raw object, for YAML; Secrets are no Kind. */
  read(kind: Kind, at: { namespace: string; name: string }): Promise<unknown>;
  cordon(input: { node: string; unschedulable: boolean }): Promise<void>;
  evict(input: { namespace: string; name: string; uid: string; graceSeconds?: number }): Promise<EvictionOutcome>;
  deletePod(input: { namespace: string; name: string; uid: string }): Promise<void>;
  logs(input: LogRequest): AsyncIterable<string>;
  can(input: { verb: string; resource: string; subresource?: string; group?: string; namespace?: string }): Promise<boolean>;
  /** Asks a Service inside the cluster through the API server; throws unavailable, in the API server's words, when it does not let us or finds nobody there. */
  askService(input: ServiceAsk): Promise<Response>;
  /** Server-side, under the console's own name; "not-served" while the server does not know the kind. */
  apply(manifest: Manifest): Promise<"applied" | "not-served">;
  /** Null when there is none. */
  find(ref: ObjectRef): Promise<unknown>;
  /** Guarded by its own tests: either all is done, or nothing was changed and it is said why. */
  patch(input: PatchInput): Promise<PatchOutcome>;
  /** The object of this uid and no other, with what belongs to it; nothing when it is gone already. */
  removeExactly(input: { ref: ObjectRef; uid: string }): Promise<void>;
  /** Raw, of one namespace or of all; none when the server does not know the kind. */
  list(input: ListInput): Promise<readonly unknown[]>;
  remove(ref: ObjectRef): Promise<void>;
  /** What of the cluster's certificates is seen from outside. */
  certificates(): Promise<SeenCertificate[]>;
  /** The hash by which a node that joins knows the authority. */
  authorityPin(): Promise<string>;
  /** A kubeconfig with a certificate of its own. It is a secret. */
  issueKubeconfig(wish: CredentialWish): Promise<IssuedKubeconfig>;
  check(): Promise<CheckOutcome>;
}

const podPath = (at: { namespace: string; name: string }): string => objectPath(kindSources.Pod, at);
const podName = (at: { namespace: string; name: string }): string => `the pod ${at.namespace}/${at.name}`;

export function createClient(setting: ClientSetting): KubernetesClient {
  const call = caller(setting);
  return {
    async read(kind, at) {
      const answer = await call(`read ${kind} ${at.name}`, { path: objectPath(kindSources[kind], at) });
      const object = record(JSON.parse(await expect2xx(`read ${kind} ${at.name}`, answer)));
      const { managedFields: _bulk, ...metadata } = record(object["metadata"]);
      return { ...object, metadata };
    },
    async cordon({ node, unschedulable }) {
      const what = `${unschedulable ? "cordon" : "uncordon"} the node ${node}`;
      const path = objectPath(kindSources.Node, { namespace: "", name: node });
      await expect2xx(what, await call(what, { method: "PATCH", path, contentType: "application/merge-patch+json", body: JSON.stringify({ spec: { unschedulable } }) }));
    },
    evict: (input) => evict(call, input),
    async deletePod(at) {
      const what = `delete ${podName(at)}`;
      const options: V1DeleteOptions = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: at.uid } };
      const answer = await call(what, { method: "DELETE", path: podPath(at), body: JSON.stringify(options) });
      if (isOk(answer)) return answer.discard();
      const refusal = await refusalOf(answer);
      if (isGone(refusal)) throw new AppError("gone", `${capital(podName(at))} is already gone.`, refusal);
      throw refusalError(what, refusal);
    },
    logs: (input) => podLogs(input, setting),
    async can({ verb, resource, subresource, group, namespace }) {
      const what = "ask what the account may do";
      const review: V1SelfSubjectAccessReview = {
        apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { verb, resource, group: group ?? "", ...(subresource ? { subresource } : {}), ...(namespace ? { namespace } : {}) } },
      };
      const answer = await call(what, { method: "POST", path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body: JSON.stringify(review) });
      return record(record(JSON.parse(await expect2xx(what, answer)))["status"])["allowed"] === true;
    },
    askService: (input) => askService(input, setting),
    apply: (manifest) => applyObject(call, manifest),
    find: (ref) => findObject(call, ref),
    patch: (input) => patchObject(call, input),
    removeExactly: (input) => removeExactly(call, input),
    list: (input) => listObjects(call, input),
    remove: (ref) => removeObject(call, ref),
    certificates: () => seenCertificates(setting),
    authorityPin: () => authorityPin(setting),
    issueKubeconfig: (wish) => issueKubeconfig(call, setting, wish),
    check: () => check(setting),
  };
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Not found, or another pod has taken the name: the one that was meant is gone. The API server words it in two ways, by where it notices. */
function isGone({ status, message }: Refusal): boolean {
  return status === 404 || (status === 409 && /uid in (the )?precondition/i.test(message));
}

/** The API server asks for ten seconds when a budget blocks; kubectl waits five. */
const blockedRetryMs = 5_000;

async function evict(call: Call, input: { namespace: string; name: string; uid: string; graceSeconds?: number }): Promise<EvictionOutcome> {
  const what = `evict ${podName(input)}`;
  const eviction: V1Eviction = {
    apiVersion: "policy/v1", kind: "Eviction", metadata: { name: input.name, namespace: input.namespace },
    deleteOptions: { preconditions: { uid: input.uid }, ...(input.graceSeconds === undefined ? {} : { gracePeriodSeconds: input.graceSeconds }) },
  };
  const answer = await call(what, { method: "POST", path: `${podPath(input)}/eviction`, body: JSON.stringify(eviction) });
  if (isOk(answer)) {
    answer.discard();
    return { outcome: "evicted" };
  }
  const refusal = await refusalOf(answer);
  if (isGone(refusal)) return { outcome: "gone" };
  const twoBudgets = refusal.status === 500 && /more than one PodDisruptionBudget/i.test(refusal.message);
  if (refusal.status !== 429 && !twoBudgets) throw refusalError(what, refusal);
  return { outcome: "blocked", retryAfterMs: refusal.retryAfterMs || blockedRetryMs, say: [refusal.message, ...refusal.causes].filter((one) => one !== "").join(" ") || "A disruption budget does not allow it now." };
}

async function check({ transport, server, credentials, closing }: ClientSetting): Promise<CheckOutcome> {
  const ask = (path: string) => transport.ask({ path, signal: closing, headTimeoutMs: 8_000 });
  try {
    const nodes = await ask("/api/v1/nodes?limit=1");
    const refusal = nodes.status === 200 ? null : await refusalOf(nodes);
    if (!refusal) await bodyText(nodes, maxObjectBytes);
    if (refusal?.status === 401) return { ok: false, code: "signed-out", say: await signedOutWords(credentials) };
    if (refusal?.status === 403) return { ok: false, code: "forbidden", say: `The API server knows the account but does not let it list nodes (${refusal.message}). Bind it to the console's ClusterRole.` };
    if (refusal) return { ok: false, code: "malformed", say: `What answers at ${server} does not behave like an API server: it answered ${refusal.status} to a list of nodes.` };
    const version = await ask("/version");
    const body = record(parsed(await bodyText(version, maxObjectBytes)));
    const name = text(body["gitVersion"]);
    return name === "" ? { ok: false, code: "malformed", say: `What answers at ${server} is no Kubernetes API server: it does not tell a version.` } : { ok: true, version: name };
  } catch (thrown) {
    return { ok: false, ...networkTrouble(thrown, server) };
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return list(null);
  }
}

async function signedOutWords(credentials: Credentials | null): Promise<string> {
  const pem = await credentials?.clientCertificate();
  const endedAt = pem ? expiry(pem) : null;
  if (endedAt !== null && endedAt < Date.now()) return `The client certificate in the kubeconfig expired on ${new Date(endedAt).toISOString().slice(0, 10)}; get a new kubeconfig.`;
  return "The API server does not accept the kubeconfig's credentials; get a new kubeconfig.";
}

function expiry(pem: string): number | null {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return null;
  }
}
