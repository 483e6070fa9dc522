// A numbered channel and the stream of many topics: nothing lost, nothing twice, and honest word when the past is gone.
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { backoffMs } from "@/lib/base/backoff";
import { frameReader, sseResponse, toFrame, type Frame } from "@/lib/base/sse";
import { createChannel, createCounter } from "@/lib/base/stream";
import { follow, freshEveryMs, type Topic } from "@/lib/base/topics";
import { channelTopic } from "@/lib/notices/channel-topic";

const small = { maxChanges: 10, maxBytes: 1000, bytes: (text: string) => text.length };

describe("a channel", () => {
  it("gives every change after a number in order, or says that it no longer can", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 60 }), fc.nat(70), (changes, from) => {
        const counter = createCounter("p");
        const channel = createChannel(counter, small);
        const published = changes.map((change) => ({ n: channel.publish(change), change }));
        const after = channel.since(from);
        const truth = published.filter(({ n }) => n > from);
        if (after === null) expect(from > counter.n || truth.length > 10 || truth.reduce((sum, { change }) => sum + change.length, 0) > 0).toBe(true);
        else expect(after).toEqual(truth);
      }),
    );
  });

  it("stays within its bytes however large the changes are", () => {
    const channel = createChannel(createCounter("p"), small);
    for (let round = 0; round < 50; round += 1) channel.publish("x".repeat(300));
    expect(channel.since(0)).toBeNull();
    expect(channel.since(47)).toHaveLength(3);
  });

  it("does not call who has left", () => {
    const channel = createChannel(createCounter("p"), small);
    const seen: number[] = [];
    const leave = channel.subscribe(({ n }) => seen.push(n));
    channel.publish("a");
    leave();
    channel.publish("b");
    expect(seen).toEqual([1]);
    expect(channel.listeners).toBe(0);
  });
});

describe("a frame", () => {
  it("reads back as it was written, whatever the text and wherever the chunks break", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(7), (texts, cut) => {
        const wire = texts.map((data) => toFrame({ event: "change", data, id: "p.1" })).join("");
        const got: Frame[] = [];
        const read = frameReader((frame) => got.push(frame));
        for (let at = 0; at < wire.length; at += cut + 1) read(wire.slice(at, at + cut + 1));
        expect(got.map(({ data }) => data)).toEqual(texts.map((text) => text.replace(/\r\n|\r/g, "\n")));
      }),
    );
  });

  it("refuses a line break in its id, where it would forge a frame", () => {
    expect(() => toFrame({ event: "change", data: "", id: "1\ndata: x" })).toThrow(RangeError);
  });
});

describe("a stream of topics", () => {
  const counter = createCounter("p");
  const channel = createChannel<string | null>(counter, { maxChanges: 100, maxBytes: 1e9, bytes: (text) => text?.length ?? 0 });
  const topic: Topic = {
    since: (n) => channel.since(n)?.map(({ n: at, change }) => ({ n: at, text: change ?? "null" })) ?? null,
    subscribe: (listener) => channel.subscribe(({ n, change }) => listener(n, change)),
    fresh: () => '"live"',
    onFresh: () => () => undefined,
  };
  const open = (lastSeen: string) => {
    const leave = new AbortController();
    const response = sseResponse(leave.signal, (writer) => follow(writer, { counter, topics: new Map([["t", topic]]), lastSeen }));
    return { leave, response };
  };
  const frames = async (response: Response, until: (all: Frame[]) => boolean): Promise<Frame[]> => {
    const all: Frame[] = [];
    const read = frameReader((frame) => frame.event !== "" && all.push(frame));
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      read(decoder.decode(chunk, { stream: true }));
      if (until(all)) break;
    }
    return all;
  };

  it("resumes after the number that the browser saw, and asks for a snapshot when the number is of another process", async () => {
    const first = channel.publish('"one"');
    channel.publish('"two"');
    const resumed = open(`p.${first}`);
    const got = await frames(resumed.response, (all) => all.some(({ event }) => event === "fresh"));
    resumed.leave.abort();
    expect(got.map(({ event, data }) => (event === "change" ? JSON.parse(data).delta : event))).toEqual(["hello", "two", "fresh"]);
    const stranger = open("q.1");
    expect((await frames(stranger.response, (all) => all.some(({ event }) => event === "fresh"))).map(({ event }) => event)).toEqual(["hello", "again", "fresh"]);
    stranger.leave.abort();
    expect(channel.listeners).toBe(0);
  });

  it("says a word each second about a topic on which nothing happens and that has no freshness of its own", () => {
    vi.useFakeTimers();
    const end = new AbortController();
    const said: string[] = [];
    const send = ({ event }: Frame) => said.push(event) > 0;
    follow({ send, signal: end.signal, close: () => end.abort() }, { counter, topics: new Map([["t", channelTopic(channel)]]), lastSeen: `p.${counter.n}` });
    vi.advanceTimersByTime(10 * freshEveryMs);
    expect(said).toEqual(["hello", ...Array.from({ length: 11 }, () => "fresh")]);
    end.abort();
    vi.advanceTimersByTime(10 * freshEveryMs);
    expect(said.length).toBe(12);
    vi.useRealTimers();
  });

  it("gives a slow reader a fresh start instead of a backlog", async () => {
    const slow = open(`p.${counter.n}`);
    const big = JSON.stringify("x".repeat(200_000));
    for (let round = 0; round < 20; round += 1) channel.publish(big);
    const got = await frames(slow.response, (all) => all.some(({ event }) => event === "again"));
    expect(got.filter(({ event }) => event === "change").length).toBeLessThan(6);
    expect(got.at(-1)?.event).toBe("again");
    slow.leave.abort();
  });
});

describe("back-off", () => {
  it("grows to its cap and never falls below half of it", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const ms = backoffMs({ baseMs: 100, capMs: 30_000 }, attempt, random);
        const ceiling = Math.min(30_000, 100 * 2 ** attempt);
        expect(ms).toBeGreaterThanOrEqual(Math.floor(ceiling / 2));
        expect(ms).toBeLessThanOrEqual(ceiling);
      }),
    );
  });
});
