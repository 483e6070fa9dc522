"use client";
// The map of a small cluster, in the page: nowhere on top, four bands, every pod a cell that watches its own row.
import type { Usage } from "@/components/metrics/queries";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FocusEvent, type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from "react";
import { tableTwin } from "@/components/placement/address";
import { explainQuery } from "@/components/placement/drawer/queries";
import type { ExplainAnswer } from "@/components/placement/drawer/wire";
import { useDerived, useRow } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import type { Filter } from "@/lib/placement/filter";
import { HoverCard, type Hovered, placeHover } from "./hover-card";
import { type Grouping, groupings } from "./layout";
import { MapProvider, type MapSettings, type Verdict } from "./map-context";
import { MapFoot } from "./map-foot";
import { directionOf, findStop, focusStop, listenOnPage, markSiblings, moveFocus, stopsIn, troubleFrom } from "./map-keys";
import css from "./map-view.module.css";
import { NowhereLane } from "./nowhere-lane";
import { rollupKeeper } from "./rollup";
import { shapeKeeper } from "./shape";
import { TierBand } from "./tier-band";
import type { Selection } from "./use-selection";
import { nodeWarnings, sameTexts } from "./warnings";

export interface MapViewProps {
  store: PlacementStore;
  filter: Filter | null;
  by: Grouping;
  setBy(by: Grouping): void;
  selection: Selection;
  toggle(term: string): void;
  usage: ReadonlyMap<string, Usage> | null;
  stale: boolean;
}

export function MapView({ store, filter, by, setBy, selection, toggle, usage, stale }: MapViewProps) {
  const slug = store.cluster;
  const { shape, rollups, warnings } = useParts(store, by);
  const selected = useRow(store, "pods", selection.pod);
  const answer = useQuery({ ...explainQuery(slug, selection.pod), enabled: selected?.node === "" }).data;
  const waiting = selected?.node === "" ? selected : null;
  const { cpuMillis = 0, memoryBytes = 0 } = waiting ?? {};
  const settings = useMemo<MapSettings>(() => ({
    slug, store, filter, usage, toggle, selected: selection.id, select: selection.select,
    asked: waiting ? { cpuMillis, memoryBytes } : null, verdicts: waiting && answer ? verdictsOf(answer) : null,
  }), [slug, store, filter, usage, toggle, selection.id, selection.select, waiting, cpuMillis, memoryBytes, answer]);
  const map = useMapHands({ store, by, setBy });
  return (
    <MapProvider value={settings}>
      {/* The map is one tab stop: the box takes the focus and hands it to the place that had it last. */}
      <div className={css.map} ref={map.ref} role="group" aria-label="Map of nodes and pods. Arrows move, Enter opens, brackets walk the trouble." tabIndex={0} data-stale={stale || undefined} {...map.handlers}>
        <NowhereLane pods={shape.nowhere} />
        <div className={css.bands}>
          {shape.bands.map((band) => {
            const rollup = rollups.get(band.band);
            return rollup && <TierBand key={band.band} shape={band} rollup={rollup} groups={shape.groups} warnings={warnings} />;
          })}
        </div>
      </div>
      <MapFoot usage={usage !== null} asked={waiting !== null} offTier={store.rollups.totals().drift > 0} />
      {map.hovered && <HoverCard store={store} hovered={map.hovered} />}
    </MapProvider>
  );
}

function useParts(store: PlacementStore, by: Grouping) {
  const [keep] = useState(shapeKeeper);
  const readShape = useCallback(({ tables }: PlacementStore) => keep(tables, by), [keep, by]);
  const shape = useDerived(store, readShape);
  const [keepRollups] = useState(rollupKeeper);
  const readRollups = useCallback(({ tables }: PlacementStore) => keepRollups(shape.bands.map(({ band }) => band), tables), [keepRollups, shape.bands]);
  const rollups = useDerived(store, readRollups);
  const warnings = useDerived(store, readWarnings, sameTexts);
  return { shape, rollups, warnings };
}

const readWarnings = ({ tables }: PlacementStore) => nodeWarnings(tables);

function verdictsOf({ explanation }: ExplainAnswer): Map<string, Verdict> {
  return new Map(explanation.nodes.map(({ node, fits, refusals }) => [node, { fits, word: fits ? "fits" : (refusals[0]?.short ?? "no"), nearest: explanation.nearest?.node === node }]));
}

/** Keyboard, focus and hovering of the map. */
function useMapHands({ store, by, setBy }: Pick<MapViewProps, "store" | "by" | "setBy">) {
  const router = useRouter();
  const box = useRef<HTMLDivElement | null>(null);
  const last = useRef("");
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const commands = { by, setBy, table: () => router.push(tableTwin(store.cluster, window.location.search)) };
  const hover = (target: EventTarget | null) => {
    const map = box.current;
    if (!map) return;
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-workload]") : null;
    const podKey = cell?.dataset.stop?.slice("pod:".length) ?? "";
    markSiblings(map, cell?.dataset.workload ?? "");
    setHovered((now) => (podKey === "" || !cell ? null : now?.podKey === podKey ? now : placeHover(podKey, cell.getBoundingClientRect(), { width: window.innerWidth, height: window.innerHeight })));
  };
  return {
    hovered,
    /** React 19 calls the returned function when the element goes: the page's keys live and die with the map. */
    ref: (map: HTMLDivElement | null) => {
      box.current = map;
      return listenOnPage((key) => map !== null && runKey(key, map, commands));
    },
    handlers: {
      onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
        const direction = directionOf(event.key);
        if (direction && box.current && !event.altKey && !event.metaKey) {
          moveFocus(box.current, direction);
          event.preventDefault();
        }
      },
      onFocus(event: FocusEvent<HTMLDivElement>) {
        const map = event.currentTarget;
        if (event.target === map) {
          (findStop(map, last.current) ?? stopsIn(map)[0])?.focus({ preventScroll: true });
          return;
        }
        map.tabIndex = -1;
        last.current = event.target.closest<HTMLElement>("[data-stop]")?.dataset.stop ?? last.current;
        if (event.target.matches(":focus-visible")) hover(event.target);
      },
      onBlur(event: FocusEvent<HTMLDivElement>) {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        event.currentTarget.tabIndex = 0;
        hover(null);
      },
      onPointerOver: (event: PointerEvent<HTMLDivElement>) => event.pointerType === "mouse" && hover(event.target),
      onPointerLeave: () => hover(null),
    },
  };
}

interface Commands { by: Grouping; setBy(by: Grouping): void; table(): void }

/** The keys that work on the whole page; true when one was meant. */
function runKey(key: string, map: HTMLElement, { by, setBy, table }: Commands): boolean {
  switch (key) {
    case "[":
    case "]": {
      const to = troubleFrom(map, key === "]" ? 1 : -1);
      return to !== null && focusStop(map, to);
    }
    case "g":
    case "G":
      setBy(groupings[(groupings.indexOf(by) + 1) % groupings.length] ?? "app");
      return true;
    case "t":
    case "T":
      table();
      return true;
    default:
      return false;
  }
}
