// The console's server measured: what it sends first, what it weighs, and how long it takes to know every pod.
import { execFile } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { root } from "../../infra/dev/checkout";
import type { Figures } from "./figures";
import { aims, type Size } from "./placement-settings";
import { type Site, slug, type Started } from "./placement-site";

const run = promisify(execFile);
const rawAnswer = z.object({ pods: z.number(), bytes: z.number(), tookMs: z.number() });
const clusters = z.object({ clusters: z.array(z.object({ slug: z.string(), state: z.string() })) });
const counted = z.object({ tables: z.object({ pods: z.looseObject({}) }) });
const pollMs = 40;
const knownWithinMs = 180_000;
const settleMs = 20_000;

export const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** In a process of its own: the world's proxy lives in ours. */
async function readRaw(kubeconfig: string): Promise<z.infer<typeof rawAnswer>> {
  const { stdout } = await run(process.execPath, [path.join(root, "tests/bench/raw-watch-list.ts"), kubeconfig], { timeout: knownWithinMs });
  return rawAnswer.parse(JSON.parse(stdout));
}

/** The least of some readings: what the process needs once its garbage is gone. */
async function settledMb(started: Started): Promise<number> {
  const readings: number[] = [];
  for (const end = Date.now() + settleMs; Date.now() < end; await pauseMs(1000)) readings.push(started.rssMb());
  return Math.min(...readings);
}

export interface Measured { cookie: string; idleMb: number }

/** A console that knows no cluster: its weight, and a session to come back with. */
export async function measureIdle(site: Site): Promise<Measured> {
  const idle = await site.start(false);
  const cookie = await site.cookie();
  await pauseMs(3000);
  const idleMb = await settledMb(idle);
  await idle.stop();
  return { cookie, idleMb };
}

/** The raw stream before and after, the console between; leaves the console running. */
export async function measureStart(site: Site, input: { figures: Figures; size: Size; cookie: string }): Promise<Started> {
  const { figures, size, cookie } = input;
  await readRaw(site.world.kubeconfigPath);
  const before = await readRaw(site.world.kubeconfigPath);
  const started = await site.start(true);
  const answeredMs = Date.now() - started.startedAt;
  const knownMs = await untilKnown(site, cookie) - started.startedAt;
  const after = await readRaw(site.world.kubeconfigPath);
  const rawMs = (before.tookMs + after.tookMs) / 2;
  if (before.pods !== after.pods || Math.abs(before.pods - size.pods) > 5) throw new Error(`the raw stream tells of ${before.pods} and ${after.pods} pods`);
  figures.tell(`placement.start.raw.${size.label}`, rawMs, "ms");
  figures.tell(`placement.start.answers.${size.label}`, answeredMs, "ms");
  figures.tell(`placement.start.known.${size.label}`, knownMs, "ms");
  figures.tell(`placement.start.over-raw.${size.label}`, knownMs / rawMs, "x", aims.startOverRaw(size));
  return started;
}

async function untilKnown(site: Site, cookie: string): Promise<number> {
  for (const end = Date.now() + knownWithinMs; Date.now() < end; await pauseMs(pollMs)) {
    const answer = await fetch(`${site.url}/api/clusters`, { headers: { cookie } });
    if (!answer.ok) continue;
    if (clusters.parse(await answer.json()).clusters.some((one) => one.slug === slug && one.state === "live")) return Date.now();
  }
  throw new Error(`the console did not know all pods within ${knownWithinMs / 1000} s`);
}

export async function measureFirstData(site: Site, input: { figures: Figures; size: Size; cookie: string }): Promise<void> {
  const { figures, size, cookie } = input;
  const begun = performance.now();
  const bytes = await wireBytes(`${site.url}/api/clusters/${slug}/placement`, cookie);
  const firstMs = performance.now() - begun;
  const again = performance.now();
  await wireBytes(`${site.url}/api/clusters/${slug}/placement`, cookie);
  figures.tell(`placement.first-data.bytes.${size.label}`, bytes, "bytes", aims.firstDataBytes(size));
  figures.tell(`placement.first-data.first.${size.label}`, firstMs, "ms");
  figures.tell(`placement.first-data.again.${size.label}`, performance.now() - again, "ms");
  const plain = await fetch(`${site.url}/api/clusters/${slug}/placement`, { headers: { cookie } });
  counted.parse(await plain.json());
}

/** Bytes of the body as they come over the wire, compressed as a browser would ask. */
function wireBytes(url: string, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.get(url, { headers: { cookie, "accept-encoding": "gzip" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.on("error", reject);
      response.on("end", () => (response.statusCode === 200 && response.headers["content-encoding"] === "gzip" ? resolve(bytes) : reject(new Error(`answered ${response.statusCode}, encoded ${response.headers["content-encoding"] ?? "not at all"}`))));
    }).on("error", reject);
  });
}

export async function measureWeight(started: Started, input: { figures: Figures; size: Size; idleMb: number }): Promise<void> {
  const { figures, size, idleMb } = input;
  const servingMb = await settledMb(started);
  figures.tell(`placement.server.idle.${size.label}`, idleMb, "MB");
  figures.tell(`placement.server.over-idle.${size.label}`, servingMb - idleMb, "MB", aims.rssOverIdleMb(size));
  figures.tell(`placement.server.peak.${size.label}`, started.peakMb(), "MB");
}
