// Static pods: what the manifests name is run as processes of the machine, and shown to the API server as mirror pods.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ApiClient } from "../../../control-plane/api-client.ts";
import { at, isObject, listAt, parseJson, numberAt, textAt, type Json, type JsonObject } from "../../../json.ts";

interface Manifest { name: string; hash: string; pod: JsonObject }

/** Where it is remembered what runs: a kubelet that starts again finds its containers as it left them. */
const stateDir = "/run/static-pods";

export function manifestsIn(folder: string): Manifest[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => /^[^.].*\.ya?ml$/.test(file)).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    // Read in the moment it is being written, it is read again.
    const pod: Json = parse(text);
    return isObject(pod) && textAt(pod, "metadata", "name") !== "" ? [{ name: textAt(pod, "metadata", "name"), hash: createHash("md5").update(text).digest("hex"), pod }] : [];
  });
}

function stateFile(name: string): string { return join(stateDir, `${name}.json`); }

function runningNow(): Map<string, { pid: number; hash: string }> {
  const found = new Map<string, { pid: number; hash: string }>();
  for (const file of existsSync(stateDir) ? readdirSync(stateDir) : []) {
    const state = parseJson(readFileSync(join(stateDir, file), "utf8"));
    const pid = numberAt(state, "pid");
    // A zombie has no command line any more.
    if (existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "") found.set(file.replace(/\.json$/, ""), { pid, hash: textAt(state, "hash") });
    else rmSync(join(stateDir, file), { force: true });
  }
  return found;
}

function run({ name, hash, pod }: Manifest): void {
  const container = at(pod, "spec", "containers", 0);
  const words = [...listAt(container, "command"), ...listAt(container, "args")].map(String);
  const [command, ...args] = words;
  if (command === undefined) return;
  mkdirSync("/var/log/pods", { recursive: true });
  mkdirSync(stateDir, { recursive: true });
  const log = openSync(`/var/log/pods/${name}.log`, "a");
  const environment = Object.fromEntries(listAt(container, "env").map((row) => [textAt(row, "name"), textAt(row, "value")]));
  // A session of its own: the end of the kubelet is not the end of its containers.
  const child = spawn(command, args, { stdio: ["ignore", log, log], detached: true, env: { ...process.env, PATH: `${process.env.PATH ?? ""}:/opt/sandbox/bin`, ...environment } });
  child.on("error", (error) => console.error(`${name} could not be started: ${error.message}`));
  child.unref();
  if (child.pid !== undefined) writeFileSync(stateFile(name), JSON.stringify({ pid: child.pid, hash }));
}

/** Brings what runs in line with the manifests; one that ended by itself waits for its back-off. */
export class StaticPods {
  private readonly restarts = new Map<string, { count: number; notBeforeMs: number }>();

  sync(manifests: readonly Manifest[]): void {
    const running = runningNow();
    for (const [name, { pid, hash }] of running) {
      if (manifests.some((one) => one.name === name && one.hash === hash)) continue;
      process.kill(pid, "SIGTERM");
      running.delete(name);
      rmSync(stateFile(name), { force: true });
      this.restarts.delete(name);
    }
    for (const manifest of manifests) if (!running.has(manifest.name)) this.start(manifest);
  }

  private start(manifest: Manifest): void {
    const before = this.restarts.get(manifest.name) ?? { count: 0, notBeforeMs: 0 };
    if (Date.now() < before.notBeforeMs) return;
    this.restarts.set(manifest.name, { count: before.count + 1, notBeforeMs: Date.now() + Math.min(1_000 * 2 ** before.count, 60_000) });
    run(manifest);
  }
}

export async function mirror(api: ApiClient, node: { name: string; uid: string }, manifests: readonly Manifest[]): Promise<void> {
  for (const { hash, pod } of manifests) {
    const metadata = at(pod, "metadata");
    const namespace = textAt(metadata, "namespace") || "default";
    await api.ensure(`/api/v1/namespaces/${namespace}/pods`, {
      ...pod,
      metadata: {
        ...(isObject(metadata) ? metadata : {}), name: `${textAt(metadata, "name")}-${node.name}`, namespace,
        annotations: { ...labelled(at(metadata, "annotations")), "kubernetes.io/config.hash": hash, "kubernetes.io/config.mirror": hash, "kubernetes.io/config.seen": new Date().toISOString(), "kubernetes.io/config.source": "file" },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: node.name, uid: node.uid, controller: true }],
      },
      spec: { ...labelled(at(pod, "spec")), nodeName: node.name, tolerations: [{ operator: "Exists", effect: "NoExecute" }] },
    });
  }
}

function labelled(value: Json | undefined): JsonObject { return isObject(value) ? value : {}; }
