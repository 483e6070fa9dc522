// What the sandbox's suites share: a world in a folder of its own, its API as its kubeconfig shows it, and waiting with a deadline.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { parseJson, textAt, type Json } from "../../infra/sandbox/json";
import type { WorldOptions } from "../../infra/sandbox/site";
import { startWorld, type World } from "../../infra/sandbox/world";

export const bare = { kwok: false, workloads: false, rollouts: false, traffic: false, prometheus: false, aws: false } satisfies WorldOptions;
export const withPods = { rollouts: false, traffic: false, prometheus: false, aws: false, pace: "fast" } satisfies WorldOptions;

export function temporaryHome(): { home: string; remove: () => void } {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-world-"));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** A world that is stopped and forgotten when the test is done. */
export async function temporaryWorld(options: WorldOptions): Promise<World & AsyncDisposable> {
  const { home, remove } = temporaryHome();
  const world = await startWorld({ home, ...options });
  return Object.assign(world, { async [Symbol.asyncDispose]() { await world.stop(); remove(); } });
}

interface Answer { status: number; text: string; body: Json }

/** Asks as a person would: with the kubeconfig, through the proxy before the API server. `cluster`: which of several, by their order in it. */
export function ask(world: Pick<World, "kubeconfigPath">, target: string, input: { method?: string; body?: Json; timeoutMs?: number; cluster?: number } = {}): Promise<Answer> {
  const config: Json = parse(readFileSync(world.kubeconfigPath, "utf8"));
  const decode = (text: string) => Buffer.from(text, "base64");
  const which = input.cluster ?? 0;
  const url = new URL(target, textAt(config, "clusters", which, "cluster", "server"));
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: input.method ?? "GET", agent: false, timeout: input.timeoutMs ?? 60_000, headers: { "content-type": "application/json" },
      ca: decode(textAt(config, "clusters", which, "cluster", "certificate-authority-data")), cert: decode(textAt(config, "users", which, "user", "client-certificate-data")), key: decode(textAt(config, "users", which, "user", "client-key-data")),
    }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => { text += chunk; }).once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text, body: text.startsWith("{") && !text.includes("}\n{") ? parseJson(text) : null }));
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.once("error", reject);
    sent.end(input.body === undefined ? undefined : JSON.stringify(input.body));
  });
}

/** Looks again and again until it is so; what was seen last is in the error when it never is. */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean, withinMs = 240_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`It did not come so within ${withinMs} ms. Last seen: ${JSON.stringify(seen).slice(0, 800)}`);
    await sleep(150);
  }
}
