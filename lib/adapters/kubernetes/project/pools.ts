// Equal things kept once: strings, labels, specs. What nobody uses any more leaves by itself, so a pool cannot leak.
import { hash } from "node:crypto";
import type { ContainerSpec, ContainerStatus, Labels, Owner, PodSpec, PodVolume, Resources, Toleration } from "../objects";

/** One shared object per key, held weakly. */
export class Pool<T extends object> {
  readonly #kept = new Map<string, WeakRef<T>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (this.#kept.get(key)?.deref() === undefined) this.#kept.delete(key);
  });

  /** `key` says all that `make` would read; long keys are kept as their hash. */
  share(key: string, make: () => T): T {
    const short = key.length > 96 ? hash("sha256", key, "base64") : key;
    const known = this.#kept.get(short)?.deref();
    if (known) return known;
    const made = make();
    this.#kept.set(short, new WeakRef(made));
    this.#gone.register(made, short);
    return made;
  }
}

const generationSize = 50_000;

/** Short repeated strings. Two generations: what was not met for a whole generation is forgotten. */
export class Strings {
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  share(value: string): string {
    const known = this.#young.get(value);
    if (known !== undefined) return known;
    const kept = this.#old.get(value) ?? value;
    if (this.#young.size >= generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(kept, kept);
    return kept;
  }
}

export interface Pools {
  strings: Strings;
  labels: Pool<Labels>;
  owners: Pool<Owner>;
  specs: Pool<PodSpec>;
  /** What could not be read in a shared spec; belongs to every pod that has it. */
  specFlaws: WeakMap<PodSpec, readonly string[]>;
  containers: Pool<readonly ContainerSpec[]>;
  statuses: Pool<readonly ContainerStatus[]>;
  resources: Pool<Resources>;
  tolerations: Pool<readonly Toleration[]>;
  volumes: Pool<readonly PodVolume[]>;
  texts: Pool<readonly string[]>;
}

export function createPools(): Pools {
  return {
    strings: new Strings(), labels: new Pool(), owners: new Pool(), specs: new Pool(), specFlaws: new WeakMap(),
    containers: new Pool(), statuses: new Pool(), resources: new Pool(),
    tolerations: new Pool(), volumes: new Pool(), texts: new Pool(),
  };
}
