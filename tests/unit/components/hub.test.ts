// One stream per browser: what the hub guarantees to its tabs.
import { describe, expect, it } from "vitest";
import { createHub } from "@/components/live/hub";
import type { ToTab } from "@/components/live/messages";
import { toFrame } from "@/lib/base/sse";
import { freshEveryMs } from "@/lib/base/topics";

interface Opened { url: URL; send(event: string, data: unknown, id?: string): void; end(): void; signal: AbortSignal }

/** A clock that moves by hand: sleepers wake in the order of their times. */
function handClock() {
  let now = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const settle = async () => {
    for (let round = 0; round < 30; round++) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal) => new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { at: now + ms, wake: () => (sleepers.delete(sleeper), resolve()) };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake, { once: true });
    }),
    async pass(ms: number) {
      await settle();
      for (const end = now + ms; ; ) {
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
        now = next && next.at <= end ? next.at : end;
        if (!next || next.at > end) break;
        next.wake();
        await settle();
      }
      await settle();
    },
  };
}

function world(status: () => number = () => 200) {
  const clock = handClock();
  const opened: Opened[] = [];
  const hub = createHub({
    clock, random: () => 0,
    open: (target, signal) => {
      const encoder = new TextEncoder();
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({ start: (made) => void (controller = made) });
      signal.addEventListener("abort", () => controller?.error(new Error("aborted")), { once: true });
      opened.push({ url: new URL(target, "http://c"), signal, end: () => controller?.close(), send: (event, data, id) => controller?.enqueue(encoder.encode(toFrame(id === undefined ? { event, data: JSON.stringify(data) } : { event, data: JSON.stringify(data), id }))) });
      return Promise.resolve(new Response(status() === 200 ? body : null, { status: status() }));
    },
  });
  const tab = (...topics: string[]) => {
    const heard: ToTab[] = [];
    const member = hub.join((message) => heard.push(message));
    member.receive({ type: "follow", topics });
    return { heard, member, frames: () => heard.flatMap((message) => (message.type === "frame" ? [`${message.event} ${message.topic}`] : [])) };
  };
  const last = () => {
    const stream = opened.at(-1);
    if (!stream) throw new Error("no stream was opened");
    return stream;
  };
  return { clock, opened, tab, last };
}

const hello = { process: "p", n: 5 };

describe("the hub", () => {
  it("opens one stream for all tabs, with each topic once", async () => {
    const { clock, opened, tab } = world();
    tab("placement:a");
    tab("placement:a", "job:1");
    tab("placement:b");
    await clock.pass(50);
    expect(opened.map(({ url }) => url.searchParams.getAll("topic"))).toEqual([["job:1", "placement:a", "placement:b"]]);
  });

  it("hands a frame only to the tabs that show its topic", async () => {
    const { clock, tab, last } = world();
    const [one, other] = [tab("placement:a"), tab("placement:b")];
    await clock.pass(50);
    last().send("change", { topic: "placement:a", n: 6, delta: {} }, "p.6");
    await clock.pass(0);
    expect([one.frames(), other.frames()]).toEqual([["change placement:a"], []]);
  });

  it("sends nothing to a hidden tab, and tells it to start over when it is looked at again", async () => {
    const { clock, tab, last } = world();
    const [shown, hidden] = [tab("placement:a"), tab("placement:a")];
    await clock.pass(50);
    hidden.member.receive({ type: "visible", visible: false });
    last().send("change", { topic: "placement:a", n: 6, delta: {} }, "p.6");
    await clock.pass(50);
    expect([shown.frames(), hidden.frames()]).toEqual([["change placement:a"], []]);
    hidden.member.receive({ type: "visible", visible: true });
    expect(hidden.frames()).toEqual(["again placement:a"]);
  });

  it("does not make a tab start over that missed nothing", async () => {
    const { clock, tab } = world();
    tab("placement:a");
    const hidden = tab("placement:a");
    await clock.pass(50);
    hidden.member.receive({ type: "visible", visible: false });
    await clock.pass(50);
    hidden.member.receive({ type: "visible", visible: true });
    expect(hidden.frames()).toEqual([]);
  });

  it("closes the stream when nobody looks or all have left", async () => {
    const { clock, tab, last, opened } = world();
    const [one, other] = [tab("placement:a"), tab("placement:a")];
    await clock.pass(50);
    one.member.receive({ type: "visible", visible: false });
    other.member.receive({ type: "bye" });
    await clock.pass(50);
    expect([last().signal.aborted, opened.length]).toEqual([true, 1]);
  });

  it("resumes after a cut from the number it saw last", async () => {
    const { clock, tab, last, opened } = world();
    tab("placement:a");
    await clock.pass(50);
    expect(last().url.searchParams.get("since")).toBeNull();
    last().send("hello", hello);
    last().send("change", { topic: "placement:a", n: 7, delta: {} }, "p.7");
    await clock.pass(0);
    last().end();
    await clock.pass(400);
    expect([opened.length, last().url.searchParams.get("since")]).toEqual([2, "p.7"]);
  });

  it("does not take a number for seen while other topics may still be missing what came before it", async () => {
    const { clock, tab, last } = world();
    tab("job:1", "placement:a");
    await clock.pass(50);
    last().send("hello", hello);
    last().send("change", { topic: "job:1", n: 9, delta: {} }, "p.9");
    await clock.pass(0);
    last().end();
    await clock.pass(400);
    expect(last().url.searchParams.get("since")).toBe("p.5");
    last().send("fresh", { topic: "placement:a", freshness: {}, now: 1 });
    last().send("change", { topic: "job:1", n: 10, delta: {} }, "p.10");
    await clock.pass(0);
    last().end();
    await clock.pass(400);
    expect(last().url.searchParams.get("since")).toBe("p.10");
  });

  it("keeps a stream on which nothing happens, as long as the word comes that is promised each second", async () => {
    const { clock, tab, opened, last } = world();
    tab("jobs:all");
    await clock.pass(50);
    for (let second = 0; second < 60; second += 1) {
      last().send("fresh", { topic: "jobs:all", freshness: {}, now: second });
      await clock.pass(freshEveryMs);
    }
    expect(opened.length).toBe(1);
  });

  it.each(["placement:a", "jobs:all"])("opens anew when a connection stays open but says nothing (%s)", async (topic) => {
    const { clock, tab, opened } = world();
    tab(topic);
    await clock.pass(50);
    await clock.pass(5600);
    expect(opened.length).toBe(2);
  });

  it("tries again within three seconds however often it failed", async () => {
    const { clock, tab, opened, last } = world();
    tab("placement:a");
    await clock.pass(50);
    for (let cut = 0; cut < 12; cut++) {
      const before = opened.length;
      last().end();
      await clock.pass(2500);
      expect(opened.length).toBeGreaterThan(before);
    }
  });

  it("tells its tabs that the server refuses, and does not hammer it", async () => {
    const { clock, tab, opened } = world(() => 401);
    const { heard } = tab("placement:a");
    await clock.pass(9000);
    expect(heard).toContainEqual({ type: "refused", status: 401 });
    expect(opened.length).toBe(1);
  });
});
