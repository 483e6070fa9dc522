"use client";
// One node as a card: who it is, how full it is, what the selected pod would find there, and its pods in groups.
import { memo } from "react";
import { PodMark } from "@/components/placement/pod-mark";
import { useRow } from "@/components/placement/queries";
import { TierBadge } from "@/components/placement/tier-badge";
import { matches } from "@/lib/placement/filter";
import type { NodeRow } from "@/lib/placement/model";
import { cpuRatio, memoryRatio, type Ratio, shortZone } from "./amounts";
import { CapacityBar, type CapacityBarProps } from "./capacity-bar";
import type { CellGroup } from "./layout";
import { useMap, type Verdict } from "./map-context";
import css from "./node-card.module.css";
import { PodCell } from "./pod-cell";

interface CardProps { name: string; groups: readonly CellGroup[]; share: number; lone: boolean; /** "" for none. */ warning: string }

export const NodeCard = memo(function NodeCard({ name, groups, share, lone, warning }: CardProps) {
  const { store, filter, selected, select, asked, verdicts, usage } = useMap();
  const node = useRow(store, "nodes", name);
  if (!node) return <div className={css.gone} style={{ flexGrow: share * 1000 }}>{name} is gone</div>;
  const id = `node:${name}`;
  const verdict = verdicts?.get(name) ?? null;
  const used = usage?.get(name) ?? null;
  return (
    <article className={css.card} style={{ flexGrow: share * 1000 }} data-lone={lone || undefined} data-ready={node.ready} data-cordoned={node.cordoned || undefined} data-nearest={verdict?.nearest || undefined} data-selected={selected === id || undefined} aria-label={`Node ${name}`}>
      <header className={css.head} data-dim={filter !== null && !matches(filter, null, node) ? "" : undefined}>
        <button type="button" className={css.name} tabIndex={-1} data-stop={id} aria-label={speakNode(node)} onClick={() => select(id)}>{name}</button>
        <span className={css.pods}>{node.pods} pods</span>
        <span className={css.where}>{[node.instanceType, shortZone(node.zone)].filter(Boolean).join(" · ") || "no type, no zone"}</span>
        <NodeWord node={node} verdict={verdict} />
      </header>
      <div className={css.bars}>
        <Capacity name="CPU" ratio={cpuRatio(node.requestedCpuMillis, node.cpuMillis)} requested={node.requestedCpuMillis} allocatable={node.cpuMillis} used={used?.cpuMillis ?? null} asked={verdict?.nearest ? asked?.cpuMillis : 0} />
        <Capacity name="Mem" ratio={memoryRatio(node.requestedMemoryBytes, node.memoryBytes)} requested={node.requestedMemoryBytes} allocatable={node.memoryBytes} used={used?.memoryBytes ?? null} asked={0} />
      </div>
      {warning !== "" && <p className={css.warning}><PodMark state="warning" size={11} /> {warning}</p>}
      <div className={css.groups}>{groups.map((group) => <Group key={group.id} group={group} />)}</div>
    </article>
  );
});

function Group({ group }: { group: CellGroup }) {
  return (
    <div className={css.group} data-everywhere={group.everywhere || undefined}>
      <span className={css.label}>
        {group.home !== null && <TierBadge tier={group.home} size={12} />}
        <span className={css.labelText} title={group.label}>{group.label}</span>
      </span>
      <span className={css.cells}>{group.pods.map((key) => <PodCell key={key} podKey={key} />)}</span>
    </div>
  );
}

/** What stands at the right of the type: trouble of the node itself before what the selected pod finds. */
function NodeWord({ node, verdict }: { node: NodeRow; verdict: Verdict | null }) {
  if (node.ready !== "ready") return <span className={css.word} data-tone="red">{node.ready === "unknown" ? "not answering" : (node.reason || "not ready")}</span>;
  if (verdict) return <span className={css.word} data-tone={verdict.fits ? "green" : verdict.nearest ? "red" : "mut"}>{verdict.fits ? "✓" : "✕"} {verdict.word}</span>;
  if (node.cordoned) return <span className={css.word} data-tone="amber">cordoned</span>;
  if (node.reason) return <span className={css.word} data-tone="amber">{node.reason}</span>;
  return <span className={css.word} />;
}

export function Capacity({ name, ratio, ...bar }: { name: string; ratio: Ratio } & Omit<CapacityBarProps, "label">) {
  return (
    <div className={css.capacity}>
      <span className={css.what}>{name}</span>
      <CapacityBar {...bar} label={`${name} requested ${ratio.part} of ${ratio.whole}`} />
      <span className={css.ratio}><b>{ratio.part}</b>/{ratio.whole}</span>
    </div>
  );
}

function speakNode(node: NodeRow): string {
  const state = [node.ready === "ready" ? "ready" : node.ready === "unknown" ? "not answering" : "not ready", node.cordoned ? "cordoned" : "", node.reason].filter(Boolean).join(", ");
  return `Node ${node.name}, ${node.tier === null ? "no tier" : `tier ${node.tier}`}, ${state}, ${node.pods} pods`;
}
