"use client";
// A tier's pods as squares under their node's name; guests carry their home tier's accent below. Each square renders for itself.
import Link from "next/link";
import type { CSSProperties } from "react";
import { type Tier, podStates } from "@/lib/placement/model";
import { PodMark } from "../placement/pod-mark";
import { type PlacementStore, sameMembers, useDerived, useRow } from "../placement/queries";
import { tierLabel } from "../placement/tier-badge";
import css from "./tier-pods.module.css";

/** Above so many, squares would be a texture; counts say more. */
const squaresMax = 400;

export function TierPods({ store, cluster, tier }: { store: PlacementStore; cluster: string; tier: Tier | null }) {
  const { nodesIn, rollupOf, waitingFor } = readersOf(tier);
  const nodes = useDerived(store, nodesIn);
  const rollup = useDerived(store, rollupOf);
  const waiting = useDerived(store, waitingFor, sameMembers);
  const base = `/clusters/${encodeURIComponent(cluster)}/placement`;
  if (rollup.placed + waiting.length > squaresMax) {
    return (
      <div className={css.counts}>
        {podStates.filter((state) => rollup.states[state] > 0).map((state) => (
          <span key={state}><PodMark state={state} size={10} /> <b>{rollup.states[state].toLocaleString("en")}</b> {state}</span>
        ))}
      </div>
    );
  }
  return (
    <div className={css.nodes}>
      {nodes.map((name) => <NodePods key={name} store={store} base={base} name={name} />)}
      {waiting.length > 0 && (
        <div className={css.node}>
          <span className={css.name}>no node</span>
          <span className={css.squares}>{waiting.map((key) => <Square key={key} store={store} podKey={key} base={base} />)}</span>
        </div>
      )}
    </div>
  );
}

function NodePods({ store, base, name }: { store: PlacementStore; base: string; name: string }) {
  const keys = useDerived(store, podsReader(name));
  return (
    <div className={css.node}>
      <Link className={css.name} href={`${base}?node=${encodeURIComponent(name)}`} prefetch={false}>{name}</Link>
      <span className={css.squares}>{keys.map((key) => <Square key={key} store={store} podKey={key} base={base} />)}</span>
    </div>
  );
}

function Square({ store, podKey, base }: { store: PlacementStore; podKey: string; base: string }) {
  const pod = useRow(store, "pods", podKey);
  if (!pod) return null;
  const words = `${pod.name}, ${pod.reason || pod.state}${pod.drift ? `, belongs to ${tierLabel(pod.declared)}` : ""}`;
  const home: CSSProperties | undefined = pod.drift ? { borderBottomColor: `var(--tier-${pod.declared ?? "none"})` } : undefined;
  return (
    <Link className={css.square} style={home} href={`${base}?pod=${encodeURIComponent(podKey)}`} prefetch={false} title={words} aria-label={words}>
      <PodMark state={pod.state} size={10} />
    </Link>
  );
}

interface Readers { nodesIn: (store: PlacementStore) => readonly string[]; rollupOf: (store: PlacementStore) => ReturnType<PlacementStore["rollups"]["tier"]>; waitingFor: (store: PlacementStore) => string[] }
const byTier = new Map<Tier | null, Readers>();
const byNode = new Map<string, (store: PlacementStore) => readonly string[]>();

function readersOf(tier: Tier | null): Readers {
  const readers = byTier.get(tier) ?? {
    nodesIn: (store) => store.rollups.nodesOf(tier),
    rollupOf: (store) => store.rollups.tier(tier),
    waitingFor: (store) => (store.rollups.tier(tier).states.pending === 0 ? [] : store.rollups.podsOf("").filter((key) => store.tables.pods.get(key)?.declared === tier)),
  };
  byTier.set(tier, readers);
  return readers;
}

function podsReader(name: string): (store: PlacementStore) => readonly string[] {
  const reader = byNode.get(name) ?? ((store) => store.rollups.podsOf(name));
  byNode.set(name, reader);
  return reader;
}
