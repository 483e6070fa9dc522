// Any object, of whatever kind the server has: applied server-side under the console's name, found again, and removed.
import "server-only";
import { expect2xx, isOk, type Call } from "./call";
import { list, record, text } from "./project/read";
import { refusalError, refusalOf } from "./trouble";

export interface ObjectRef { apiVersion: string; kind: string; name: string; namespace: string }
/** What has at least a kind and a name; the rest is the server's to judge. */
export interface Manifest { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string | undefined } }

export const fieldManager = "quarterdeck";

const refOf = ({ apiVersion, kind, metadata }: Manifest): ObjectRef => ({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? "" });
const groupPath = (apiVersion: string): string => (apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

/** Where objects of this kind are; null while the server does not know the kind, as with a definition that was made a moment ago. Without a name: all of the namespace, or of the cluster. */
export async function objectPathOf(call: Call, ref: ObjectRef): Promise<string | null> {
  const what = `ask for the kinds of ${ref.apiVersion}`;
  const answer = await call(what, { path: groupPath(ref.apiVersion) });
  if (answer.status === 404) {
    answer.discard();
    return null;
  }
  const resources = list(record(JSON.parse(await expect2xx(what, answer)))["resources"]).map(record);
  const served = resources.find((one) => text(one["kind"]) === ref.kind && !text(one["name"]).includes("/"));
  if (!served) return null;
  const namespace = ref.namespace || (ref.name === "" ? "" : "default");
  const within = served["namespaced"] === true && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const collection = `${groupPath(ref.apiVersion)}${within}/${text(served["name"])}`;
  return ref.name === "" ? collection : `${collection}/${encodeURIComponent(ref.name)}`;
}

/** Takes over fields that another had set: what we apply is ours, also where kubectl applied it before. */
export async function applyObject(call: Call, manifest: Manifest): Promise<"applied" | "not-served"> {
  const ref = refOf(manifest);
  const what = `apply ${ref.kind} ${ref.name}`;
  const path = await objectPathOf(call, ref);
  if (path === null) return "not-served";
  const answer = await call(what, { method: "PATCH", path: `${path}?fieldManager=${fieldManager}&force=true`, contentType: "application/apply-patch+yaml", body: JSON.stringify(manifest) });
  await expect2xx(what, answer);
  return "applied";
}

/** Null when there is no such object, or no such kind. */
export async function findObject(call: Call, ref: ObjectRef): Promise<unknown> {
  const path = await objectPathOf(call, ref);
  if (path === null) return null;
  const what = `read ${ref.kind} ${ref.name}`;
  const answer = await call(what, { path });
  if (isOk(answer)) return JSON.parse(await expect2xx(what, answer));
  const refusal = await refusalOf(answer);
  if (refusal.status === 404) return null;
  throw refusalError(what, refusal);
}

/** One that is not there is gone already. */
export async function removeObject(call: Call, ref: ObjectRef): Promise<void> {
  const path = await objectPathOf(call, ref);
  if (path === null) return;
  const what = `delete ${ref.kind} ${ref.name}`;
  const answer = await call(what, { method: "DELETE", path });
  if (answer.status === 404) return answer.discard();
  await expect2xx(what, answer);
}
