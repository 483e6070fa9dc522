// Records as they change, to every open page: one ear at the database per process, whichever console wrote.
import "server-only";
import { listen } from "@/lib/adapters/database/listen";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { createChannel, type Channel } from "@/lib/base/stream";
import type { Topic } from "@/lib/base/topics";
import { connectionFor } from "@/lib/clusters/connections";
import { channelTopic } from "@/lib/notices/channel-topic";
import { liveCounter, offerTopics } from "@/lib/notices/service";
import { database, keep } from "@/lib/runtime";
import { recorderOf } from "../loops";
import { recordWithClusters } from "./query";

/** The payload is the record's number. Sent by the trigger of migration 0012. */
const changedChannel = "quarterdeck_deployment";
/** A rollout moves with every pod; each word carries where it then is. */
const gatherMs = 200;
const past = { maxChanges: 300, maxBytes: 1024 * 1024, bytes: (text: string | null) => text?.length ?? 4 };

function openHub(): Map<string, Channel<string | null>> {
  const channels = new Map<string, Channel<string | null>>();
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = async () => {
    timer = undefined;
    const ids = [...waiting];
    waiting.clear();
    for (const id of ids) {
      const found = await recordWithClusters(database(), id);
      for (const slug of found?.clusters ?? []) channels.get(slug)?.publish(JSON.stringify({ record: found?.record }));
    }
  };
  const startOver = () => channels.forEach((channel) => channel.publish(null));
  listen(changedChannel, (id) => {
    if (channels.size === 0) return;
    waiting.add(id);
    timer ??= setTimeout(() => void tell().catch((thrown: unknown) => {
      log.warn({ cause: causeText(thrown) }, "changed deployments could not be told");
      startOver();
    }), gatherMs);
  }, { onReady: startOver });
  return channels;
}

function topicOf(slug: string): Topic {
  connectionFor(slug);
  const channels = keep("deployments.hub", openHub);
  const channel = channels.get(slug) ?? createChannel<string | null>(liveCounter(), past);
  channels.set(slug, channel);
  return {
    ...channelTopic(channel),
    fresh: () => JSON.stringify(recorderOf(slug)?.state() ?? { state: "starting", say: "The cluster is not followed yet.", since: Date.now() }),
    onFresh: (listener) => recorderOf(slug)?.onState(listener) ?? (() => undefined),
  };
}

/** Lets browsers follow `deployments:<slug>`. */
export function offerDeploymentTopics(): void {
  offerTopics({ prefix: "deployments", permission: "cluster.read", open: topicOf });
}
