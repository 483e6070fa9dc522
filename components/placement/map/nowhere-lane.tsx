"use client";
// The pods that have no node, on top because they are what most needs a look: a row each while they are few, grouped by the reason when many.
import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import { PodMark } from "@/components/placement/pod-mark";
import { sameMembers, useDerived, useRow } from "@/components/placement/queries";
import { explainQuery } from "@/components/placement/drawer/queries";
import type { PlacementStore } from "@/components/placement/store";
import { TierBadge } from "@/components/placement/tier-badge";
import { matches } from "@/lib/placement/filter";
import type { PodRow } from "@/lib/placement/model";
import { ageText, cpuText, memoryText } from "./amounts";
import { useMap } from "./map-context";
import css from "./nowhere-lane.module.css";
import { PodCell, speakPod } from "./pod-cell";
import { count } from "./rollup";

const rowsMax = 3;

export const NowhereLane = memo(function NowhereLane({ pods }: { pods: readonly string[] }) {
  if (pods.length === 0) return <p className={css.none}>Nowhere: none</p>;
  return (
    <section className={css.lane} aria-label="Pods without a node">
      <div className={css.head}>
        <span className={css.title}>Nowhere</span>
        <span className={css.sub}>{pods.length === 1 ? "1 pod has no node" : `${count(pods.length, "pod")} have no node`}</span>
      </div>
      {pods.length <= rowsMax ? (
        <div className={css.rows}>{pods.map((key) => <PendingRow key={key} podKey={key} />)}</div>
      ) : (
        <Reasons />
      )}
    </section>
  );
});

function PendingRow({ podKey }: { podKey: string }) {
  const { slug, store, select, selected, filter } = useMap();
  const pod = useRow(store, "pods", podKey);
  const explanation = useQuery(explainQuery(slug, podKey)).data?.explanation;
  if (!pod) return null;
  const id = `pod:${podKey}`;
  const dim = filter !== null && !matches(filter, pod, null);
  return (
    <button type="button" className={css.row} tabIndex={-1} data-stop={id} data-state={pod.state} data-workload={pod.workload || podKey} data-selected={selected === id || undefined} data-dim={dim || undefined} aria-label={speakPod(pod)} onClick={() => select(id)}>
      <span className={css.mark}><PodMark state={pod.state} size={14} /></span>
      <span className={css.text}>
        <span className={css.name}>{pod.name}</span>
        <span className={css.facts}>{factsOf(pod)}</span>
      </span>
      {explanation && <span className={css.fits}>fits {explanation.fitting} of {explanation.nodes.length}</span>}
    </button>
  );
}

function factsOf(pod: PodRow) {
  return (
    <>
      {pod.namespace}
      {pod.declared !== null && <> · belongs to <TierBadge tier={pod.declared} size={12} /></>} · asks <code>{cpuText(pod.cpuMillis)}</code> and <code>{memoryText(pod.memoryBytes)}</code> · pending <PendingFor since={pod.createdAt} />
    </>
  );
}

/** Minutes are enough here, and the row is drawn anew with every word about it; the drawer counts seconds. */
function PendingFor({ since }: { since: number }) {
  return <code>{ageText(Date.now() - since)}</code>;
}

/** "reason\tcount" then keys: strings, so that equal lists are seen as equal. */
const reasonsOf = (store: PlacementStore): string[] => {
  const groups = new Map<string, string[]>();
  for (const key of store.rollups.podsOf("")) {
    const pod = store.tables.pods.get(key);
    if (!pod || pod.state === "done") continue;
    const reason = pod.reason || "not looked at yet";
    const list = groups.get(reason);
    if (list) list.push(key);
    else groups.set(reason, [key]);
  }
  return [...groups].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1)).map(([reason, keys]) => [reason, ...keys].join("\n"));
};

function Reasons() {
  const { store, toggle } = useMap();
  const groups = useDerived(store, reasonsOf, sameMembers);
  return (
    <div className={css.reasons}>
      {groups.map((group) => {
        const [reason = "", ...keys] = group.split("\n");
        return (
          <div key={reason} className={css.reason}>
            <button type="button" className={css.label} tabIndex={-1} data-stop={`reason:${reason}`} onClick={() => toggle(`reason:${reason.replaceAll(" ", "*")}`)}>
              {reason} <b>{keys.length.toLocaleString("en")}</b>
            </button>
            <span className={css.cells}>{keys.slice(0, cellsMax).map((key) => <PodCell key={key} podKey={key} size={10} />)}{keys.length > cellsMax && <span className={css.sub}>and {(keys.length - cellsMax).toLocaleString("en")} more in the table</span>}</span>
          </div>
        );
      })}
    </div>
  );
}

/** More cells than this in one reason say nothing that the number does not say. */
const cellsMax = 200;
