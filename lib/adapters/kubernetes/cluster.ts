// The door to a cluster: every watched kind as a store, how true it is, what changed, and what may be done.
import "server-only";
import { systemClock, type Clock } from "@/lib/base/clock";
import { AppError, causeText } from "@/lib/base/errors";
import { log as serverLog, type Log } from "@/lib/base/log";
import { Changes, type ChangeListener, type Touched } from "./changes";
import { createClient, type KubernetesClient } from "./client";
import { createCredentials, type ClusterAccess, type Credentials } from "./credentials";
import { Heartbeat, type Freshness } from "./heartbeat";
import { kinds } from "./kinds";
import type { Kind, KindState, ObjectsByKind } from "./objects";
import { createPools } from "./project/pools";
import { Reflector } from "./reflector";
import { newestEvents, type Retention } from "./retention";
import { createStores, type Store } from "./store";
import { createTransport, type Transport } from "./transport";
import { networkTrouble } from "./trouble";

export type { ChangeListener, ClusterAccess, Freshness, KubernetesClient, Store, Touched };

export interface ClusterHandle {
  /** Where its API server is; "" when the kubeconfig does not say so usably. For administrators alone. */
  readonly server: string;
  /** Always there; empty until the first list is complete. */
  store<K extends Kind>(kind: K): Store<ObjectsByKind[K]>;
  kinds(): KindState[];
  freshness(): Freshness;
  /** All that changed since the last call, at most twenty calls a second. */
  onChange(listener: ChangeListener): () => void;
  /** kinds(), freshness() or version() would now be told otherwise. */
  onState(listener: () => void): () => void;
  /** "v1.36.3", as last told; null before the first answer. */
  version(): string | null;
  client: KubernetesClient;
  close(): Promise<void>;
}

export interface ClusterOptions {
  clock?: Clock;
  random?: () => number;
  log?: Log;
}

/** Returns at once, whatever the kubeconfig says; what is wrong with it is told by freshness(). */
export function openCluster(access: ClusterAccess, options: ClusterOptions = {}): ClusterHandle {
  const clock = options.clock ?? systemClock;
  const credentials = credentialsOrError(access, clock);
  if (credentials instanceof AppError) return connectCluster({ transport: unusable(credentials), server: "", credentials: null, start: false }, options);
  return connectCluster({ transport: createTransport(credentials), server: credentials.server.origin, credentials, start: true }, options);
}

export interface Connection {
  transport: Transport;
  /** For words about it. */
  server: string;
  credentials: Credentials | null;
  /** Whether it makes sense to ask for anything. */
  start: boolean;
}

/** The cluster behind a transport: also for a test's transport. */
export function connectCluster({ transport, server, credentials, start }: Connection, options: ClusterOptions = {}): ClusterHandle {
  const { clock = systemClock, random = Math.random, log = serverLog } = options;
  const stores = createStores();
  const pools = createPools();
  const closing = new AbortController();
  const stateListeners = new Set<() => void>();
  const changes = new Changes(clock, (thrown) => log.error({ err: causeText(thrown) }, "a listener of cluster changes failed"));
  const explain = (thrown: unknown) => networkTrouble(thrown, server).say;
  const retentions: { [K in Kind]?: Retention<ObjectsByKind[K]> } = { Event: newestEvents };
  const reflectorOf = <K extends Kind>(kind: K) =>
    new Reflector({ kind, store: stores[kind], transport, pools, clock, random, explain, retention: retentions[kind] ?? null, onTouched: (touched) => changes.add(kind, touched) });
  const reflectors = kinds.map((kind) => reflectorOf(kind));
  const onState = () => {
    for (const listener of stateListeners) listener();
  };
  const heartbeat = new Heartbeat({ transport, clock, watched: reflectors, explain, onState });
  const running = [heartbeat.run(closing.signal), ...(start ? [runAll(reflectors, clock, closing.signal)] : [])];
  return {
    server,
    store: (kind) => stores[kind],
    kinds: () => reflectors.map((one) => one.state),
    freshness: () => heartbeat.freshness(),
    onChange: (listener) => changes.listen(listener),
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    version: () => heartbeat.version,
    client: createClient({ transport, server, credentials, closing: closing.signal }),
    async close() {
      closing.abort();
      changes.close();
      stateListeners.clear();
      transport.close();
      await Promise.all(running);
    },
  };
}

const first: readonly Kind[] = ["Node", "Pod"];
const headStartMs = 2_000;
const apartMs = 20;

/** Nodes and pods first, the rest when those are known or have had their head start. */
async function runAll(reflectors: readonly { kind: Kind; synced: boolean; refused: boolean; run(signal: AbortSignal): Promise<void> }[], clock: Clock, signal: AbortSignal): Promise<void> {
  const leading = reflectors.filter((one) => first.includes(one.kind));
  const runs = leading.map((one) => one.run(signal));
  const deadline = clock.now() + headStartMs;
  while (!signal.aborted && clock.now() < deadline && leading.some((one) => !one.synced && !one.refused)) await clock.sleep(apartMs, signal);
  for (const one of reflectors) {
    if (signal.aborted || leading.includes(one)) continue;
    runs.push(one.run(signal));
    await clock.sleep(apartMs, signal);
  }
  await Promise.all(runs);
}

function credentialsOrError(access: ClusterAccess, clock: Clock): Credentials | AppError {
  try {
    return createCredentials(access, () => clock.now());
  } catch (thrown) {
    return thrown instanceof AppError ? thrown : new AppError("invalid", "The kubeconfig cannot be used.", thrown);
  }
}

function unusable(error: AppError): Transport {
  return { ask: () => Promise.reject(error), close: () => undefined };
}
