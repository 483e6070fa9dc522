// The real scheduler as an oracle: a control plane without controllers, whose every object we know because we put it there.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projections } from "@/lib/adapters/kubernetes/kinds";
import type { Kind, ObjectsByKind, PodObject } from "@/lib/adapters/kubernetes/objects";
import { createPools } from "@/lib/adapters/kubernetes/project/pools";
import { pictureOf, type Picture } from "@/lib/placement/picture";
import { ApiClient } from "../../infra/sandbox/control-plane/api-client.ts";
import { at, isObject, listAt, textAt, type Json, type JsonObject } from "../../infra/sandbox/json.ts";
import { startWorld, type World } from "../../infra/sandbox/world.ts";

/** null: it stays pending, and this is the scheduler's sentence. */
export interface Decision { node: string | null; message: string }

const kubeconfig = z.object({
  clusters: z.array(z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": z.string() }) })).min(1),
  users: z.array(z.object({ user: z.object({ "client-certificate-data": z.string(), "client-key-data": z.string() }) })).min(1),
});

export class Oracle {
  readonly api: ApiClient;
  readonly #world: World;
  readonly #home: string;
  readonly #end = new AbortController();
  readonly #pools = createPools();
  /** "Kind/ns/name" → the object as the API server last gave it to us. */
  readonly #known = new Map<string, ObjectsByKind[Kind]>();
  readonly #waiting = new Map<string, (decision: Decision) => void>();
  readonly #watches: Promise<void>[] = [];
  /** Uids of removed pods. */
  readonly #gone = new Set<string>();

  private constructor(world: World, home: string, api: ApiClient) {
    this.#world = world;
    this.#home = home;
    this.api = api;
  }

  static async start(): Promise<Oracle> {
    const home = mkdtempSync(join(tmpdir(), "parity-"));
    const world = await startWorld({ home, scenario: "empty", kwok: false, controllers: false, workloads: false });
    const config = kubeconfig.parse(parse(readFileSync(world.kubeconfigPath, "utf8")));
    const decoded = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString("utf8");
    const cluster = config.clusters[0]?.cluster;
    const user = config.users[0]?.user;
    const api = new ApiClient(new URL(cluster?.server ?? "").hostname, { ca: decoded(cluster?.["certificate-authority-data"]), cert: decoded(user?.["client-certificate-data"]), key: decoded(user?.["client-key-data"]) });
    const oracle = new Oracle(world, home, api);
    await oracle.#prepare();
    return oracle;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#watches);
    this.api.close();
    await this.#world.stop();
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    await this.api.delete("/api/v1/nodes");
    await this.api.delete("/apis/storage.k8s.io/v1/csinodes");
    this.#watches.push(this.#watch("/api/v1/pods", (object) => this.#podSeen(object)));
    this.#watches.push(this.#watch("/api/v1/persistentvolumeclaims", (object) => this.#claimSeen(object)));
    this.#watches.push(this.#watch("/api/v1/persistentvolumes", (object) => this.#volumeSeen(object)));
  }

  async #watch(path: string, seen: (object: Json) => Promise<void> | void): Promise<void> {
    const from = textAt(await this.api.get(path), "metadata", "resourceVersion");
    try {
      for await (const event of this.api.watch(`${path}?watch=1&timeoutSeconds=3600&resourceVersion=${from}`, this.#end.signal)) {
        const object = at(event, "object");
        if (object !== undefined && (textAt(event, "type") === "ADDED" || textAt(event, "type") === "MODIFIED")) await seen(object);
      }
    } catch (error) {
      if (!this.#end.signal.aborted) throw error;
    }
  }

  #podSeen(object: Json): void {
    const key = `${textAt(object, "metadata", "namespace")}/${textAt(object, "metadata", "name")}`;
    const node = textAt(object, "spec", "nodeName");
    const scheduled = listAt(object, "status", "conditions").find((condition) => textAt(condition, "type") === "PodScheduled");
    const message = scheduled !== undefined && textAt(scheduled, "status") === "False" ? textAt(scheduled, "message") : "";
    if ((node === "" && message === "") || this.#gone.has(textAt(object, "metadata", "uid"))) return;
    if (node !== "") this.remember("Pod", object);
    this.#waiting.get(key)?.({ node: node === "" ? null : node, message });
    this.#waiting.delete(key);
  }

  /** Acts as provisioner and binder: a claim whose node the scheduler chose gets a volume there. */
  async #claimSeen(object: Json): Promise<void> {
    const chosen = textAt(object, "metadata", "annotations", "volume.kubernetes.io/selected-node");
    const [namespace, name] = [textAt(object, "metadata", "namespace"), textAt(object, "metadata", "name")];
    if (chosen === "" || textAt(object, "spec", "volumeName") !== "") return;
    const volume = `made-${namespace}-${name}`;
    await this.put("PersistentVolume", "/api/v1/persistentvolumes", {
      apiVersion: "v1", kind: "PersistentVolume", metadata: { name: volume },
      spec: { capacity: { storage: "3Gi" }, accessModes: ["ReadWriteOnce"], storageClassName: textAt(object, "spec", "storageClassName"), persistentVolumeReclaimPolicy: "Retain", csi: { driver: "disk.parity.example", volumeHandle: volume }, claimRef: { kind: "PersistentVolumeClaim", namespace, name, uid: textAt(object, "metadata", "uid") } },
    });
    await this.#bind({ namespace, name, volume });
  }

  /** Acts as binder: a volume that the scheduler gave to a claim is bound to it. */
  async #volumeSeen(object: Json): Promise<void> {
    const [namespace, name] = [textAt(object, "spec", "claimRef", "namespace"), textAt(object, "spec", "claimRef", "name")];
    if (textAt(object, "status", "phase") !== "Available" || name === "") return;
    await this.patch("PersistentVolume", `/api/v1/persistentvolumes/${textAt(object, "metadata", "name")}/status`, { status: { phase: "Bound" } });
    await this.#bind({ namespace, name, volume: textAt(object, "metadata", "name") });
  }

  async #bind({ namespace, name, volume }: { namespace: string; name: string; volume: string }): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;
    await this.patch("PersistentVolumeClaim", path, { metadata: { annotations: { "pv.kubernetes.io/bind-completed": "yes" } }, spec: { volumeName: volume } });
    await this.patch("PersistentVolumeClaim", `${path}/status`, { status: { phase: "Bound" } });
  }

  remember<K extends Kind>(kind: K, object: Json): ObjectsByKind[K] {
    const projected = projections[kind](isObject(object) ? object : {}, this.#pools);
    this.#known.set(`${kind}/${projected.namespace}/${projected.name}`, projected);
    return projected;
  }

  forget(kinds: readonly Kind[]): void {
    for (const key of this.#known.keys()) if (kinds.some((kind) => key.startsWith(`${kind}/`))) this.#known.delete(key);
  }

  /** Gone at once. The scheduler may have placed it in the very moment; what the watch still tells of it is then no longer true. */
  async remove(pod: { namespace: string; name: string }): Promise<void> {
    const gone = await this.api.delete(`/api/v1/namespaces/${pod.namespace}/pods/${pod.name}?gracePeriodSeconds=0`);
    this.#gone.add(textAt(gone, "metadata", "uid") || textAt(gone, "details", "uid"));
    this.#known.delete(`Pod/${pod.namespace}/${pod.name}`);
  }

  forgetNode(name: string): void {
    this.#known.delete(`Node//${name}`);
  }

  async put<K extends Kind>(kind: K, path: string, body: JsonObject): Promise<ObjectsByKind[K]> {
    return this.remember(kind, await this.api.create(path, body));
  }

  async patch(kind: Kind, path: string, body: JsonObject): Promise<void> {
    this.remember(kind, await this.api.merge(path, body));
  }

  picture(): Picture {
    return pictureOf(this.#known.values());
  }

  /** What the API server made of the pod (defaults and all), the picture in which the scheduler then decides, and what it decided. */
  async submit(body: JsonObject): Promise<{ pod: PodObject; before: Picture; decision: Decision }> {
    const key = `${textAt(body, "metadata", "namespace")}/${textAt(body, "metadata", "name")}`;
    const before = this.picture();
    const decided = new Promise<Decision>((resolve) => this.#waiting.set(key, resolve));
    const created = await this.api.create(`/api/v1/namespaces/${textAt(body, "metadata", "namespace")}/pods`, body);
    const pod = projections.Pod(isObject(created) ? created : {}, this.#pools);
    const late = AbortSignal.timeout(30_000);
    const decision = await Promise.race([decided, new Promise<never>((_, reject) => late.addEventListener("abort", () => reject(new Error(`the scheduler said nothing about ${key} in 30 s: ${JSON.stringify(body)}`))))]);
    return { pod, before, decision };
  }
}
