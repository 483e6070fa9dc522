"use client";
// The overview of a cluster: one sentence, what needs attention, the four tiers, what moves, what happened.
import { Button } from "@mantine/core";

import { memoryText } from "../placement/map/amounts";
import { type Placement, type PlacementStore, useDerived, useFreshness, usePlacement } from "../placement/queries";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { AttentionPanel } from "./attention-panel";
import { ComingUp } from "./coming-up";
import { DeploymentsPanel } from "./deployments-panel";
import { EventsPanel } from "./events-panel";
import { type Facts, factsOf, verdictOf } from "./verdict";
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
        <DeploymentsPanel cluster={cluster} />
      </div>
      <EventsPanel store={store} cluster={cluster} />
    </>
  );
}

const sameFacts = (a: Facts, b: Facts) => JSON.stringify(a) === JSON.stringify(b);

function Verdict({ store }: { store: PlacementStore }) {
  const { pods, nodes, ready, cpuMillis, memoryBytes, ...trouble } = useDerived(store, factsOf, sameFacts);
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
