// The live picture of each cluster: one projection for all viewers, a numbered channel of its changes.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { createChannel, type Channel } from "@/lib/base/stream";
import type { Topic } from "@/lib/base/topics";
import { connectionFor, findConnection } from "@/lib/clusters/connections";
import { liveCounter, offerTopics } from "@/lib/notices/service";
import { keep } from "@/lib/runtime";
import { encodeTables } from "../delta";
import type { PlacementTables, TierPolicy } from "../model";
import type { Picture } from "../picture";
import { createProjection, type Projection } from "../project";
import { loadPolicy } from "./stored-policy";

export interface LiveView {
  readonly handle: ClusterHandle;
  readonly picture: Picture;
  readonly policy: TierPolicy;
  tables(): PlacementTables;
  topic: Topic;
  /** The first data of a viewer as JSON; made once per number. */
  snapshot(): string;
  setPolicy(policy: TierPolicy): void;
  close(): void;
}

const views = () => keep("placement.views", () => new Map<string, { handle: ClusterHandle; view: Promise<LiveView> }>());

/** The view of a cluster, made on first demand; made anew when the cluster was connected anew. */
export function liveView(slug: string): Promise<LiveView> {
  const handle = connectionFor(slug);
  const known = views().get(slug);
  if (known?.handle === handle) return known.view;
  void known?.view.then((view) => view.close());
  const view = loadPolicy(slug).then((policy) => openView(slug, handle, policy));
  views().set(slug, { handle, view });
  view.catch(() => views().delete(slug));
  return view;
}

function openView(slug: string, handle: ClusterHandle, firstPolicy: TierPolicy): LiveView {
  const picture: Picture = handle;
  const channel: Channel<string | null> = createChannel(liveCounter(), { maxChanges: 2000, maxBytes: 8 * 1024 * 1024, bytes: (text) => text?.length ?? 4 });
  let policy = firstPolicy;
  let projection: Projection = createProjection(policy);
  projection.rebuild(picture);
  let cached: { at: string; body: string } | undefined;

  const endChanges = handle.onChange((touched) => {
    const delta = projection.touch(picture, touched);
    if (Object.keys(delta).length > 0) channel.publish(JSON.stringify(delta));
  });
  const endStates = handle.onState(() => {
    const delta = projection.kinds(handle.kinds());
    if (Object.keys(delta).length > 0) channel.publish(JSON.stringify(delta));
  });

  const encode = (at: string): string =>
    JSON.stringify({ at, tables: encodeTables(projection.tables), freshness: handle.freshness(), policy, cluster: { slug, title: findConnection(slug)?.title ?? slug, version: handle.version() } });
  return {
    handle,
    picture,
    get policy() {
      return policy;
    },
    tables: () => projection.tables,
    topic: {
      since: (n) => {
        const changes = channel.since(n);
        if (!changes) return null;
        const texts = changes.flatMap(({ n: at, change }) => (change === null ? [] : [{ n: at, text: change }]));
        return texts.length === changes.length ? texts : null;
      },
      subscribe: (listener) => channel.subscribe(({ n, change }) => listener(n, change)),
      fresh: () => JSON.stringify(handle.freshness()),
      onFresh: (listener) => handle.onState(listener),
    },
    snapshot() {
      const at = `${liveCounter().process}.${liveCounter().n}`;
      if (cached?.at !== at) cached = { at, body: encode(at) };
      return cached.body;
    },
    setPolicy(next) {
      policy = next;
      projection = createProjection(policy);
      projection.rebuild(picture);
      channel.publish(null);
    },
    close() {
      endChanges();
      endStates();
    },
  };
}

/** Offers `placement:<slug>` to the live stream. */
export function offerPlacementTopics(): void {
  offerTopics({ prefix: "placement", permission: "cluster.read", open: async (slug) => (await liveView(slug)).topic });
}
