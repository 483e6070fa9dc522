"use client";
// The Map tab of Placement: what is known of the cluster decides whether it is drawn as cards, as blocks, as outlines, or not at all.
import { Button, SegmentedControl } from "@mantine/core";
import { useNodeUsage } from "@/components/metrics/queries";
import { useDerived, useFreshness, usePlacement } from "@/components/placement/queries";
import { ScaleView } from "@/components/placement/scale/scale-view";
import type { PlacementStore } from "@/components/placement/store";
import { StatePicture } from "@/components/ui/state-picture";
import { NodesClosed, PodsClosed, RestClosed, useClosedKinds } from "./closed-kinds";
import { type Grouping, groupings } from "./layout";
import css from "./map-page.module.css";
import { PlacementTools } from "./placement-tools";
import { MapSkeleton } from "./map-skeleton";
import { MapView } from "./map-view";
import { NoMatch } from "./no-match";
import { StateCounts } from "./state-counts";
import { useFilter } from "./use-filter";
import { useGrouping, useSelection } from "./use-selection";

const words: Record<Grouping, string> = { app: "App", namespace: "Namespace", workload: "Workload" };

/** More than a browser should hold as elements, and more than a person reads as cards. */
const isLarge = ({ tables }: PlacementStore) => tables.nodes.size > 300 || tables.pods.size > 9000;

export function MapPage({ cluster }: { cluster: string }) {
  const { status, store, error, retry } = usePlacement(cluster);
  const stale = useFreshness(cluster).state !== "live" && status === "ready";
  const large = useDerived(store, isLarge);
  const usage = useNodeUsage(cluster);
  const selection = useSelection();
  const [by, setBy] = useGrouping();
  const { text, filter, toggle, bound, clear } = useFilter();
  const closed = useClosedKinds(store);
  const [noNodes, noPods] = [closed.find(({ kind }) => kind === "Node"), closed.find(({ kind }) => kind === "Pod")];
  const drawn = status === "ready" && !(noNodes && store.tables.nodes.size === 0);
  return (
    <div className={css.page}>
      {!large && (
        <PlacementTools>
          <span className={css.by}>Group by</span>
          <SegmentedControl size="xs" value={by} onChange={(value) => setBy(groupings.find((one) => one === value) ?? "app")} data={groupings.map((value) => ({ value, label: words[value] }))} aria-label="Group pods by" />
        </PlacementTools>
      )}
      <StateCounts store={store} text={text} toggle={toggle} />
      {status === "loading" && <MapSkeleton />}
      {status === "forbidden" && <StatePicture kind="forbidden" title="You may not see where things run here" say={error?.message} requestId={error?.requestId} />}
      {status === "broken" && <StatePicture kind="broken" title="The map could not be loaded" say={error?.message} requestId={error?.requestId} action={<Button size="xs" onClick={retry}>Try again</Button>} />}
      {status === "ready" && noPods && <PodsClosed {...noPods} />}
      {status === "ready" && !drawn && noNodes && <NodesClosed {...noNodes} />}
      {drawn && filter && <NoMatch store={store} filter={filter} clear={clear} />}
      {drawn && large && <ScaleView store={store} filter={filter} selection={selection} toggle={toggle} bound={bound} usage={usage} stale={stale} />}
      {drawn && !large && <MapView store={store} filter={filter} by={by} setBy={setBy} selection={selection} toggle={toggle} usage={usage} stale={stale} />}
      {status === "ready" && <RestClosed closed={closed} />}
    </div>
  );
}
