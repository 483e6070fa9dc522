// The kubelets of a cluster: KWOK with our own stages, and the order to lose a machine and to get it back.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../control-plane/api-client.ts";
import { at, listAt, textAt, type JsonObject } from "../json.ts";
import { supervise, type Child } from "../process.ts";
import { managedAnnotation } from "./nodes.ts";
import { stagesYaml, type Pace } from "./stages.ts";

/** How long a machine may be silent before KWOK's own renewal counts as missed. */
const leaseSeconds = 12;
const lostHolder = "sandbox-lost-machine";

export interface Kubelets {
  child: Child;
  lost(): string[];
  /** The machine falls silent: no heartbeat, no pod on it changes or ends any more. */
  lose(node: string): Promise<void>;
  restore(node: string): Promise<void>;
}

export interface KubeletsInput { program: string; api: ApiClient; kubeconfig: string; dir: string; large: boolean; pace: Pace }

function leasePath(node: string): string { return `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`; }

/**
 * KWOK acts for a node only while it holds the node's Lease. Held by another and not expiring, the node is nobody's:
 * the node controller sees no renewal, and KWOK touches neither the node nor its pods.
 */
async function takeLease(api: ApiClient, node: string): Promise<void> {
  const now = new Date().toISOString().replace("Z", "000Z");
  const spec = { holderIdentity: lostHolder, leaseDurationSeconds: 2_000_000_000, renewTime: now };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const answer = await api.call({ method: "PATCH", path: leasePath(node), body: { spec }, contentType: "application/merge-patch+json" });
    if (answer.status === 200) {
      // A renewal under way at the same moment would have been refused by its version or have come after: look once more.
      await sleep(150);
      if (textAt(await api.get(leasePath(node)), "spec", "holderIdentity") === lostHolder) return;
    } else if (answer.status === 404) await sleep(500);
    else throw new Error(`The lease of ${node} could not be taken: ${answer.text.slice(0, 200)}`);
  }
  throw new Error(`The lease of ${node} could not be taken.`);
}

async function expireLease(api: ApiClient, node: string): Promise<void> {
  const spec: JsonObject = { leaseDurationSeconds: 1, renewTime: "2020-01-01T00:00:00.000000Z" };
  await api.merge(leasePath(node), { spec });
}

/** Leases that another run of the sandbox left behind would keep its nodes unserved until they expire. */
async function expireLeftBehind(api: ApiClient): Promise<string[]> {
  const lost: string[] = [];
  const leases = await api.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases?limit=200");
  for (const lease of listAt(leases, "items")) {
    const node = textAt(lease, "metadata", "name");
    if (at(lease, "spec", "holderIdentity") === lostHolder) lost.push(node);
    else await expireLease(api, node);
  }
  return lost;
}

export async function startKubelets(input: KubeletsInput): Promise<Kubelets> {
  const lost = new Set(await expireLeftBehind(input.api));
  mkdirSync(input.dir, { recursive: true });
  const stages = join(input.dir, "stages.yaml");
  writeFileSync(stages, stagesYaml(input.pace));
  const child = supervise({
    name: "kwok", command: input.program, logPath: join(input.dir, "kwok.log"), stopSignal: "SIGKILL", restarts: { limit: 5, withinMs: 60_000 },
    args: [
      "--kubeconfig", input.kubeconfig, "--manage-nodes-with-annotation-selector", `${managedAnnotation}=yes`,
      "--node-lease-duration-seconds", String(input.large ? 40 : leaseSeconds), "--server-address", "", "--v", "WARN",
      "--config", stages,
    ],
  });
  child.start();
  return {
    child,
    lost: () => [...lost],
    lose: async (node) => {
      await takeLease(input.api, node);
      lost.add(node);
    },
    restore: async (node) => {
      lost.delete(node);
      await expireLease(input.api, node);
    },
  };
}
