"use client";
// The overview of a cluster: one sentence, what needs attention, the four tiers, what moves, what happened.
import { Button } from "@mantine/core";

import { memoryText } from "../placement/map/amounts";
import { type Placement, type PlacementStore, useDerived, useFreshness, usePlacement } from "../placement/queries";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { AttentionPanel } from "./attention-panel";
import { ComingUp } from "./coming-up";
import { EventsPanel } from "./events-panel";
import css from "./overview.module.css";
import { RolloutsPanel } from "./rollouts-panel";
import { TiersPanel } from "./tiers-panel";

export function Overview({ cluster }: { cluster: string }) {
  const placement = usePlacement(cluster);
  const { state } = useFreshness(cluster);
  return (
    <div className={css.page} data-stale={state === "stale" || state === "unreachable" || undefined}>
      <header className={css.head}>
        <h1>Overview</h1>
        {placement.status === "ready" && <Verdict store={placement.store} />}
      </header>
      <ComingUp />
      <Body placement={placement} cluster={cluster} />
    </div>
  );
}

function Body({ placement: { status, store, error, retry }, cluster }: { placement: Placement; cluster: string }) {
  if (status === "loading") return <LoadingRows rows={12} height={44} label="Loading the cluster" />;
  if (status === "forbidden") return <StatePicture kind="forbidden" title="Not allowed" say={error?.message} requestId={error?.requestId} />;
  if (status === "broken") {
    return <StatePicture kind="broken" title="The cluster cannot be shown" say={error?.message} requestId={error?.requestId} action={<Button size="xs" variant="default" onClick={retry}>Try again</Button>} />;
  }
  return (
    <>
      <AttentionPanel store={store} cluster={cluster} />
      <TiersPanel store={store} cluster={cluster} />
      <div className={css.bottom}>
        <RolloutsPanel store={store} cluster={cluster} />
        <EventsPanel store={store} cluster={cluster} />
      </div>
    </>
  );
}

const facts = (store: PlacementStore) => {
  const { states, pods, drift } = store.rollups.totals();
  let ready = 0;
  let cpuMillis = 0;
  let memoryBytes = 0;
  for (const node of store.tables.nodes.values()) {
    if (node.ready === "ready") ready++;
    cpuMillis += Number.isFinite(node.cpuMillis) ? node.cpuMillis : 0;
    memoryBytes += Number.isFinite(node.memoryBytes) ? node.memoryBytes : 0;
  }
  return { pods, drift, ready, nodes: store.tables.nodes.size, cpuMillis, memoryBytes, failed: states.failed, pending: states.pending, starting: states.starting };
};
type Facts = ReturnType<typeof facts>;
const sameFacts = (a: Facts, b: Facts) => JSON.stringify(a) === JSON.stringify(b);

function Verdict({ store }: { store: PlacementStore }) {
  const { pods, nodes, ready, cpuMillis, memoryBytes, ...trouble } = useDerived(store, facts, sameFacts);
  return (
    <>
      <p className={css.verdict}>{verdictOf({ pods, nodes, ready, cpuMillis, memoryBytes, ...trouble })}</p>
      <p className={css.sizes}>
        <span><b>{ready}</b>{ready === nodes ? "" : ` of ${nodes}`} nodes ready</span>
        <span><b>{pods}</b> pods</span>
        <span><b>{Number((cpuMillis / 1000).toFixed(1)).toLocaleString("en")}</b> vCPU</span>
        <span><b>{memoryText(memoryBytes)}</b></span>
      </p>
    </>
  );
}

export function verdictOf({ nodes, ready, failed, pending, drift, starting }: Facts): string {
  if (nodes === 0) return "No node has joined this cluster.";
  const parts = [
    ready < nodes && `${nodes - ready} of ${count(nodes, "node")} not ready`,
    failed > 0 && `${count(failed, "pod")} failed`,
    pending > 0 && `${count(pending, "pod")} cannot start`,
    drift > 0 && `${drift} run outside their tier`,
    starting > 0 && `${starting} starting`,
  ].filter((part) => part !== false);
  const opening = ready === 0 ? "Not serving" : "Serving";
  return parts.length === 0 ? `${opening}. All pods run where they belong.` : `${opening}. ${parts.join(", ")}.`;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
