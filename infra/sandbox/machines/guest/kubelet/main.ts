// A kubelet's duties without a container: health, static pods, a client certificate, the node, and KWOK to give its pods their life.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../../../control-plane/api-client.ts";
import { parseJson, textAt } from "../../../json.ts";
import { Kubelet } from "../../kubelet.ts";
import { machineStagesYaml } from "../../stages.ts";
import { actForArgoCd } from "./argo-cd.ts";
import { administratorsWay, clientPem, letKwokLook, wayToServer } from "./credentials.ts";
import { liveHostPods } from "./host-pods.ts";
import { addressOf, lookForNetwork, networkIsReady, register, sayReady } from "./node.ts";
import { readSettings, Refusal, type Settings } from "./settings.ts";
import { manifestsIn, mirror, StaticPods } from "./static-pods.ts";

const lookMs = 400;

function started(): Settings {
  try {
    return readSettings(process.argv.slice(2));
  } catch (error) {
    console.error(`E kubelet: "command failed" err="${error instanceof Error ? error.message : String(error)}"`);
    process.exit(error instanceof Refusal ? 1 : 2);
  }
}

function answerHealth(): void {
  createHttp((_, response) => { response.writeHead(200).end("ok"); }).listen(10248, "127.0.0.1");
}

async function retried<T>(what: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(1_000);
    }
  }
}

/** Containers without a network of their own may start at once; the others wait for the plugin. */
async function giveLife(api: ApiClient, settings: Settings, withNetwork: boolean): Promise<ChildProcess> {
  // A lease that the one before still holds would have it wait.
  await api.call({ method: "DELETE", path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${settings.nodeName}` }).catch(() => null);
  const pace = textAt(parseJson(readFileSync("/etc/sandbox.json", "utf8")), "pace") === "fast" ? "fast" : "real";
  mkdirSync("/run/kwok", { recursive: true });
  writeFileSync("/run/kwok/stages.yaml", machineStagesYaml(pace, withNetwork));
  return spawn("/opt/sandbox/bin/kwok", [
    "--kubeconfig", settings.kubeconfig, "--manage-single-node", settings.nodeName, "--node-lease-duration-seconds", "12", "--node-ip", addressOf(settings),
    "--server-address", "", "--v", "WARN", "--config", "/run/kwok/stages.yaml",
  ], { stdio: ["ignore", "inherit", "inherit"] });
}

function answerForPods(api: ApiClient, settings: Settings): void {
  const file = (name: string): string => (name === "ca.crt" ? "/var/lib/kubelet/pki/ca.crt" : clientPem);
  const kubelet = new Kubelet({ api, pki: { file }, node: settings.nodeName });
  createServer((socket) => kubelet.take(socket)).listen(10250, addressOf(settings));
}

async function untilNetwork(api: ApiClient, node: string): Promise<void> {
  while (!(await lookForNetwork(api, node).catch(() => false))) await sleep(lookMs);
}

async function serve(settings: Settings): Promise<void> {
  const api = await wayToServer(settings);
  const node = await retried("register", () => register(api, settings));
  const administrator = administratorsWay();
  if (administrator !== null) {
    await retried("let KWOK look", () => letKwokLook(administrator));
    void actForArgoCd(administrator);
  }
  answerForPods(api, settings);
  const keepMirrors = async (): Promise<void> => {
    for (;;) {
      await mirror(api, node, manifestsIn(settings.manifests)).catch((error: unknown) => console.error(`mirror pods: ${String(error)}`));
      await sleep(5_000);
    }
  };
  void keepMirrors();
  void liveHostPods(api, node.name);
  let life = await giveLife(api, settings, networkIsReady());
  if (!networkIsReady()) {
    await untilNetwork(api, node.name);
    await retried("node is ready", () => sayReady(api, node.name));
    life.kill("SIGKILL");
    life = await giveLife(api, settings, true);
  }
  life.once("exit", (code) => { console.error(`kwok ended with ${String(code)}`); process.exit(1); });
}

const settings = started();
answerHealth();
const pods = new StaticPods();
setInterval(() => pods.sync(manifestsIn(settings.manifests)), lookMs);
await serve(settings);
