// A change of part of an object that holds only if the object is still what it was taken for, and objects of a kind that is not watched.
import "server-only";
import { expect2xx, isOk, type Call } from "./call";
import { objectPathOf, type ObjectRef } from "./apply";
import { list, record, text } from "./project/read";
import { refusalError, refusalOf, type Refusal } from "./trouble";

/** RFC 6902. */
export type PatchOperation =
  | { op: "test" | "add" | "replace"; path: string; value: unknown }
  | { op: "remove"; path: string };

export interface PatchInput {
  ref: ObjectRef;
  subresource?: string;
  /** All or none are done. */
  operations: readonly PatchOperation[];
}

/** `moved`: a test did not hold, or what was to be changed is not there; nothing was changed. */
export type PatchOutcome = { outcome: "patched"; object: unknown } | { outcome: "moved"; say: string };

export interface ListInput { apiVersion: string; kind: string; namespace?: string; labelSelector?: string; fieldSelector?: string }

export async function patchObject(call: Call, { ref, subresource, operations }: PatchInput): Promise<PatchOutcome> {
  const what = `change ${ref.kind} ${ref.name}`;
  const path = await objectPathOf(call, ref);
  if (path === null) return { outcome: "moved", say: `The cluster knows no ${ref.kind}.` };
  const answer = await call(what, { method: "PATCH", path: subresource ? `${path}/${subresource}` : path, contentType: "application/json-patch+json", body: JSON.stringify(operations) });
  if (isOk(answer)) return { outcome: "patched", object: JSON.parse(await expect2xx(what, answer)) };
  const refusal = await refusalOf(answer);
  if (hasMoved(refusal)) return { outcome: "moved", say: [...refusal.causes, refusal.message].find((one) => one !== "") ?? "" };
  throw refusalError(what, refusal);
}

/** What the patch library refuses the API server tells in this one sentence, mostly without the library's own words; a failed validation has others. */
function hasMoved({ status, message, causes }: Refusal): boolean {
  return status === 404 || (status === 422 && [message, ...causes].some((one) => /rejected our request due to an error in our request|test failed|does not apply|doc is missing/i.test(one)));
}

/** Gone already, or another of that name by now: nothing is done. */
export async function removeExactly(call: Call, { ref, uid }: { ref: ObjectRef; uid: string }): Promise<void> {
  const what = `delete ${ref.kind} ${ref.name}`;
  const path = await objectPathOf(call, ref);
  if (path === null) return;
  const body = JSON.stringify({ apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background", preconditions: { uid } });
  const answer = await call(what, { method: "DELETE", path, body });
  if (isOk(answer)) return answer.discard();
  const refusal = await refusalOf(answer);
  if (refusal.status !== 404 && refusal.status !== 409) throw refusalError(what, refusal);
}

const pageSize = 500;

export async function listObjects(call: Call, { apiVersion, kind, namespace = "", labelSelector, fieldSelector }: ListInput): Promise<readonly unknown[]> {
  const path = await objectPathOf(call, { apiVersion, kind, namespace, name: "" });
  if (path === null) return [];
  const what = `list ${kind}s`;
  const found: unknown[] = [];
  let next = "";
  do {
    const query = new URLSearchParams({ limit: String(pageSize), ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}), ...(next ? { continue: next } : {}) });
    const page = record(JSON.parse(await expect2xx(what, await call(what, { path: `${path}?${query}` }))));
    found.push(...list(page["items"]));
    next = text(record(page["metadata"])["continue"]);
  } while (next !== "");
  return found;
}
