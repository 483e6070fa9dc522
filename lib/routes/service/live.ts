// The routes of each cluster, kept: made from the watched objects at once, with what else was learned of the world in the background.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Kind } from "@/lib/adapters/kubernetes/objects";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { createChannel } from "@/lib/base/stream";
import { channelTopic } from "@/lib/notices/channel-topic";
import { liveCounter, offerTopics } from "@/lib/notices/service";
import { liveView } from "@/lib/placement/service/live";
import { keep } from "@/lib/runtime";
import { instanceId } from "../instance-id";
import { routesOf } from "../lint";
import type { RoutesAnswer } from "../model";
import { balancersOf } from "../view";
import { emptyWorld, type World } from "../world";
import { accountInUse, lookAtAmazon } from "./look-amazon";
import { lookAtCluster } from "./look-cluster";
import { lookUpNames, readCertificates } from "./look-names";

const gatherMs = 400;
/** How old what AWS, DNS and unwatched objects said may be before it is asked again. */
const worldAgeMs = 15_000;
const shown = new Set<Kind>(["Ingress", "Service", "EndpointSlice", "Node", "DaemonSet"]);

export interface RoutesView {
  handle: ClusterHandle;
  /** As it is known now; what of the world is too old is asked again behind it. */
  now(): RoutesAnswer;
  world(): World;
  /** Asks the world now and waits. */
  refresh(): Promise<void>;
  topic: ReturnType<typeof channelTopic>;
  close(): void;
}

const views = () => keep("routes.views", () => new Map<string, { handle: ClusterHandle; view: Promise<RoutesView> }>());

export async function routesView(slug: string): Promise<RoutesView> {
  const { handle } = await liveView(slug);
  const known = views().get(slug);
  if (known?.handle === handle) return known.view;
  void known?.view.then((view) => view.close());
  const view = open(slug);
  views().set(slug, { handle, view });
  view.catch(() => views().delete(slug));
  return view;
}

async function open(slug: string): Promise<RoutesView> {
  const live = await liveView(slug);
  const channel = createChannel<string | null>(liveCounter(), { maxChanges: 50, maxBytes: 4096, bytes: () => 4 });
  const state: { world: World; askedAt: number; asking: Promise<void> | null; timer: NodeJS.Timeout | undefined; last: string } = { world: emptyWorld, askedAt: 0, asking: null, timer: undefined, last: "" };
  const compute = (): RoutesAnswer => routesOf({ picture: live.picture, policy: live.policy, world: state.world }, Date.now());
  const tell = () => {
    state.timer = undefined;
    const { at: _moment, ...rest } = compute();
    const text = JSON.stringify(rest);
    if (text !== state.last) channel.publish(null);
    state.last = text;
  };
  const soon = () => {
    if (channel.listeners > 0) state.timer ??= setTimeout(tell, gatherMs);
  };
  const ask = () => {
    state.asking ??= lookAround(live.handle, balancersOf({ picture: live.picture, policy: live.policy, world: state.world })).then((world) => void (state.world = world), (cause: unknown) => log.warn({ cluster: slug, cause: causeText(cause) }, "the world around the routes could not be asked")).finally(() => {
      state.asking = null;
      state.askedAt = Date.now();
      soon();
    });
    return state.asking;
  };
  const end = live.handle.onChange((touched) => touched.some(({ kind }) => shown.has(kind)) && soon());
  const timer = setInterval(() => void (channel.listeners > 0 && ask()), worldAgeMs);
  timer.unref();
  return {
    handle: live.handle,
    now() {
      if (Date.now() - state.askedAt > worldAgeMs) void ask();
      return compute();
    },
    world: () => state.world,
    refresh: ask,
    topic: channelTopic(channel),
    close() {
      end();
      clearInterval(timer);
      clearTimeout(state.timer);
    },
  };
}

async function lookAround(handle: ClusterHandle, balancers: ReturnType<typeof balancersOf>): Promise<World> {
  const addresses = balancers.map(({ address }) => address).filter((address) => address !== "");
  const instanceIds = [...handle.store("Node").values()].map(({ providerId }) => instanceId(providerId)).filter((id) => id !== "");
  const [cluster, amazon, names] = await Promise.all([lookAtCluster(handle), lookAtAmazon(accountInUse(), { addresses, instanceIds }), lookUpNames([...balancers.flatMap((one) => one.names.map(({ host }) => host)), ...addresses])]);
  return { cluster, amazon, names, certificates: await readCertificates(balancers, amazon) };
}

/** Offers `routes:<slug>`: word that the routes have changed. */
export function offerRouteTopics(): void {
  offerTopics({ prefix: "routes", permission: "cluster.read", open: async (slug) => (await routesView(slug)).topic });
}
