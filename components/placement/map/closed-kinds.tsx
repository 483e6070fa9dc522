"use client";
// What may not be listed, or fails to be, named where it would stand: nodes in place of the map, pods in place of their lane, the rest below.
import { useDerivedOf } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { StatePicture } from "@/components/ui/state-picture";
import type { KindRow } from "@/lib/placement/model";
import css from "./closed-kinds.module.css";

/** A kind that the cluster does not have is nothing to be missed. */
const isClosed = ({ state }: KindRow) => state === "forbidden" || state === "failing";

/** "Kind\tstate\twhy" by lines: texts, so that equal answers are seen as equal. */
const closedOf = (store: PlacementStore) => [...store.tables.kinds.values()].filter(isClosed).map(({ kind, state, say }) => `${kind}\t${state}\t${say || "Not allowed."}`).join("\n");

export interface ClosedKind { kind: string; state: string; say: string }

export function useClosedKinds(store: PlacementStore): readonly ClosedKind[] {
  const text = useDerivedOf(store, "kinds", closedOf);
  return text === "" ? [] : text.split("\n").map((line) => {
    const [kind = "", state = "", say = ""] = line.split("\t");
    return { kind, state, say };
  });
}

export function NodesClosed({ state, say }: ClosedKind) {
  return <StatePicture kind={state === "forbidden" ? "forbidden" : "broken"} title={state === "forbidden" ? "Nodes may not be listed" : "Nodes cannot be read"} say={`${say} The table still shows what else is known.`} />;
}

export function PodsClosed({ state, say }: ClosedKind) {
  return <p className={css.lane} role="note"><b>{state === "forbidden" ? "Pods may not be listed" : "Pods cannot be read"}</b> {say} Nodes are shown without what runs on them.</p>;
}

export function RestClosed({ closed }: { closed: readonly ClosedKind[] }) {
  const rest = closed.filter(({ kind }) => kind !== "Node" && kind !== "Pod");
  if (rest.length === 0) return null;
  return <p className={css.rest} role="note">Not known here: {rest.map(({ kind, state, say }) => <span key={kind} title={say}>{kind} ({state === "forbidden" ? "not allowed" : "cannot be read"})</span>)}</p>;
}
