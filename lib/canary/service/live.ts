// What follows the canaries of a cluster: a word that something has changed, from the database and from the cluster; the pictures are asked for.
import "server-only";
import { listen } from "@/lib/adapters/database/listen";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { createChannel, type Channel } from "@/lib/base/stream";
import { connectionFor } from "@/lib/clusters/connections";
import { channelTopic } from "@/lib/notices/channel-topic";
import { liveCounter, offerTopics } from "@/lib/notices/service";
import { keep } from "@/lib/runtime";

/** The payload is the cluster. Sent by the trigger of migration 0010. */
const changedChannel = "quarterdeck_canary";

interface Hub { follow(cluster: string): Channel<string | null> }

function openHub(): Hub {
  const channels = new Map<string, { channel: Channel<string | null>; handle: ClusterHandle }>();
  const past = { maxChanges: 50, maxBytes: 16 * 1024, bytes: (text: string | null) => text?.length ?? 4 };
  listen(changedChannel, (cluster) => channels.get(cluster)?.channel.publish("{}"), { onReady: () => channels.forEach(({ channel }) => channel.publish(null)) });
  return {
    follow(cluster) {
      const handle = connectionFor(cluster);
      const known = channels.get(cluster);
      if (known?.handle === handle) return known.channel;
      const channel = known?.channel ?? createChannel<string | null>(liveCounter(), past);
      handle.onChange((touched) => touched.some(({ kind }) => kind === "Rollout") && channel.publish("{}"));
      channels.set(cluster, { channel, handle });
      return channel;
    },
  };
}

/** Lets browsers follow `canary:<slug>`. */
export function offerCanaryTopics(): void {
  offerTopics({ prefix: "canary", permission: "cluster.read", open: (cluster) => channelTopic(keep("canary.hub", openHub).follow(cluster)) });
}
