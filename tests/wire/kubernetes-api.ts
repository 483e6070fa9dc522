// A second, plain way to a test cluster's API server, so that what the adapter says is compared with what is.
import { readFileSync } from "node:fs";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";

const kubeconfig = z.object({
  "current-context": z.string().optional(),
  clusters: z.array(z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) })).min(1),
  users: z.array(z.object({ user: z.object({ "client-certificate-data": z.string(), "client-key-data": z.string() }) })).min(1),
});
const object = z.looseObject({ metadata: z.looseObject({ name: z.string(), namespace: z.string().default(""), uid: z.string(), resourceVersion: z.string() }) });
const listed = z.object({ items: z.array(object) });
export type ApiObject = z.infer<typeof object>;

export interface PlainApi {
  server: string;
  ca: string;
  call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }>;
  /** As call, but throws what is no success. */
  must(method: string, path: string, body?: object): Promise<unknown>;
  /** "ns/name" → resourceVersion, of everything in a collection. */
  versions(path: string): Promise<Map<string, string>>;
  close(): void;
}

/** `server` replaces the kubeconfig's address (to go round a proxy). */
export function plainApi(kubeconfigPath: string, options: { token?: string; server?: string } = {}): PlainApi {
  const config = kubeconfig.parse(parse(readFileSync(kubeconfigPath, "utf8")));
  const [cluster, user] = [config.clusters[0], config.users[0]];
  if (!cluster || !user) throw new Error("the kubeconfig is empty");
  const server = options.server ?? cluster.cluster.server;
  const decoded = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  const ca = decoded(cluster.cluster["certificate-authority-data"]);
  const identity = options.token ? {} : { cert: decoded(user.user["client-certificate-data"]), key: decoded(user.user["client-key-data"]) };
  const agent = new https.Agent({ keepAlive: false, ca, ...identity });
  const api: PlainApi = {
    server,
    ca,
    call: (method, path, body) =>
      new Promise((resolve, reject) => {
        const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
        const request = https.request(new URL(path, server), { method, agent, timeout: 60_000, headers: { "content-type": contentType, ...(options.token ? { authorization: `Bearer ${options.token}` } : {}) } }, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(parts).toString("utf8");
            resolve({ status: response.statusCode ?? 0, body: text.startsWith("{") ? JSON.parse(text) : text });
          });
        });
        request.on("timeout", () => request.destroy(new Error("no answer")));
        request.on("error", reject);
        request.end(body && JSON.stringify(body));
      }),
    async must(method, path, body) {
      const answer = await api.call(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
      return answer.body;
    },
    async versions(path) {
      const { items } = listed.parse(await api.must("GET", path));
      return new Map(items.map(({ metadata }) => [metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name, metadata.resourceVersion]));
    },
    close: () => agent.destroy(),
  };
  return api;
}

/** Polls until `done` holds; throws with the last state told by `tell`. */
export async function until(done: () => boolean | Promise<boolean>, options: { withinMs: number; tell: () => unknown }): Promise<void> {
  const deadline = Date.now() + options.withinMs;
  for (;;) {
    if (await done()) return;
    if (Date.now() > deadline) throw new Error(`not within ${options.withinMs} ms: ${JSON.stringify(options.tell())}`);
    await pause(50);
  }
}

export function podObject(name: string, extra: { namespace?: string; labels?: Record<string, string>; nodeName?: string; cpu?: string } = {}): object {
  return {
    apiVersion: "v1", kind: "Pod",
    metadata: { name, namespace: extra.namespace ?? "default", labels: extra.labels ?? { app: "churn" } },
    spec: { automountServiceAccountToken: false, ...(extra.nodeName ? { nodeName: extra.nodeName } : {}), containers: [{ name: "main", image: "example/main:1", resources: { requests: { cpu: extra.cpu ?? "10m" } } }] },
  };
}
