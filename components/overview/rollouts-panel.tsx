"use client";
// Workloads that are not all ready: how far each is, pod by pod.
import { filterParam } from "../placement/address";
import { PodMark } from "../placement/pod-mark";
import { type PlacementStore, sameMembers, useDerived } from "../placement/queries";
import { TierBadge } from "../placement/tier-badge";
import type { WorkloadRow } from "@/lib/placement/model";
import { Panel } from "../ui/panel";
import { tagOf } from "./image-tag";
import css from "./rollouts-panel.module.css";
import Link from "next/link";

const shown = 6;
const rolling = new Set(["Deployment", "StatefulSet", "Rollout", "DaemonSet"]);

const moving = (store: PlacementStore): WorkloadRow[] => {
  const rows: WorkloadRow[] = [];
  for (const row of store.tables.workloads.values()) if (rolling.has(row.kind) && (row.ready < row.wanted || row.pods > row.wanted)) rows.push(row);
  return rows.sort((a, b) => a.ready / Math.max(1, a.wanted) - b.ready / Math.max(1, b.wanted) || (a.key < b.key ? -1 : 1));
};

export function RolloutsPanel({ store, cluster }: { store: PlacementStore; cluster: string }) {
  const rows = useDerived(store, moving, sameMembers);
  const stuck = rows.filter(({ ready }) => ready === 0).length;
  const base = `/clusters/${encodeURIComponent(cluster)}/placement/table?view=workloads`;
  return (
    <Panel title="Rollouts now" aside={rows.length === 0 ? "none moving" : `${rows.length - stuck} moving, ${stuck} with none ready`}>
      {rows.length === 0 && <p className={css.none}><PodMark state="running" /> Every workload has the pods it asks for.</p>}
      {rows.slice(0, shown).map((row) => (
        <article key={row.key} className={css.rollout}>
          <div className={css.head}>
            <PodMark state={row.ready === 0 ? "failed" : "starting"} />
            <Link href={`${base}&${filterParam}=${encodeURIComponent(`workload:${row.name}`)}`}>{row.name}</Link>
            <TierBadge tier={row.declared} size={14} />
            <span className={css.image} title={row.images.join(", ")}>{row.images.map(tagOf).join(", ")}</span>
          </div>
          <Segments row={row} />
          <div className={css.words}>
            <span>{row.ready} of {row.wanted} ready</span>
            <span>{row.pods > row.wanted ? `${row.pods - row.wanted} more than wanted` : row.pods < row.wanted ? `${row.wanted - row.pods} not made yet` : ""}</span>
          </div>
        </article>
      ))}
      {rows.length > shown && <p className={css.none}><Link href={base}>{rows.length - shown} more</Link></p>}
    </Panel>
  );
}

const segmentsMax = 24;

function Segments({ row: { ready, wanted, pods } }: { row: WorkloadRow }) {
  if (wanted > segmentsMax) return <div className={css.one}><span style={{ width: `${(ready / wanted) * 100}%` }} /></div>;
  return (
    <div className={css.segments} aria-hidden>
      {Array.from({ length: Math.max(wanted, 1) }, (_, index) => (
        <span key={index} data-state={index < ready ? "ready" : index < pods ? "coming" : "missing"} />
      ))}
    </div>
  );
}
