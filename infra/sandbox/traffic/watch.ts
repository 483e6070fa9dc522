// Follows the cluster: lists, then watches, and lists again whenever the watch ends badly.
import { setTimeout as sleep } from "node:timers/promises";
import { at, listAt, textAt, type Json } from "../json.ts";
import { keyOf, toClaim, toIngress, toNode, toPod, toService, toWorkload, type SeenClaim, type SeenIngress, type SeenNode, type SeenPod, type SeenService, type SeenWorkload } from "./seen.ts";

/** As much of an API client as following needs. */
export interface Reader {
  get(path: string): Promise<Json>;
  watch(path: string, signal: AbortSignal): AsyncIterable<Json>;
}

export interface Picture {
  pods: ReadonlyMap<string, SeenPod>;
  nodes: ReadonlyMap<string, SeenNode>;
  claims: ReadonlyMap<string, SeenClaim>;
  services: ReadonlyMap<string, SeenService>;
  ingresses: ReadonlyMap<string, SeenIngress>;
  workloads: ReadonlyMap<string, SeenWorkload>[];
}

export interface Following { picture: Picture; synced: Promise<void> }

const retryMs = 1000;

interface Followed<T> { path: string; to: (value: Json) => T; into: Map<string, T> }

/** One pass: the list replaces all that was known, then events until the watch ends. */
async function pass<T>(reader: Reader, { path, to, into }: Followed<T>, { signal, onChange }: { signal: AbortSignal; onChange: () => void }): Promise<void> {
  const list = await reader.get(path);
  const found = new Map(listAt(list, "items").map((item) => [keyOf(item), to(item)]));
  for (const key of into.keys()) if (!found.has(key)) into.delete(key);
  for (const [key, value] of found) into.set(key, value);
  onChange();
  const version = textAt(list, "metadata", "resourceVersion");
  for await (const event of reader.watch(`${path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion=${version}`, signal)) {
    const type = textAt(event, "type");
    const object = at(event, "object") ?? null;
    if (type === "ERROR") return;
    if (type === "DELETED") into.delete(keyOf(object));
    else if (type === "ADDED" || type === "MODIFIED") into.set(keyOf(object), to(object));
    if (type !== "BOOKMARK") onChange();
  }
}

function follow<T>(reader: Reader, followed: Followed<T>, { signal, onChange }: { signal: AbortSignal; onChange: () => void }): Promise<void> {
  return new Promise((synced) => {
    const run = async (): Promise<void> => {
      while (!signal.aborted) {
        await pass(reader, followed, { signal, onChange: () => { synced(); onChange(); } }).catch(() => undefined);
        if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
      synced();
    };
    void run();
  });
}

export function followCluster(reader: Reader, { signal, onChange }: { signal: AbortSignal; onChange: () => void }): Following {
  const pods = new Map<string, SeenPod>();
  const nodes = new Map<string, SeenNode>();
  const claims = new Map<string, SeenClaim>();
  const services = new Map<string, SeenService>();
  const ingresses = new Map<string, SeenIngress>();
  const workloads = (["Deployment", "StatefulSet", "DaemonSet"] as const).map((kind) => ({ kind, into: new Map<string, SeenWorkload>() }));
  const ways = { signal, onChange };
  const all = [
    follow(reader, { path: "/api/v1/pods", to: toPod, into: pods }, ways),
    follow(reader, { path: "/api/v1/nodes", to: toNode, into: nodes }, ways),
    follow(reader, { path: "/api/v1/persistentvolumeclaims", to: toClaim, into: claims }, ways),
    follow(reader, { path: "/api/v1/services", to: toService, into: services }, ways),
    follow(reader, { path: "/apis/networking.k8s.io/v1/ingresses", to: toIngress, into: ingresses }, ways),
    ...workloads.map(({ kind, into }) => follow(reader, { path: `/apis/apps/v1/${kind.toLowerCase()}s`, to: toWorkload(kind), into }, ways)),
  ];
  return { picture: { pods, nodes, claims, services, ingresses, workloads: workloads.map(({ into }) => into) }, synced: Promise.all(all).then(() => undefined) };
}
