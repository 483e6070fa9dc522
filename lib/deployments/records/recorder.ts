// Keeps the records of one cluster true: looks at each workload that changed until the database has taken what was seen.
// Level by level, not event by event: what is not written yet is still in the cluster, and is written when the database is back.
import "server-only";
import type { ClusterHandle, Touched } from "@/lib/adapters/kubernetes/cluster";
import type { Database } from "@/lib/adapters/database/client";
import type { Kind } from "@/lib/adapters/kubernetes/objects";
import { backoffMs } from "@/lib/base/backoff";
import type { Clock } from "@/lib/base/clock";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import type { TierPolicy } from "@/lib/placement/model";
import { workloadKinds, type RecorderState, type RolledKind } from "../model";
import { liveRevisions, type Workload } from "./live-revisions";
import { nameCluster } from "./store";
import { closeRecordsOfGone, recordWorkload, type Memory } from "./record-workload";

export interface RecorderInput {
  slug: string;
  handle: ClusterHandle;
  db: Database;
  clock: Clock;
  policy: () => Promise<TierPolicy>;
}

export interface Recorder {
  state(): RecorderState;
  onState(listener: () => void): () => void;
  /** Until the signal; never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

const needed: readonly Kind[] = ["Namespace", "Pod", "ReplicaSet", "ControllerRevision", ...workloadKinds];
const tickMs = 1_000;
const sweepEveryMs = 5_000;
const patience = 3;
/** What comes while the picture is lost for no longer than this is seen soon enough to be called watched. */
const blinkMs = 15_000;
const backoff = { baseMs: 500, capMs: 10_000 };

export function createRecorder(input: RecorderInput): Recorder {
  const { handle, clock, slug } = input;
  const listeners = new Set<() => void>();
  const round = createRound(input);
  let state: RecorderState = { state: "starting", say: "The cluster's workloads are not known yet.", since: clock.now() };
  let wake: () => void = () => undefined;

  const tell = (next: RecorderState["state"], say: string) => {
    if (state.state === next && state.say === say) return;
    state = { state: next, say, since: clock.now() };
    for (const listener of listeners) listener();
  };
  return {
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(signal) {
      const deaf = handle.onChange((touched) => {
        if (round.note(touched)) wake();
      });
      for (let failures = 0; !signal.aborted; ) {
        try {
          if (await round.go()) tell("live", "");
          failures = 0;
        } catch (thrown) {
          failures += 1;
          log.warn({ cluster: slug, cause: causeText(thrown) }, "deployments could not be recorded; they are tried again");
          tell("behind", "Deployments are seen but cannot be recorded now: the database or the cluster does not answer. Nothing that the cluster still knows is lost.");
        }
        const pauseMs = failures > 0 ? backoffMs(backoff, failures, Math.random()) : tickMs;
        await Promise.race([clock.sleep(pauseMs, signal), ...(failures === 0 ? [new Promise<void>((resolve) => (wake = resolve))] : [])]);
      }
      deaf();
    },
  };
}

interface Round {
  /** Whether any of it is to be looked at. */
  note(touched: readonly Touched[]): boolean;
  /** Looks at what changed, and now and then at what is under way. False: the cluster is not known well enough. */
  go(): Promise<boolean>;
}

function createRound({ slug, handle, db, clock, policy }: RecorderInput): Round {
  const dirty = new Set<string>();
  const memory: Memory = new Map();
  let found: ReadonlyMap<string, number> = new Map();
  let lostAt: number | null = -Infinity;
  let sweptAt = -Infinity;
  let isFirst = true;
  const clusterUid = () => handle.store("Namespace").get("kube-system")?.uid ?? "";
  const isKnown = () => handle.freshness().state === "live" && clusterUid() !== "" && handle.kinds().every(({ kind, state }) => !needed.includes(kind) || state === "live" || state === "absent" || state === "forbidden");

  const look = async () => {
    if (dirty.size === 0) return;
    const rules = await policy();
    const failed: unknown[] = [];
    for (const key of [...dirty]) {
      const workload = workloadAt(handle, key);
      dirty.delete(key);
      if (!workload) continue;
      try {
        await recordWorkload({ db, handle, clusterUid: clusterUid(), policy: rules, workload, memory, now: clock.now(), found });
      } catch (thrown) {
        dirty.add(key);
        memory.delete(workload.uid);
        // One workload that cannot be recorded does not keep the others from it; several at once mean that nothing can.
        if (failed.push(thrown) >= patience) break;
      }
    }
    if (failed.length > 0) throw failed[0];
  };
  const sweep = async () => {
    sweptAt = clock.now();
    await nameCluster(db, slug, clusterUid());
    const uncertain = new Set(handle.kinds().flatMap(({ kind, state }) => (state === "live" ? [] : [kind])));
    await closeRecordsOfGone({ db, handle, clusterUid: clusterUid(), now: clock.now(), isCertain: (kind) => !uncertain.has(kind) });
    for (const [workloadUid, { isOpen, key }] of memory) if (isOpen) dirty.add(key);
      else if (!workloadAt(handle, key)) memory.delete(workloadUid);
  };
  return {
    note(touched) {
      for (const { kind, before, after } of touched) for (const key of keysTouched(handle, kind, after ?? before)) dirty.add(key);
      return dirty.size > 0;
    },
    async go() {
      if (!isKnown()) {
        lostAt ??= clock.now();
        return false;
      }
      if (lostAt !== null && clock.now() - lostAt > blinkMs) found = newestOf(handle);
      lostAt = null;
      if (isFirst) {
        await nameCluster(db, slug, clusterUid());
        for (const key of allKeys(handle)) dirty.add(key);
      }
      isFirst = false;
      await look();
      if (clock.now() - sweptAt > sweepEveryMs) await sweep();
      return true;
    },
  };
}

const keyOf = (kind: RolledKind, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;
const isRolled = (kind: string): kind is RolledKind => workloadKinds.some((one) => one === kind);

function workloadAt(handle: ClusterHandle, key: string): Workload | null {
  const [kind = "", namespace = "", name = ""] = key.split("/");
  const found = isRolled(kind) ? handle.store(kind).get(`${namespace}/${name}`) : undefined;
  return found && isRolled(found.kind) ? { ...found, kind: found.kind } : null;
}

function newestOf(handle: ClusterHandle): Map<string, number> {
  const newest = new Map<string, number>();
  for (const kind of workloadKinds) for (const { uid } of handle.store(kind).values()) newest.set(uid, liveRevisions(handle, { kind, uid }).at(-1)?.revision ?? 0);
  return newest;
}

function* allKeys(handle: ClusterHandle): Generator<string> {
  for (const kind of workloadKinds) for (const { namespace, name } of handle.store(kind).values()) yield keyOf(kind, namespace, name);
}

interface Touchable { namespace: string; name: string; owner: { kind: string; name: string } | null }

/** The workload itself, or the one above a ReplicaSet, revision or pod. */
function keysTouched(handle: ClusterHandle, kind: Kind, object: Touchable | null): string[] {
  if (!object) return [];
  if (isRolled(kind)) return [keyOf(kind, object.namespace, object.name)];
  if ((kind !== "ReplicaSet" && kind !== "ControllerRevision" && kind !== "Pod") || !object.owner) return [];
  if (isRolled(object.owner.kind)) return [keyOf(object.owner.kind, object.namespace, object.owner.name)];
  const above = object.owner.kind === "ReplicaSet" ? handle.store("ReplicaSet").get(`${object.namespace}/${object.owner.name}`)?.owner : null;
  return above && isRolled(above.kind) ? [keyOf(above.kind, object.namespace, above.name)] : [];
}
