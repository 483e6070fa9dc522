"use client";
// What is requested of a tier's CPU or memory: one segment per node, wide as the node is big, tick at 80 %, dashed red what pending pods ask for.
import type { Tier } from "@/lib/placement/model";
import { cpuRatio, memoryRatio } from "../placement/map/amounts";
import { PodMark } from "../placement/pod-mark";
import { type PlacementStore, useDerived } from "../placement/queries";
import css from "./capacity.module.css";

type What = "cpu" | "memory";
interface Segment { name: string; requested: number; whole: number; asked: number }

/** More segments than this cannot be told apart; then the tier is one. */
const segmentsMax = 24;
const warnAt = 0.8;
const fullAt = 0.9;

export function Capacity({ store, tier, what }: { store: PlacementStore; tier: Tier | null; what: What }) {
  const segments = useDerived(store, readerOf(tier, what), sameSegments);
  const requested = segments.reduce((sum, each) => sum + each.requested, 0);
  const whole = segments.reduce((sum, each) => sum + each.whole, 0);
  const ratio = (what === "cpu" ? cpuRatio : memoryRatio)(requested, whole);
  const percent = whole > 0 ? Math.round((requested / whole) * 100) : null;
  const label = `${what === "cpu" ? "CPU" : "Memory"} requested ${ratio.part} of ${ratio.whole}`;
  return (
    <div className={css.capacity} data-tier={tier ?? "none"}>
      <div className={css.segments} role="img" aria-label={`${label}${percent === null ? "" : `, ${percent} %`}`}>
        {segments.map((each) => <SegmentBar key={each.name} segment={each} what={what} />)}
      </div>
      <div className={css.words}>
        <span><b>{whole > 0 ? ratio.part : "–"}</b> of {whole > 0 ? ratio.whole : "–"}</span>
        <span className={css.percent}>{percent !== null && percent > warnAt * 100 && <PodMark state="warning" size={10} label="over 80 %" />} {percent === null ? "–" : `${percent} %`}</span>
      </div>
    </div>
  );
}

function SegmentBar({ segment: { name, requested, whole, asked }, what }: { segment: Segment; what: What }) {
  const part = whole > 0 ? Math.min(1, requested / whole) : 0;
  const { part: said, whole: of } = (what === "cpu" ? cpuRatio : memoryRatio)(requested, whole);
  return (
    <span className={css.segment} style={{ flexGrow: Math.max(whole, 1) }} title={`${name}: ${said} of ${of} requested`}>
      <span className={css.fill} data-full={part > fullAt || undefined} style={{ width: `${part * 100}%` }} />
      <span className={css.tick} />
      {asked > 0 && whole > 0 && <span className={css.asked} style={{ left: `${part * 100}%`, width: `${Math.min(100 - part * 100 + 8, (asked / whole) * 100)}%` }} />}
    </span>
  );
}

const readersByName = new Map<string, (store: PlacementStore) => Segment[]>();

function readerOf(tier: Tier | null, what: What): (store: PlacementStore) => Segment[] {
  const name = `${tier}/${what}`;
  const reader = readersByName.get(name) ?? ((store) => segmentsOf(store, tier, what));
  readersByName.set(name, reader);
  return reader;
}

function segmentsOf(store: PlacementStore, tier: Tier | null, what: What): Segment[] {
  const names = store.rollups.nodesOf(tier);
  const rollup = store.rollups.tier(tier);
  if (names.length > segmentsMax) {
    const [requested, whole] = what === "cpu" ? [rollup.requestedCpuMillis, rollup.cpuMillis] : [rollup.requestedMemoryBytes, rollup.memoryBytes];
    return [{ name: `${names.length} nodes`, requested, whole, asked: 0 }];
  }
  const segments = names.flatMap((name) => {
    const node = store.tables.nodes.get(name);
    if (!node) return [];
    const [requested, whole] = what === "cpu" ? [node.requestedCpuMillis, node.cpuMillis] : [node.requestedMemoryBytes, node.memoryBytes];
    return [{ name, requested: sound(requested), whole: sound(whole), asked: 0, barred: node.taints.some((taint) => /:No(Schedule|Execute)$/.test(taint)) }];
  });
  const open = segments.filter(({ barred }) => !barred).sort((a, b) => b.whole - b.requested - (a.whole - a.requested))[0];
  if (open) open.asked = askedOf(store, tier, what);
  return segments.map(({ name, requested, whole, asked }) => ({ name, requested, whole, asked }));
}

/** What the tier's pods without a node ask for together. */
function askedOf(store: PlacementStore, tier: Tier | null, what: What): number {
  if (store.rollups.tier(tier).states.pending === 0) return 0;
  return store.rollups.podsOf("").reduce((sum, key) => {
    const pod = store.tables.pods.get(key);
    return pod && pod.declared === tier ? sum + sound(what === "cpu" ? pod.cpuMillis : pod.memoryBytes) : sum;
  }, 0);
}

function sound(figure: number): number {
  return Number.isFinite(figure) && figure > 0 ? figure : 0;
}

function sameSegments(a: Segment[], b: Segment[]): boolean {
  return a.length === b.length && a.every((each, index) => JSON.stringify(each) === JSON.stringify(b[index]));
}
