// What each table shows: a column's head, what it sorts by, what stands in its cell, and what is copied of it.
import type { ReactNode } from "react";
import type { EventRow, NodeRow, PodRow, WorkloadRow } from "@/lib/placement/model";
import { Bar } from "../../ui/bar";
import { clockTime } from "../fresh-words";
import { ageText, cpuRatio, cpuText, memoryRatio, memoryText, share, shortZone } from "../map/amounts";
import { PodMark } from "../pod-mark";
import { TierBadge } from "../tier-badge";
import css from "./cells.module.css";
import type { ShownRow } from "./row-order";

export interface Column {
  id: string;
  head: string;
  /** A track of the grid. */
  width: string;
  /** Its track on phones; "" where it is not shown there. */
  narrow: string;
  numeric: boolean;
  value: (row: ShownRow) => string | number | null;
  cell: (row: ShownRow, now: number) => ReactNode;
  /** As plain text for the clipboard. */
  text: (row: ShownRow) => string;
}

interface Spec<R> {
  head: string;
  width: string;
  narrow?: string;
  numeric?: boolean;
  value: (row: R) => string | number | null;
  cell?: (row: R, now: number) => ReactNode;
}

/** Columns of one kind of row, as columns that any table can hold: `is` tells the kind at run time, other rows show nothing. */
function columnsFor<R extends ShownRow>(is: (row: ShownRow) => row is R, specs: Record<string, Spec<R>>): readonly Column[] {
  return Object.entries(specs).map(([id, { head, width, narrow = "", numeric = false, value, cell }]) => ({
    id, head, width, narrow, numeric,
    value: (row) => (is(row) ? value(row) : null),
    cell: (row, now) => (is(row) ? (cell ? cell(row, now) : value(row)) : null),
    text: (row) => (is(row) ? String(value(row) ?? "") : ""),
  }));
}

const age = (at: number, now: number) => <time dateTime={Number.isFinite(at) ? new Date(at).toISOString() : undefined} title={Number.isFinite(at) ? new Date(at).toLocaleString() : "unknown"}>{now === 0 || !Number.isFinite(at) ? "–" : ageText(now - at)}</time>;

/** "930/2000m" over a thin bar; the figures first, the picture second. */
function Used({ part, whole, of, what }: { part: string; whole: string; of: number; what: string }) {
  return (
    <span className={css.used}>
      <span>{part}<span className={css.whole}>/{whole}</span></span>
      <Bar value={of} height={3} label={`${what} ${part} of ${whole}`} colour={of > 0.9 ? "var(--state-warning)" : undefined} />
    </span>
  );
}

export const podColumns = columnsFor((row): row is PodRow => "restarts" in row, {
  state: { head: "State", width: "minmax(112px, 1.1fr)", narrow: "34px", value: ({ state, reason }) => (reason ? `${state} ${reason}` : state), cell: ({ state, reason }) => <span className={css.state} title={reason || state}><PodMark state={state} /> <span className={css.word}>{reason || state}</span></span> },
  name: { head: "Pod", width: "minmax(200px, 3fr)", narrow: "minmax(0, 1fr)", value: ({ name }) => name, cell: ({ name }) => <span className={css.mono} title={name}>{name}</span> },
  namespace: { head: "Namespace", width: "minmax(80px, 1fr)", value: ({ namespace }) => namespace },
  app: { head: "App", width: "minmax(90px, 1.4fr)", value: ({ app }) => app },
  declared: { head: "Belongs", width: "52px", value: ({ declared }) => declared, cell: ({ declared }) => (declared === null ? <span className={css.dim}>–</span> : <TierBadge tier={declared} />) },
  actual: { head: "Runs in", width: "64px", value: ({ actual }) => actual, cell: ({ actual, drift }) => (actual === null ? <span className={css.dim}>–</span> : <span className={css.state}><TierBadge tier={actual} />{drift && <span className={css.drift}>drift</span>}</span>) },
  node: { head: "Node", width: "minmax(112px, 1.2fr)", value: ({ node }) => node, cell: ({ node }) => (node ? <span className={css.mono} title={node}>{node}</span> : <span className={css.dim}>none</span>) },
  cpu: { head: "CPU", width: "64px", numeric: true, value: ({ cpuMillis }) => cpuMillis, cell: ({ cpuMillis }) => cpuText(cpuMillis) },
  memory: { head: "Memory", width: "70px", numeric: true, value: ({ memoryBytes }) => memoryBytes, cell: ({ memoryBytes }) => memoryText(memoryBytes) },
  restarts: { head: "Restarts", width: "68px", numeric: true, value: ({ restarts }) => restarts },
  age: { head: "Age", width: "56px", narrow: "44px", numeric: true, value: ({ createdAt }) => -createdAt, cell: ({ createdAt }, now) => age(createdAt, now) },
});

export const nodeColumns = columnsFor((row): row is NodeRow => "podSlots" in row, {
  ready: { head: "State", width: "minmax(110px, 150px)", narrow: "34px", value: ({ ready, cordoned, reason }) => `${ready}${cordoned ? " cordoned" : ""} ${reason}`.trim(), cell: ({ ready, cordoned, reason }) => <span className={css.state} title={reason}><PodMark state={ready === "ready" ? (cordoned ? "terminating" : "running") : ready === "unknown" ? "unknown" : "failed"} /> <span className={css.word}>{ready === "ready" ? (cordoned ? "cordoned" : "ready") : reason || ready}</span></span> },
  name: { head: "Node", width: "minmax(130px, 1.5fr)", narrow: "minmax(0, 1fr)", value: ({ name }) => name, cell: ({ name }) => <span className={css.mono} title={name}>{name}</span> },
  tier: { head: "Tier", width: "50px", narrow: "24px", value: ({ tier }) => tier, cell: ({ tier }) => <TierBadge tier={tier} /> },
  type: { head: "Type", width: "90px", value: ({ instanceType }) => instanceType },
  zone: { head: "Zone", width: "50px", value: ({ zone }) => zone, cell: ({ zone }) => <span title={zone}>{shortZone(zone)}</span> },
  cpu: { head: "CPU requested", width: "minmax(100px, 1fr)", numeric: true, value: (row) => share(row.requestedCpuMillis, row.cpuMillis), cell: (row) => <Used {...cpuRatio(row.requestedCpuMillis, row.cpuMillis)} of={share(row.requestedCpuMillis, row.cpuMillis)} what="CPU" /> },
  memory: { head: "Memory requested", width: "minmax(110px, 1fr)", numeric: true, value: (row) => share(row.requestedMemoryBytes, row.memoryBytes), cell: (row) => <Used {...memoryRatio(row.requestedMemoryBytes, row.memoryBytes)} of={share(row.requestedMemoryBytes, row.memoryBytes)} what="Memory" /> },
  pods: { head: "Pods", width: "70px", numeric: true, value: ({ pods }) => pods, cell: ({ pods, podSlots }) => <>{pods}<span className={css.whole}>/{Number.isFinite(podSlots) ? podSlots : "?"}</span></> },
  taints: { head: "Taints", width: "minmax(80px, 1fr)", value: ({ taints }) => taints.join(" "), cell: ({ taints }) => <span title={taints.join("\n")}>{taints.length === 0 ? <span className={css.dim}>none</span> : taints.map((taint) => taint.replace(/^.*\//, "")).join(", ")}</span> },
  version: { head: "Kubelet", width: "76px", value: ({ version }) => version, cell: ({ version }) => <span className={css.mono}>{version}</span> },
  age: { head: "Age", width: "52px", narrow: "44px", numeric: true, value: ({ createdAt }) => -createdAt, cell: ({ createdAt }, now) => age(createdAt, now) },
});

export const workloadColumns = columnsFor((row): row is WorkloadRow => "wanted" in row, {
  state: { head: "State", width: "120px", narrow: "34px", value: ({ ready, wanted }) => (wanted === 0 ? 2 : ready / wanted), cell: ({ ready, wanted }) => <span className={css.state}><PodMark state={wanted === 0 ? "done" : ready >= wanted ? "running" : ready === 0 ? "failed" : "starting"} /> <span className={css.word}>{wanted === 0 ? "at zero" : ready >= wanted ? "ready" : ready === 0 ? "none ready" : "partly ready"}</span></span> },
  name: { head: "Workload", width: "minmax(150px, 2fr)", narrow: "minmax(0, 1fr)", value: ({ name }) => name, cell: ({ name }) => <span className={css.mono} title={name}>{name}</span> },
  kind: { head: "Kind", width: "104px", value: ({ kind }) => kind },
  namespace: { head: "Namespace", width: "minmax(80px, 1fr)", value: ({ namespace }) => namespace },
  declared: { head: "Belongs", width: "64px", value: ({ declared }) => declared, cell: ({ declared }) => (declared === null ? <span className={css.dim}>–</span> : <TierBadge tier={declared} />) },
  ready: { head: "Ready", width: "70px", narrow: "48px", numeric: true, value: ({ ready }) => ready, cell: ({ ready, wanted }) => <>{ready}<span className={css.whole}>/{wanted}</span></> },
  pods: { head: "Pods", width: "56px", numeric: true, value: ({ pods }) => pods },
  drift: { head: "Off tier", width: "64px", numeric: true, value: ({ drift }) => drift, cell: ({ drift }) => (drift > 0 ? <span className={css.drift}>{drift}</span> : <span className={css.dim}>0</span>) },
  images: { head: "Images", width: "minmax(120px, 2fr)", value: ({ images }) => images.join(", "), cell: ({ images }) => <span className={css.mono} title={images.join("\n")}>{images.map((image) => image.replace(/^.*\//, "")).join(", ")}</span> },
  age: { head: "Age", width: "56px", numeric: true, value: ({ createdAt }) => -createdAt, cell: ({ createdAt }, now) => age(createdAt, now) },
});

export const eventColumns = columnsFor((row): row is EventRow => "uid" in row, {
  at: { head: "Time", width: "72px", narrow: "62px", value: ({ at }) => -at, cell: ({ at }) => <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()} className={css.mono}>{clockTime(at)}</time> },
  type: { head: "Type", width: "88px", value: ({ type }) => type, cell: ({ type }) => <span className={css.state}>{type === "Warning" && <PodMark state="warning" />} {type}</span> },
  reason: { head: "Reason", width: "minmax(110px, 1.3fr)", narrow: "104px", value: ({ reason }) => reason },
  object: { head: "Object", width: "minmax(180px, 3fr)", narrow: "minmax(0, 1fr)", value: ({ kind, namespace, name }) => [kind, namespace, name].filter(Boolean).join("/"), cell: ({ kind, name }) => <span title={`${kind} ${name}`}><span className={css.dim}>{kind}</span> <span className={css.mono}>{name}</span></span> },
  namespace: { head: "Namespace", width: "110px", value: ({ namespace }) => namespace },
  message: { head: "Message", width: "minmax(160px, 4fr)", value: ({ message }) => message, cell: ({ message }) => <span title={message}>{message}</span> },
  count: { head: "Times", width: "56px", numeric: true, value: ({ count }) => count },
});
