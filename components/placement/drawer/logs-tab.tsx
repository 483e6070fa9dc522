"use client";
// Logs of a pod or of all pods of its workload: container, follow, previous; only the visible lines are drawn, and scrolling up pauses.
import { Button, Checkbox, Select } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { PlacementStore } from "@/components/placement/store";
import { StatePicture } from "@/components/ui/state-picture";
import { useTail } from "@/components/ui/use-tail";
import { createLogFeed, type LogFeed } from "./log-feed";
import css from "./logs-tab.module.css";
import { podPath } from "./queries";
import type { WirePod } from "./wire";

export function LogsTab({ store, podKey, pod }: { store: PlacementStore; podKey: string; pod: WirePod }) {
  const containers = [...pod.spec.containers, ...pod.spec.initContainers].map(({ name }) => name);
  const [container, setContainer] = useState(containers[0] ?? "");
  const [{ follow, previous, all }, setOptions] = useState({ follow: true, previous: false, all: false });
  const workload = store.tables.pods.get(podKey)?.workload ?? "";
  const together = all && workload !== "";
  const query = new URLSearchParams({ container, follow: String(follow && !previous), previous: String(previous), tail: "500", all: String(together) });
  const url = `${podPath(store.cluster, podKey)}/logs?${query}`;
  if (store.tables.pods.get(podKey)?.node === "") return <StatePicture kind="empty" title="No logs" say="A pod without a node has not started a container." />;
  return (
    <div className={css.logs}>
      <div className={css.options}>
        <Select size="xs" aria-label="Container" data={containers} value={container} onChange={(value) => setContainer(value ?? "")} allowDeselect={false} className={css.container} />
        <Checkbox size="xs" label="follow" checked={follow && !previous} disabled={previous} onChange={(event) => setOptions({ follow: event.currentTarget.checked, previous, all })} />
        <Checkbox size="xs" label="previous" checked={previous} onChange={(event) => setOptions({ follow, previous: event.currentTarget.checked, all })} />
        {workload !== "" && <Checkbox size="xs" label="all pods of the workload" checked={all} onChange={(event) => setOptions({ follow, previous, all: event.currentTarget.checked })} />}
      </div>
      <Lines key={url} url={url} together={together} />
    </div>
  );
}

function Lines({ url, together }: { url: string; together: boolean }) {
  const [feed] = useState(() => createLogFeed(url, together));
  const view = useSyncExternalStore(feed.subscribe, feed.view, feed.view);
  const box = useRef<HTMLDivElement | null>(null);
  const [paused, setPaused] = useState(false);
  // The virtualiser hands out functions that read its inner state; nothing here is memoised over them.
  const rows = useVirtualizer({ count: view.lines.length, getScrollElement: () => box.current, estimateSize: () => 16, overscan: 20, getItemKey: (at) => view.lines[at]?.n ?? at });
  const { body, scrolled, follow } = useTail(box, (on) => setPaused(!on));
  const attach = useAttach(feed, box);
  return (
    <>
      <div className={css.box} ref={attach} tabIndex={0} role="log" aria-label="Log lines" aria-live="off" onScroll={(event) => scrolled(event.currentTarget)}>
        <div ref={body} style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map((item) => {
            const line = view.lines[item.index];
            return line && (
              <div key={item.key} ref={rows.measureElement} data-index={item.index} className={css.line} style={{ transform: `translateY(${item.start}px)` }}>
                {line.pod && <span className={css.pod}>{line.pod} </span>}{line.text}
              </div>
            );
          })}
        </div>
      </div>
      <p className={css.foot} role="status">
        {view.state === "failed" ? `The log stopped: ${view.say}` : view.state === "connecting" ? view.say || "Connecting" : `${view.lines.length.toLocaleString("en")} lines${view.dropped > 0 ? `, ${view.dropped.toLocaleString("en")} older ones let go` : ""}${view.state === "ended" ? ", ended" : ""}`}
        {paused && <Button size="compact-xs" variant="default" onClick={() => follow(true)}>Paused: to the newest</Button>}
      </p>
    </>
  );
}

/** Reading lives as long as the box does: React calls the returned function when the box goes. */
function useAttach(feed: LogFeed, box: RefObject<HTMLDivElement | null>): (element: HTMLDivElement) => () => void {
  return useMemo(() => (element: HTMLDivElement) => {
    box.current = element;
    const stop = feed.start();
    return () => {
      box.current = null;
      stop();
    };
  }, [feed, box]);
}
