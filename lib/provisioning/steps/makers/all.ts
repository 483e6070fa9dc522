// The maker of each kind that AWS holds; kinds that live inside the cluster have none.
import type { ResourceKind, ResourceOf } from "../../graph/model";
import { machineMakers } from "./machines";
import type { Maker, Makers } from "./maker";
import { networkMakers } from "./network";
import { groupMakers, identityMakers } from "./rights";

const makers = { ...networkMakers, ...groupMakers, ...identityMakers, ...machineMakers } satisfies Makers<keyof typeof networkMakers | keyof typeof groupMakers | keyof typeof identityMakers | keyof typeof machineMakers>;
export type MadeKind = keyof typeof makers;

export function isMade(kind: ResourceKind): kind is MadeKind {
  return Object.hasOwn(makers, kind);
}

/** The maker of one kind, as of any: the cast holds because a resource only ever meets the maker of its own kind, here. */
export function makerOf(kind: MadeKind): Maker<ResourceKind> {
  return makers[kind] as Maker<ResourceKind>;
}

/** A resource as one of any kind, for the maker that `makerOf` gave for it: the same cast, the same reason. */
export function asAny(resource: { kind: ResourceKind }): ResourceOf<ResourceKind> {
  return resource as ResourceOf<ResourceKind>;
}
