// Keeps one kind's store equal to the API server's list: list, watch, and on any doubt list again.
// Contract: the states of the store are states the server had, in its order; whatever breaks on the way, the store
// becomes the server's list again without help. The store is empty until the first list is complete.
import { backoffMs, type Backoff } from "@/lib/base/backoff";
import type { Clock } from "@/lib/base/clock";
import { collectionPath, kindSources, projections } from "./kinds";
import type { Kind, KindState, ObjectsByKind } from "./objects";
import type { Pools } from "./project/pools";
import { record, text, type Raw } from "./project/read";
import type { Retention } from "./retention";
import { roundOf, type Receiver, type RoundEnd } from "./round";
import { isSame, keyOf, type ObjectStore, type Touch } from "./store";
import type { Transport } from "./transport";
import { isOlder } from "./watch";

export interface ReflectorSetting<K extends Kind> {
  kind: K;
  store: ObjectStore<ObjectsByKind[K]>;
  transport: Transport;
  pools: Pools;
  clock: Clock;
  random: () => number;
  retention: Retention<ObjectsByKind[K]> | null;
  /** Network trouble in words. */
  explain: (thrown: unknown) => string;
  onTouched: (touched: readonly Touch<ObjectsByKind[K]>[]) => void;
}

const retry: Backoff = { baseMs: 250, capMs: 5_000 };
const forbiddenRetry: Backoff = { baseMs: 4_000, capMs: 60_000 };
const absentRetry: Backoff = { baseMs: 4_000, capMs: 30_000 };
/** An API server that has just started says "forbidden" and "not found" for a moment: what we already have is given up only when it insists. */
const insistences = 4;
/** A stream that lasted this long clears the record of failures: the next wait is a short one again. */
const calmMs = 10_000;
/** Bookmarks come every minute even when nothing happens; a first list never pauses for long. */
const silenceMs = 150_000;
const listSilenceMs = 30_000;
/** A stream may be away this long (it is renewed every few minutes) before its kind counts as stale. */
const graceMs = 1_200;

export class Reflector<K extends Kind> {
  readonly kind: K;
  /** Malformed lines and pages seen so far. */
  garbage = 0;
  relists = 0;
  readonly #set: ReflectorSetting<K>;
  #resourceVersion: string | null = null;
  #synced = false;
  #refused: "forbidden" | "absent" | null = null;
  #say = "";
  #attempt = 0;
  #refusals = 0;
  #listing: Map<string, ObjectsByKind[K]> | null = null;
  #streaming = false;
  #heardAt = 0;
  #openedAt = 0;
  #silences = 0;
  #lostAt: number | null = null;
  #suspect = false;
  #freshAt: number | null = null;
  #paged = false;
  #round = new AbortController();
  #pause = new AbortController();

  constructor(setting: ReflectorSetting<K>) {
    this.kind = setting.kind;
    this.#set = setting;
  }

  /** Runs until the signal aborts; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#round = new AbortController();
      const from = { resourceVersion: this.#resourceVersion, paged: this.#paged, random: this.#set.random };
      const end = await roundOf({ collection: collectionPath(kindSources[this.kind]), transport: this.#set.transport, from, signal: AbortSignal.any([signal, this.#round.signal]), receiver: this.#receiver() });
      this.#ended();
      if (signal.aborted) return;
      const waitMs = this.#round.signal.aborted ? 0 : this.#afterwards(end);
      this.#pause = new AbortController();
      if (waitMs > 0) await this.#set.clock.sleep(waitMs, AbortSignal.any([signal, this.#pause.signal]));
    }
  }

  get synced(): boolean {
    return this.#synced;
  }

  /** Neither allowed nor there: not waited for. */
  get refused(): boolean {
    return this.#refused !== null;
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  get state(): KindState {
    const count = this.#synced ? this.#set.store.size : (this.#listing?.size ?? 0);
    const tell = (state: KindState["state"], say: string): KindState => ({ kind: this.kind, state, say, count, freshAt: this.#freshAt });
    if (this.#refused) return tell(this.#refused, this.#say);
    if (!this.#synced) return this.#say === "" ? tell("loading", "Reading the first list.") : tell("failing", this.#say);
    return this.isTrue() ? tell("live", "") : tell("stale", this.#say || `The stream of ${kindSources[this.kind].resource} is silent.`);
  }

  /** Whether the picture is vouched for: complete, and its stream is open and not under suspicion. */
  isTrue(): boolean {
    if (!this.#synced) return false;
    if (this.#streaming) return !this.#suspect;
    return this.#lostAt !== null && this.#set.clock.now() - this.#lostAt < graceMs;
  }

  /** The server has just proven that it lives: so does the picture, if its stream is not in doubt. */
  vouch(at: number): void {
    if (this.#synced && this.#streaming && !this.#suspect) this.#freshAt = at;
  }

  /** The server did not answer since `since`: a stream that was silent meanwhile may be dead. */
  doubt(since: number): void {
    if (this.#streaming && this.#heardAt < since) this.#suspect = true;
  }

  /** The server is back: no need to wait on. */
  wake(): void {
    if (!this.#refused) this.#attempt = 0;
    this.#pause.abort();
  }

  /** Gives up the running round when nothing was heard of it since `since`; the next one goes on from the same version. */
  reconnect(since: number): void {
    if (this.#heardAt < since) this.#round.abort();
  }

  /** Ends a stream that should have said something long ago. A server that never ends its first events has no WatchList: it is asked for pages. */
  watchdog(): void {
    const silentMs = this.#set.clock.now() - this.#heardAt;
    if (!this.#streaming || silentMs < (this.#synced ? silenceMs : listSilenceMs)) return;
    if (!this.#synced && ++this.#silences >= 2) this.#paged = true;
    this.#round.abort();
  }

  /** Lets go of what is too old or too much. */
  trim(): void {
    const { retention, store, clock, onTouched } = this.#set;
    if (!retention || !this.#synced) return;
    const touched = retention.surplus(store.values(), clock.now()).flatMap((key) => store.remove(key) ?? []);
    if (touched.length > 0) onTouched(touched);
  }

  #receiver(): Receiver {
    return {
      heard: () => {
        this.#heardAt = this.#set.clock.now();
        this.#suspect = false;
        if (this.#streaming && this.#synced) this.#freshAt = this.#heardAt;
      },
      opened: () => {
        this.#streaming = true;
        this.#openedAt = this.#set.clock.now();
        if (this.#resourceVersion !== null) this.#proven();
      },
      begin: () => {
        this.#listing = new Map();
      },
      item: (raw) => this.#collect(raw),
      complete: (resourceVersion) => this.#complete(resourceVersion),
      put: (raw, resourceVersion) => this.#put(raw, resourceVersion),
      gone: (raw, resourceVersion) => this.#gone(raw, resourceVersion),
      bookmark: (resourceVersion) => {
        this.#resourceVersion = resourceVersion;
      },
    };
  }

  #project(raw: Raw): ObjectsByKind[K] {
    return projections[this.kind](raw, this.#set.pools);
  }

  /** What we have already is not read a second time. */
  #collect(raw: Raw): void {
    const meta = record(raw["metadata"]);
    const known = this.#set.store.get(keyOf({ namespace: text(meta["namespace"]), name: text(meta["name"]) }));
    const same = known && isSame(known, { uid: text(meta["uid"]), resourceVersion: text(meta["resourceVersion"]) });
    const object = same ? known : this.#project(raw);
    const listing = (this.#listing ??= new Map());
    listing.set(keyOf(object), object);
    const { retention, clock } = this.#set;
    if (retention?.isDue(listing.size)) for (const key of retention.surplus(listing.values(), clock.now())) listing.delete(key);
  }

  #complete(resourceVersion: string): void {
    const touched = this.#set.store.sync(this.#listing ?? new Map());
    this.#listing = null;
    this.#resourceVersion = resourceVersion;
    this.#synced = true;
    this.#refused = null;
    this.#refusals = 0;
    this.relists += 1;
    this.#proven();
    if (touched.length > 0) this.#set.onTouched(touched);
  }

  #proven(): void {
    this.#say = "";
    this.#refused = null;
    this.#refusals = 0;
    this.#suspect = false;
    this.#freshAt = this.#set.clock.now();
  }

  #put(raw: Raw, resourceVersion: string): void {
    this.#resourceVersion = resourceVersion || this.#resourceVersion;
    const { store, onTouched } = this.#set;
    const meta = record(raw["metadata"]);
    const known = store.get(keyOf({ namespace: text(meta["namespace"]), name: text(meta["name"]) }));
    if (known && resourceVersion !== "" && (known.resourceVersion === resourceVersion || isOlder(resourceVersion, known.resourceVersion))) return;
    onTouched([store.put(this.#project(raw))]);
    if (this.#set.retention?.isDue(store.size)) this.trim();
  }

  #gone(raw: Raw, resourceVersion: string): void {
    this.#resourceVersion = resourceVersion || this.#resourceVersion;
    const { store, onTouched } = this.#set;
    const meta = record(raw["metadata"]);
    const key = keyOf({ namespace: text(meta["namespace"]), name: text(meta["name"]) });
    const known = store.get(key);
    // The end of a former object of the same name, told twice, is not the end of the present one.
    if (!known || (known.uid !== text(meta["uid"]) && isOlder(resourceVersion, known.resourceVersion))) return;
    const touched = store.remove(key);
    if (touched) onTouched([touched]);
  }

  #ended(): void {
    const now = this.#set.clock.now();
    if (this.#streaming) this.#lostAt = now;
    if (this.#streaming && this.#synced && now - this.#openedAt >= calmMs) this.#attempt = 0;
    this.#streaming = false;
    this.#listing = null;
  }

  /** What the end of a round means for the next one; how long to wait before it. */
  #afterwards(end: RoundEnd): number {
    const { random, explain } = this.#set;
    const wait = (backoff: Backoff) => backoffMs(backoff, this.#attempt++, random());
    switch (end.type) {
      case "ended":
        return end.calm && this.#set.clock.now() - this.#openedAt >= calmMs ? 0 : wait(retry);
      case "expired":
        this.#resourceVersion = null;
        return this.#attempt++ === 0 ? 0 : wait(retry);
      case "no-watch-list":
        this.#paged = true;
        return 0;
      case "garbage":
        this.garbage += 1;
        this.#resourceVersion = null;
        this.#say = "The API server sent something that is no Kubernetes object; reading the list again.";
        return wait(retry);
      case "failed":
        this.#say = explain(end.thrown);
        return wait(retry);
      case "refused":
        return this.#afterRefusal(end);
    }
  }

  #afterRefusal(end: Extract<RoundEnd, { type: "refused" }>): number {
    const { resource, group } = kindSources[this.kind];
    const name = group === "" ? resource : `${resource}.${group}`;
    const { random } = this.#set;
    if (end.status === 403 || end.status === 404) {
      const refused = end.status === 403 ? "forbidden" : "absent";
      this.#refusals += 1;
      const knownBetter = this.#synced || (this.#refused !== null && this.#refused !== refused);
      if (knownBetter && this.#refusals < insistences) return backoffMs({ baseMs: 3_000, capMs: 3_000 }, 0, random());
      if (this.#refused !== refused) this.#attempt = 0;
      this.#refusals = 0;
      this.#giveUp(refused, refused === "forbidden" ? `Not allowed: the console's account needs list and watch on ${name}.` : `The cluster has no ${name}.`);
      return backoffMs(refused === "forbidden" ? forbiddenRetry : absentRetry, this.#attempt++, random());
    }
    this.#say = end.status === 401 ? "The API server no longer accepts the kubeconfig's credentials." : `The API server answered ${end.status}${end.message ? `: ${end.message.replace(/\.$/, "")}` : ""}.`;
    return Math.max(end.retryAfterMs === null ? 0 : Math.min(end.retryAfterMs, 30_000) * (1 + random() / 2), backoffMs(retry, this.#attempt++, random()));
  }

  #giveUp(refused: "forbidden" | "absent", say: string): void {
    this.#refused = refused;
    this.#say = say;
    this.#synced = false;
    this.#resourceVersion = null;
    const touched = this.#set.store.sync(new Map());
    if (touched.length > 0) this.#set.onTouched(touched);
  }
}
