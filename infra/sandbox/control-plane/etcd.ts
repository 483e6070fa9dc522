// The store under all clusters of a world: one etcd, a prefix per cluster; and its gateway for what the API cannot do.
import { Agent, request } from "node:http";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { numberAt, parseJson, textAt, type Json } from "../json.ts";
import { supervise, type Child } from "../process.ts";

export interface Etcd {
  child: Child;
  url: string;
  ready(signal?: AbortSignal): Promise<void>;
  post(path: string, body: object): Promise<Json>;
  /** Forgets all revisions before now: a watch from an old one gets 410 once the API server has no cache of it either. */
  compact(): Promise<number>;
}

export function makeEtcd(input: { program: string; address: string; dir: string }): Etcd {
  const dataDir = join(input.dir, "data");
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const url = `http://${input.address}:2379`;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const child = supervise({
    name: "etcd", command: input.program, logPath: join(input.dir, "etcd.log"), stopGraceMs: 3_000,
    args: [
      "--name", "sandbox", "--data-dir", dataDir, "--unsafe-no-fsync", "--quota-backend-bytes", "8589934592",
      "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", "http://127.0.0.1:0",
      "--snapshot-count", "10000", "--log-level", "error",
    ],
  });

  const post = (path: string, body: object): Promise<Json> => new Promise((resolve, reject) => {
    const payload = Buffer.from(JSON.stringify(body));
    const sent = request(`${url}${path}`, { method: "POST", agent, headers: { "content-type": "application/json", "content-length": payload.length }, timeout: 60_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode === 200) resolve(parseJson(text));
        else reject(new Error(`etcd answered ${response.statusCode ?? 0} to ${path}: ${text.slice(0, 200)}`));
      });
    });
    sent.once("error", reject);
    sent.once("timeout", () => sent.destroy(new Error(`etcd did not answer to ${path} in time`)));
    sent.end(payload);
  });

  const revision = async (): Promise<number> => {
    const status = await post("/v3/maintenance/status", {});
    return Number(textAt(status, "header", "revision")) || numberAt(status, "header", "revision");
  };

  return {
    child, url, post,
    async ready(signal) {
      const deadline = Date.now() + 30_000;
      for (;;) {
        signal?.throwIfAborted();
        if (await revision().catch(() => 0) > 0) return;
        if (Date.now() > deadline) throw new Error(`etcd did not come up. ${child.tail(3)}`);
        await sleep(40, undefined, { signal });
      }
    },
    async compact() {
      const now = await revision();
      await post("/v3/kv/compaction", { revision: String(now), physical: true });
      return now;
    },
  };
}
