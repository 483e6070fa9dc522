// How many views of a status page one console serves, with the load generator on the same cores: pages and JSON, each answer whole and right.
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildConsole } from "../../infra/dev/build";
import { freePort, withoutRealThings } from "../../infra/dev/checkout";
import { startConsole } from "../../infra/dev/console";
import { connect } from "@/lib/adapters/database/client";
import { assemble } from "@/lib/status/assemble";
import { dayMs, historyOf } from "@/lib/status/history";
import { startTestServer } from "../fixtures/database";
import { percentile, type Figures } from "./figures";

const cluster = "prod";
const warmMs = 3_000;
const measuredMs = 15_000;
const connections = 24;

/** Fifteen services with ninety days each, as many as the picture shows. */
function documentOf(now: number): string {
  const services = Array.from({ length: 15 }, (_, n) => {
    const history = historyOf([{ state: "operational", reason: "", from: now - 80 * dayMs, to: now - n * dayMs - 3_600_000 }, { state: "major", reason: "None of 2 ready", from: now - n * dayMs - 3_600_000, to: now - n * dayMs }, { state: "operational", reason: "", from: now - n * dayMs, to: null }], now);
    const tier = ([1, 2, 3, 4] as const)[n % 4] ?? 1;
    return { id: `team-${n}/service-${n}`, name: `service-${n}`, tier, version: `2.${n}.1`, at: now - n * 3_600_000, as: "", rollout: null, standing: { state: "operational" as const, reason: "", from: now - dayMs, seenAt: now, doubt: null }, history };
  });
  const queues = ["q.api", "q.ai", "q.batch", "q.sched", "q.dlq"].map((name) => ({ name, waiting: 3, warnAt: 500, state: "fine" as const, say: "steady", consumers: 3, points: Array.from({ length: 73 }, (_, n) => n) }));
  return JSON.stringify(assemble({ cluster, title: "sesac-prod", now, services, queues, queuesSay: "", incidents: [], maintenance: [], freezes: [], changes: [] }));
}

export async function measureStatus(figures: Figures): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-status-bench-"));
  const server = await startTestServer();
  await buildConsole();
  const database = await server.fresh();
  const client = connect(database);
  const port = await freePort();
  const environment = { ...withoutRealThings(process.env), NODE_ENV: "production", QUARTERDECK_HOME: home, QUARTERDECK_URL: `http://localhost:${port}`, DATABASE_URL: server.asConsole(database) };
  const served = await startConsole({ port, environment, logFile: path.join(home, "console.log") });
  try {
    await client.statusPage.create({ data: { cluster, published: true, audience: "public", title: "sesac-prod", changedBy: "bench" } });
    // Written anew while it is measured, as the console itself would.
    const write = async () => {
      const row = { at: new Date(), etag: crypto.randomUUID(), document: documentOf(Date.now()) };
      await client.statusSnapshot.upsert({ where: { cluster }, create: { cluster, ...row }, update: row });
    };
    await write();
    const writer = setInterval(() => void write(), 5_000);
    for (const [name, address, aim, holds] of [["status-page", `/status/${cluster}`, 500, "All services are up."], ["status-json", `/status/${cluster}.json`, 2_000, '"version":1']] as const) {
      await load(port, address, { forMs: warmMs, holds });
      const { perSecond, tookMs, wrong } = await load(port, address, { forMs: measuredMs, holds });
      figures.tell(`${name}-per-second`, perSecond, "per s", { op: ">=", value: aim });
      figures.tell(`${name}-p99`, percentile(tookMs, 0.99), "ms", { op: "<=", value: 100 });
      figures.tell(`${name}-wrong-answers`, wrong, "answers", { op: "<=", value: 0 });
    }
    clearInterval(writer);
  } finally {
    await served.stop();
    await client.$disconnect();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function load(port: number, address: string, { forMs, holds }: { forMs: number; holds: string }): Promise<{ perSecond: number; tookMs: number[]; wrong: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs: number[] = [];
  let wrong = 0;
  const begun = performance.now();
  const until = begun + forMs;
  const once = () => new Promise<void>((resolve, reject) => {
    const at = performance.now();
    request({ host: "127.0.0.1", port, path: address, agent }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        tookMs.push(performance.now() - at);
        // Reading every body whole as text would measure the generator.
        if (answer.statusCode !== 200 || (tookMs.length % 50 === 0 && !Buffer.concat(parts).includes(holds))) wrong += 1;
        resolve();
      });
    }).on("error", reject).end();
  });
  await Promise.all(Array.from({ length: connections }, async () => {
    while (performance.now() < until) await once();
  }));
  agent.destroy();
  return { perSecond: tookMs.length / ((performance.now() - begun) / 1000), tookMs, wrong };
}
