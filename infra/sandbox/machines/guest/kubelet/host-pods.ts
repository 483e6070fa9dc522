// Pods that leave their container for the machine itself: a privileged one that enters the first process' namespaces runs its command here for real, as it does on a real node.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../../../control-plane/api-client.ts";
import { at, listAt, textAt, type Json, type JsonObject } from "../../../json.ts";

const lookMs = 1_000;
/** What a real kubelet keeps of a log as the message of a container that failed (terminationMessagePolicy FallbackToLogsOnError). */
const messageBytes = 2_048;
/** How each stands: it outlives the kubelet, as a container does. */
const stateDir = "/run/host-pods";

/** The words after `nsenter … --`; null for a pod that stays in its container. Without the rights that nsenter needs it would be refused. */
function commandOf(pod: Json): string[] | null {
  const container = at(pod, "spec", "containers", 0);
  const words = [...listAt(container, "command"), ...listAt(container, "args")].map(String);
  const end = words.indexOf("--");
  if (words[0] !== "nsenter" || end < 0 || at(pod, "spec", "hostPID") !== true || at(container, "securityContext", "privileged") !== true) return null;
  return words.slice(end + 1);
}

function start(home: string, command: readonly string[]): void {
  mkdirSync(home, { recursive: true });
  const keeper = 'home=$1; shift; "$@" >"$home/log" 2>&1; echo $? >"$home/.code"; mv "$home/.code" "$home/code"';
  spawn("sh", ["-c", keeper, "host-pod", home, ...command], { stdio: "ignore", detached: true, cwd: "/", env: { ...process.env, HOME: "/root" } }).unref();
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");

async function tell(api: ApiClient, pod: Json, status: JsonObject): Promise<void> {
  await api.strategic(`/api/v1/namespaces/${textAt(pod, "metadata", "namespace")}/pods/${textAt(pod, "metadata", "name")}/status`, { status });
}

async function look(api: ApiClient, pod: Json): Promise<void> {
  const command = commandOf(pod);
  if (command === null || at(pod, "metadata", "deletionTimestamp") !== undefined) return;
  const container = at(pod, "spec", "containers", 0);
  const row = { name: textAt(container, "name"), image: textAt(container, "image"), imageID: textAt(container, "image"), restartCount: 0 };
  const home = join(stateDir, textAt(pod, "metadata", "uid"));
  if (!existsSync(home)) {
    start(home, command);
    return tell(api, pod, { phase: "Running", startTime: now(), containerStatuses: [{ ...row, ready: true, started: true, state: { running: { startedAt: now() } } }] });
  }
  if (!existsSync(join(home, "code"))) return;
  const code = Number(readFileSync(join(home, "code"), "utf8"));
  const terminated = { exitCode: code, reason: code === 0 ? "Completed" : "Error", message: code === 0 ? "" : readFileSync(join(home, "log"), "utf8").slice(-messageBytes), finishedAt: now() };
  return tell(api, pod, { phase: code === 0 ? "Succeeded" : "Failed", containerStatuses: [{ ...row, ready: false, started: false, state: { running: null, terminated } }] });
}

/** The API server may be away, as when such a pod has it started anew: it is told when it is back. */
export async function liveHostPods(api: ApiClient, node: string): Promise<never> {
  for (;;) {
    const pods = await api.get(`/api/v1/pods?fieldSelector=spec.nodeName=${node}`).then((body) => listAt(body, "items"), () => []);
    const open = pods.filter((pod) => ["", "Pending", "Running"].includes(textAt(pod, "status", "phase")));
    for (const pod of open) await look(api, pod).catch((error: unknown) => console.error(`host pod: ${String(error)}`));
    await sleep(lookMs);
  }
}
