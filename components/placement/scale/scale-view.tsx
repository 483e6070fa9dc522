"use client";
// The map of a large cluster: a block per node on a canvas, rollups that never leave, hot spots and a lens beside it, the histogram as its scale.
import { Button, SegmentedControl } from "@mantine/core";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import { tableTwin } from "@/components/placement/address";
import type { PlacementStore } from "@/components/placement/store";
import type { Filter } from "@/lib/placement/filter";
import { shortZone } from "../map/amounts";
import { BandRollup } from "../map/band-rollup";
import { listenOnPage } from "../map/map-keys";
import { MapProvider, type MapSettings } from "../map/map-context";
import { PlacementTools } from "../map/placement-tools";
import type { Selection } from "../map/use-selection";
import { Histogram } from "./histogram";
import { Painter, type Told } from "./painter";
import { ScaleLane } from "./scale-lane";
import { ScalePanel } from "./scale-panel";
import css from "./scale-view.module.css";
import { type Metric, metrics, metricWords } from "./shade";
import { spokenNode, spokenTrouble } from "./walk";

export interface ScaleViewProps { store: PlacementStore; filter: Filter | null; selection: Selection; toggle(term: string): void; bound(term: string): void; usage: MapSettings["usage"]; stale: boolean }

export function ScaleView({ store, filter, selection, toggle, bound, usage, stale }: ScaleViewProps) {
  const [metric, setMetric] = useQueryState("colour", parseAsStringLiteral(metrics).withDefault("cpu"));
  const [painter] = useState(() => new Painter(store, selection.select));
  const told = useSyncExternalStore(painter.subscribe, painter.told, painter.told);
  const settings = useMemo<MapSettings>(() => ({ slug: store.cluster, store, filter, usage, toggle, selected: selection.id, select: selection.select, asked: null, verdicts: null }), [store, filter, usage, toggle, selection.id, selection.select]);
  const router = useRouter();
  const toTable = (key: string) => {
    const meant = key === "t" || key === "T";
    if (meant) router.push(tableTwin(store.cluster, window.location.search));
    return meant;
  };
  /** Given to the stage's ref, so that the painter hears of a new look when it is on the page, and not while React draws. */
  const look = useCallback((stage: HTMLDivElement | null) => {
    if (stage) painter.look({ metric, filter, selected: selection.node });
  }, [painter, metric, filter, selection.node]);
  return (
    <MapProvider value={settings}>
      <PlacementTools>
        <span className={css.by}>Colour by</span>
        <SegmentedControl size="xs" value={metric} onChange={(value) => void setMetric(metrics.find((one) => one === value) ?? "cpu")} data={metrics.map((value) => ({ value, label: metricWords[value] }))} aria-label="Colour blocks by" />
        <Button.Group>
          <Button size="compact-sm" variant="default" onClick={() => painter.zoom(1 / 1.5)} aria-label="Zoom out">−</Button>
          <Button size="compact-sm" variant="default" onClick={() => painter.zoom(1.5)} aria-label="Zoom in">+</Button>
          <Button size="compact-sm" variant="default" onClick={() => painter.fit()}>Fit</Button>
        </Button.Group>
      </PlacementTools>
      <div className={css.scale} ref={() => listenOnPage(toTable)} data-stale={stale || undefined}>
        <div className={css.left}>
          <ScaleLane store={store} toggle={toggle} />
          <Zones told={told} toggle={toggle} />
          <div className={css.stage} ref={look}>
            <Rollups told={told} />
            <canvas ref={painter.attach} className={css.canvas} tabIndex={0} role="application" aria-roledescription="map" aria-describedby="scale-keys" aria-label={`${told.grid.names.length.toLocaleString("en")} nodes as blocks`} />
          </div>
          <Histogram told={told} metric={metric} toggle={toggle} bound={bound} />
          <p className={css.twin}><TwinLink cluster={store.cluster} /> · <span id="scale-keys">drag pans, on the lens carries it; wheel zooms, a click opens; arrows walk, brackets go from trouble to trouble, Enter opens, Esc closes, T shows the table, Z takes the lens along, Shift with arrows pans, + − 0 zoom</span></p>
          <Spoken store={store} told={told} metric={metric} />
        </div>
        <ScalePanel painter={painter} told={told} store={store} toggle={toggle} />
      </div>
    </MapProvider>
  );
}

/** With the filter and what is open, as T goes there. */
function TwinLink({ cluster }: { cluster: string }) {
  const search = useSearchParams().toString();
  return <Link href={tableTwin(cluster, search && `?${search}`)}>The same as a table</Link>;
}

/** Where the keyboard stands, and how much is wrong whenever that changes; in words for those who do not see it. */
function Spoken({ store, told: { grid, facts, walked }, metric }: { store: PlacementStore; told: Told; metric: Metric }) {
  const named = metric === "state" || metric === "drift" ? "" : metricWords[metric];
  return (
    <>
      <span className={css.spoken} role="status" data-spoken="walked">{walked === "" ? "" : spokenNode(store, grid, { facts, name: walked, metric: named })}</span>
      <span className={css.spoken} role="status" data-spoken="trouble">{spokenTrouble(facts)}</span>
    </>
  );
}

/** A rollup stays at its band as long as any of it is in sight. */
function Rollups({ told: { grid, rollups, view } }: { told: Told }) {
  return (
    <div className={css.rollups}>
      {grid.bands.map(({ band, y, height }) => {
        const rollup = rollups.get(band);
        const top = (y - view.y) * view.zoom;
        const bottom = top + height * view.zoom;
        return rollup && bottom > 40 && <div key={band} className={css.rollup} data-tier={band} style={{ top, height: bottom - top }}><div className={css.stick} style={{ paddingTop: Math.max(0, Math.min(-top, bottom - top - 104)) }}><BandRollup band={band} rollup={rollup} /></div></div>;
      })}
    </div>
  );
}

function Zones({ told: { grid, view }, toggle }: { told: Told; toggle: (term: string) => void }) {
  return (
    <div className={css.zones}>
      <span className={css.legend}>one block is one node</span>
      <div className={css.zoneNames}>
        {grid.zones.map(({ zone, x, width, nodes }) => (
          <button key={zone} type="button" className={css.zone} style={{ left: (x - view.x) * view.zoom, width: width * view.zoom }} onClick={() => toggle(`az:${zone}`)}>
            <b><span className={css.wide}>{zone || "no zone"}</span><span className={css.narrow}>{shortZone(zone)}</span></b> <span>{nodes.toLocaleString("en")} nodes</span>
          </button>
        ))}
      </div>
    </div>
  );
}
