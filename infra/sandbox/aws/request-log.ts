// What was asked, by whom, when it began and ended, and what came of it: for tests that say "never two at once" and "one of each".
import { createHash } from "node:crypto";
import { groupsOf, type Parameters } from "./query.ts";

export interface Entry {
  number: number;
  service: string;
  action: string;
  /** Without secrets: what is long or secret is its digest. */
  parameters: Record<string, string>;
  /** All tags that the request gives, whatever they are put on. */
  tags: Record<string, string>;
  caller: string;
  /** "attempt=1; max=3", as the SDK says it. */
  attempt: string;
  userAgent: string;
  /** Real time, so that logs of several processes can be laid beside each other. */
  beganMs: number;
  endedMs: number | null;
  /** "ok", an error's code, or what a fault did. */
  outcome: string;
  /** False where a fault struck before, or the request was refused. */
  took: boolean;
}

/** User data has no secret by the product's promise, but is long; the rest must never be seen. */
const hidden = /(^Value$|UserData|SecretAccessKey|SessionToken|PublicKeyMaterial)/;
const kept = 2_000;

export function cleaned(parameters: Parameters): Record<string, string> {
  return Object.fromEntries([...parameters].filter(([name]) => name !== "Action" && name !== "Version").map(([name, value]) => [name, hidden.test(name) ? `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 16)}` : value.slice(0, kept)]));
}

export function tagsIn(parameters: Parameters): Record<string, string> {
  const lists = [parameters, ...groupsOf(parameters, "TagSpecification")].flatMap((one) => [...groupsOf(one, "Tag"), ...groupsOf(one, "Tags"), ...groupsOf(one, "Tags.member")]);
  return Object.fromEntries(lists.flatMap((pair): [string, string][] => pair.has("Key") ? [[pair.get("Key") ?? "", pair.get("Value") ?? ""]] : []));
}

const most = 50_000;

export class RequestLog {
  readonly entries: Entry[] = [];
  readonly #listeners = new Set<(entry: Entry) => void>();
  #next = 1;

  begin(entry: Omit<Entry, "number" | "endedMs" | "outcome" | "took">): Entry {
    const made: Entry = { ...entry, number: this.#next, endedMs: null, outcome: "", took: false };
    this.#next += 1;
    this.entries.push(made);
    if (this.entries.length > most) this.entries.shift();
    this.#tell(made);
    return made;
  }

  end(entry: Entry, outcome: string): void {
    entry.endedMs = Date.now();
    entry.outcome = outcome;
    this.#tell(entry);
  }

  /** Called when a request begins, when it has had its effect, and when it ends. */
  onChange(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  effect(entry: Entry): void {
    entry.took = true;
    this.#tell(entry);
  }

  #tell(entry: Entry): void {
    for (const listener of this.#listeners) listener(entry);
  }
}
