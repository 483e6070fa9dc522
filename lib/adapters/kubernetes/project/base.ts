// What every object has: names, labels, times, owner.
import type { Labels, ObjectBase, Owner } from "../objects";
import type { Pools } from "./pools";
import { type Flaws, list, record, text, time, timeOrNull, type Raw } from "./read";

const noLabels: Labels = Object.freeze({});

/** A map of strings. Keys stay own properties whatever they are called, `__proto__` too. */
export function labels(value: unknown, pools: Pools): Labels {
  const raw = record(value);
  let empty = true;
  for (const _key in raw) {
    empty = false;
    break;
  }
  if (empty) return noLabels;
  return pools.labels.share(JSON.stringify(raw), () => Object.fromEntries(Object.entries(raw).map(([key, one]) => [pools.strings.share(key), pools.strings.share(text(one))])));
}

function owner(value: unknown, pools: Pools): Owner | null {
  const references = list(value);
  if (references.length === 0) return null;
  const raw = record(references.find((one) => record(one)["controller"] === true) ?? references[0]);
  const [kind, name, uid] = [text(raw["kind"]), text(raw["name"]), text(raw["uid"])];
  return pools.owners.share(`${uid}|${kind}|${name}`, () => ({ kind: pools.strings.share(kind), name, uid }));
}

/** What every object has. `broken` is set when the whole object has been read, by `finish`. */
export function base(raw: Raw, pools: Pools, flaws: Flaws): ObjectBase {
  const meta = record(raw["metadata"]);
  return {
    uid: text(meta["uid"]),
    name: text(meta["name"]),
    namespace: pools.strings.share(text(meta["namespace"])),
    resourceVersion: text(meta["resourceVersion"]),
    labels: labels(meta["labels"], pools),
    createdAt: time(meta["creationTimestamp"], "metadata.creationTimestamp", flaws),
    deletedAt: timeOrNull(meta["deletionTimestamp"], "metadata.deletionTimestamp", flaws),
    owner: owner(meta["ownerReferences"], pools),
    broken: null,
  };
}

export function finish<T extends ObjectBase>(object: T, flaws: Flaws): T {
  object.broken = flaws.found;
  return object;
}
