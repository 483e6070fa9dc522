// A topic made of a numbered channel of texts, for what has no freshness of its own.
import type { Channel } from "@/lib/base/stream";
import type { Topic } from "@/lib/base/topics";

/** A null in the channel means that something may have been missed: start over from a snapshot. */
export function channelTopic(channel: Channel<string | null>): Topic {
  return {
    since(n) {
      const changes = channel.since(n);
      const texts = changes?.flatMap(({ n: at, change }) => (change === null ? [] : [{ n: at, text: change }]));
      return texts && texts.length === changes?.length ? texts : null;
    },
    subscribe: (listener) => channel.subscribe(({ n, change }) => listener(n, change)),
    // It is as fresh as the stream itself; the word each second tells a quiet topic from a dead connection.
    fresh: () => "{}",
    onFresh: () => () => undefined,
  };
}
