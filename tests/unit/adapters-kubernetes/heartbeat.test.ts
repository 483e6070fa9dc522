// How the word of freshness stands when a cluster is first read: once live, it does not take that back without cause.
import { describe, expect, it } from "vitest";
import { connectCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Transport } from "@/lib/adapters/kubernetes/transport";
import { FakeApi, fairWeather } from "./fake-api";
import { seeded, virtualClock, type VirtualClock } from "./virtual-clock";

interface Watched { api: FakeApi; cluster: ClusterHandle; clock: VirtualClock; states: string[]; asked: string[] }

function watch(seed: number, transportOver: (api: FakeApi, clock: VirtualClock) => Transport): Watched {
  const random = seeded(seed);
  const clock = virtualClock();
  const api = new FakeApi(random, clock);
  const under = transportOver(api, clock);
  const asked: string[] = [];
  const transport: Transport = { close: () => under.close(), ask: (ask) => (asked.push(ask.path.split("?")[0] ?? ""), under.ask(ask)) };
  const cluster = connectCluster({ transport, server: "https://fake", credentials: null, start: true }, { clock, random });
  const states: string[] = [];
  cluster.onState(() => {
    const { state } = cluster.freshness();
    if (states.at(-1) !== state) states.push(state);
  });
  return { api, cluster, clock, states, asked };
}

const streams = (asked: readonly string[]) => asked.filter((path) => path === "/api/v1/pods" || path === "/api/v1/nodes").length;

describe("freshness of a first reading", () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))("does not open anew what came up after a server that was not there at first (seed %i)", async (seed) => {
    const { api, cluster, clock, states, asked } = watch(seed, (under) => under);
    api.put("pod-1", {});
    api.weather = { ...fairWeather, down: true };
    await clock.pass(200 + seed * 37);
    api.weather = { ...fairWeather };
    for (let n = 0; n < 400 && cluster.freshness().state !== "live"; n += 1) await clock.pass(25);
    const opened = streams(asked);
    await clock.pass(20_000);
    expect(states.slice(states.indexOf("live"))).toEqual(["live"]);
    expect(streams(asked)).toBe(opened);
    await cluster.close();
  });

  it("takes a probe that our own haste let go unanswered for no sign against streams that speak", async () => {
    let probes = 0;
    const { api, cluster, clock, states, asked } = watch(3, (under, time) => ({
      close: () => under.close(),
      async ask(ask) {
        if (ask.path !== "/readyz" || ++probes > 3) return under.ask(ask);
        await time.sleep(ask.headTimeoutMs, ask.signal);
        throw new Error("no answer");
      },
    }));
    for (let n = 0; n < 60; n += 1) {
      api.put(`pod-${n}`, {});
      await clock.pass(100);
    }
    const opened = streams(asked);
    await clock.pass(20_000);
    expect(states.slice(states.indexOf("live"))).toEqual(["live"]);
    expect(streams(asked)).toBe(opened);
    expect(opened).toBe(2);
    await cluster.close();
  });

  it("still opens anew a stream that said nothing after a stall", async () => {
    const { api, cluster, clock, asked } = watch(5, (under) => under);
    await clock.pass(5_000);
    const opened = streams(asked);
    api.weather = { ...fairWeather, stalled: true };
    await clock.pass(10_000);
    api.resume();
    await clock.pass(5_000);
    expect(cluster.freshness().state).toBe("live");
    expect(streams(asked)).toBeGreaterThan(opened);
    await cluster.close();
  });
});
