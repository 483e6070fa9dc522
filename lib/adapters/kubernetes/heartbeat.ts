// Whether the picture is true at this moment: proven by a small question each second and by what the streams bring.
// A stalled server breaks no connection, so silence is never taken for calm.
import type { Clock } from "@/lib/base/clock";
import type { Kind, KindState } from "./objects";
import { record, text } from "./project/read";
import { bodyText, type Transport } from "./transport";
import { refusalOf } from "./trouble";

export interface Freshness {
  state: "connecting" | "live" | "stale" | "unreachable";
  freshAt: number | null;
  staleSince: number | null;
  say: string;
}

/** What the heartbeat asks of a reflector. */
export interface Watched {
  readonly kind: Kind;
  readonly synced: boolean;
  readonly refused: boolean;
  readonly heardAt: number;
  readonly state: KindState;
  isTrue(): boolean;
  vouch(at: number): void;
  doubt(since: number): void;
  wake(): void;
  reconnect(since: number): void;
  watchdog(): void;
  trim(): void;
}

export interface HeartbeatSetting {
  transport: Transport;
  clock: Clock;
  watched: readonly Watched[];
  explain: (thrown: unknown) => string;
  /** Something that a person would notice has changed. */
  onState: () => void;
}

const tickMs = 250;
const probeEveryMs = 750;
const probeTimeoutMs = 3_000;
const maxProbes = 3;
/** Without a proof for so long the picture is stale; with the tick this stays under two seconds. */
const silenceMs = 1_500;
/** After a return, streams have this long to speak up before they are opened anew. */
const resumeMs = 1_000;
const trimEveryMs = 60_000;
const core: readonly Kind[] = ["Node", "Pod"];

export class Heartbeat {
  /** The last one told; asked for again after every return, because a server may come back newer. */
  version: string | null = null;
  #versionIsOld = true;
  readonly #set: HeartbeatSetting;
  #provenAt: number | null = null;
  #trouble = "";
  #up = false;
  #everLive = false;
  /** Since then the server is in doubt: it was last proven, or a probe failed while nothing else came. Rounds silent since may hang on dead connections. */
  #doubtedAt: number | null = null;
  #liveAt: number | null = null;
  #resume: { at: number; since: number } | null = null;
  #probes = 0;
  #signature = "";
  #trimmedAt = 0;

  constructor(setting: HeartbeatSetting) {
    this.#set = setting;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#set;
    let probeAt = 0;
    while (!signal.aborted) {
      if (clock.now() >= probeAt && this.#probes < maxProbes) {
        probeAt = clock.now() + probeEveryMs;
        void this.#probe(signal);
      }
      this.#tick();
      await clock.sleep(tickMs, signal);
    }
  }

  freshness(): Freshness {
    const tell = (state: Freshness["state"], say: string): Freshness => ({ state, say, freshAt: this.#liveAt, staleSince: state === "live" ? null : this.#liveAt });
    if (!this.#up) {
      if (this.#everLive) return tell("stale", this.#trouble || "The API server does not answer.");
      return this.#trouble === "" ? tell("connecting", "Connecting to the API server.") : tell("unreachable", this.#trouble);
    }
    const waiting = this.#set.watched.find((one) => core.includes(one.kind) && !one.refused && !one.isTrue());
    if (!waiting) return tell("live", "");
    const { state, say } = waiting.state;
    if (this.#everLive) return tell("stale", say || `Waiting for the stream of ${waiting.kind} objects.`);
    return state === "failing" ? tell("unreachable", say) : tell("connecting", "Reading nodes and pods.");
  }

  async #probe(signal: AbortSignal): Promise<void> {
    const { transport, clock, watched, explain } = this.#set;
    const askedAt = clock.now();
    this.#probes += 1;
    try {
      const answer = await transport.ask({ path: "/readyz", signal, headTimeoutMs: probeTimeoutMs });
      if (answer.status >= 500) {
        this.#trouble = `The API server says that it is not ready${await unready(refusalOf(answer))}.`;
        return;
      }
      // A refusal is an answer too: the server lives.
      await bodyText(answer, 100_000);
      this.#provenAt = clock.now();
      this.#trouble = answer.status === 401 ? "The API server does not accept the kubeconfig's credentials." : "";
      this.#tick();
      if (this.#versionIsOld) await this.#readVersion(signal);
    } catch (thrown) {
      // While streams speak, an unanswered probe tells of our own haste, not of the server.
      if (!watched.some((one) => one.heardAt >= askedAt)) this.#doubtedAt ??= clock.now();
      if (!signal.aborted) this.#trouble = explain(thrown);
    } finally {
      this.#probes -= 1;
    }
  }

  async #readVersion(signal: AbortSignal): Promise<void> {
    const answer = await this.#set.transport.ask({ path: "/version", signal, headTimeoutMs: probeTimeoutMs });
    if (answer.status !== 200) return answer.discard();
    this.version = text(record(JSON.parse(await bodyText(answer, 100_000)))["gitVersion"]) || null;
    this.#versionIsOld = false;
    this.#tell();
  }

  #tick(): void {
    const { clock, watched } = this.#set;
    const now = clock.now();
    for (const one of watched) if (one.heardAt > (this.#provenAt ?? 0)) this.#provenAt = one.heardAt;
    const up = this.#provenAt !== null && now - this.#provenAt < silenceMs;
    if (up && !this.#up) this.#returned(now);
    if (!up && this.#up) {
      this.#versionIsOld = true;
      this.#doubtedAt = this.#provenAt;
    }
    this.#up = up;
    for (const one of watched) {
      if (up) one.vouch(this.#provenAt ?? now);
      else one.doubt(now - silenceMs);
      one.watchdog();
    }
    if (up && this.#resume && now >= this.#resume.at) {
      for (const one of watched) one.reconnect(this.#resume.since);
      this.#resume = null;
    }
    if (now - this.#trimmedAt >= trimEveryMs) {
      this.#trimmedAt = now;
      for (const one of watched) one.trim();
    }
    this.#tell();
  }

  /** Who waits to try again need not wait longer; streams that survived a stall prove it or are opened anew. */
  #returned(now: number): void {
    this.#resume = this.#doubtedAt === null ? null : { at: now + resumeMs, since: this.#doubtedAt + 1 };
    this.#doubtedAt = null;
    for (const one of this.#set.watched) one.wake();
  }

  #tell(): void {
    const fresh = this.freshness();
    if (fresh.state === "live") {
      this.#everLive = true;
      this.#liveAt = this.#provenAt;
    }
    const signature = [fresh.state, fresh.say, this.version, ...this.#set.watched.map((one) => `${one.state.state} ${one.state.say}`)].join("\n");
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#set.onState();
  }
}

/** The checks that failed, out of the words of /readyz ("[-]etcd failed: reason withheld"). */
async function unready(refusal: Promise<{ message: string }>): Promise<string> {
  const failed = [...(await refusal).message.matchAll(/\[-\](\S+) failed/g)].map((match) => match[1]);
  return failed.length > 0 ? ` (${failed.join(", ")})` : "";
}
