// `npm run bench -- placement-cost`: what one event costs the console in processor time and in counts, server and tab apart; no network, no database, no browser.
import { describe, expect, it } from "vitest";
import { createHub } from "@/components/live/hub";
import { createPlacementStore } from "@/components/placement/store";
import { podColumns } from "@/components/placement/table/columns";
import { createRowOrder } from "@/components/placement/table/row-order";
import { connectCluster } from "@/lib/adapters/kubernetes/cluster";
import { systemClock } from "@/lib/base/clock";
import { sseResponse } from "@/lib/base/sse";
import { createChannel, createCounter } from "@/lib/base/stream";
import { follow } from "@/lib/base/topics";
import { applyDelta, decodeTables, encodeTables } from "@/lib/placement/delta";
import { parseFilter } from "@/lib/placement/filter";
import { createProjection } from "@/lib/placement/project";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { createFigures } from "./figures";
import { writtenApi, type WrittenApi } from "./written-api";

const figures = createFigures();
const size = { nodes: 1_000, pods: 30_000 };
const rate = 200;
const seconds = 10;
const topic = "placement:bench";

const cpuMs = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const pause = (ms: number) => systemClock.sleep(ms);

/** So many events a second in pieces of ten, spread over the pods; gives how many were said. */
async function churn(api: WrittenApi): Promise<number> {
  let said = 0;
  for (let turn = 0; turn < seconds * (rate / 10); turn += 1) {
    api.restart(Array.from({ length: 10 }, () => api.pods[(said++ * 7919) % api.pods.length] ?? ""), turn + 1);
    await pause(10_000 / rate);
  }
  await pause(400);
  return said;
}

async function server() {
  const api = writtenApi(size);
  const cluster = connectCluster({ transport: api, server: "bench", credentials: null, start: true });
  while (cluster.kinds().some(({ state }) => state !== "live")) await pause(50);
  const projection = createProjection(defaultTierPolicy);
  projection.rebuild(cluster);
  const counter = createCounter("bench");
  const channel = createChannel<string>(counter, { maxChanges: 2000, maxBytes: 8e6, bytes: (text) => text.length });
  let rows = 0;
  cluster.onChange((touched) => {
    const delta = projection.touch(cluster, touched);
    if (Object.keys(delta).length === 0) return;
    rows += Object.values(delta).reduce((sum, { put, gone }) => sum + put.length + gone.length, 0);
    channel.publish(JSON.stringify(delta));
  });
  const open = (signal: AbortSignal) => sseResponse(signal, (writer) => follow(writer, {
    counter, lastSeen: "", topics: new Map([[topic, { since: () => [], subscribe: (listener) => channel.subscribe(({ n, change }) => listener(n, change)), fresh: () => JSON.stringify(cluster.freshness()), onFresh: (listener) => cluster.onState(listener) }]]),
  }));
  return { api, cluster, projection, open, rows: () => rows };
}

describe("the cost of an event at 30,000 pods and 200 events a second", () => {
  it("is told for the server and for a tab", async () => {
    const { api, cluster, projection, open, rows } = await server();
    const first = structuredClone(encodeTables(projection.tables));
    const frames: string[] = [];
    let bytes = 0;
    const hub = createHub({ open: (_url, signal) => Promise.resolve(open(signal)), clock: systemClock, random: Math.random });
    const member = hub.join((message) => {
      if (message.type !== "frame" || message.event !== "change") return;
      frames.push(message.text);
      bytes += message.text.length;
    });
    member.receive({ type: "follow", topics: [topic] });
    await pause(500);
    const busy = process.cpuUsage();
    const said = await churn(api);
    const serverMs = cpuMs(busy);
    member.leave();
    figures.tell("placement.cost.server.per-event", (1000 * serverMs) / said, "µs");
    figures.tell("placement.cost.frames", frames.length / seconds, "frames/s");
    figures.tell("placement.cost.bytes-per-event", bytes / said, "bytes");
    figures.tell("placement.cost.rows-per-event", rows() / said, "rows");
    await cluster.close();

    const store = createPlacementStore("bench");
    store.replace(decodeTables(first), "bench.0", { slug: "bench", title: "", version: null, policy: null });
    const shown = api.pods.at(-1) ?? "";
    const filter = parseFilter(`pod:${shown.slice(shown.indexOf("/") + 1)}`);
    const column = podColumns.find(({ id }) => id === "name");
    const order = createRowOrder(store, { table: "pods", filter: filter.ok ? filter.filter : null, sort: column ? { value: column.value, descending: false } : null });
    const leave = order.subscribe(() => undefined);
    expect(order.read()).toHaveLength(1);
    const tab = process.cpuUsage();
    for (const text of frames) {
      const { n, delta } = JSON.parse(text);
      store.change(n, delta);
      await pause((seconds * 1000) / frames.length);
    }
    figures.tell("placement.cost.tab.per-event", (1000 * cpuMs(tab)) / said, "µs");
    leave();
    const longest = performance.now();
    const other = decodeTables(first);
    for (const text of frames) applyDelta(other, JSON.parse(text).delta);
    figures.tell("placement.cost.tab.parse-and-put", (1000 * (performance.now() - longest)) / said, "µs");
    expect(said).toBe(rate * seconds);
  }, 300_000);
});
