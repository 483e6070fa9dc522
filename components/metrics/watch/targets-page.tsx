"use client";
// What Prometheus scrapes: what is down first, with the reason and since when it was tried.
import { TextInput } from "@mantine/core";
import { parseAsString, useQueryState } from "nuqs";
import { useNow } from "@/components/live/use-now";
import { ageText } from "@/components/placement/map/amounts";
import { PodMark } from "@/components/placement/pod-mark";
import { Panel } from "@/components/ui/panel";
import { Trouble } from "@/components/live/answer";
import { LoadingRows, StatePicture } from "@/components/ui/state-picture";
import type { Target } from "@/lib/metrics/model";
import type { PodState } from "@/lib/placement/model";
import { useLinks, useTargets } from "../queries";
import css from "./watch.module.css";

const marks: Record<Target["health"], PodState> = { up: "running", down: "failed", unknown: "unknown" };

export function TargetsPage({ cluster }: { cluster: string }) {
  const { data, error, refetch } = useTargets(cluster);
  const server = useLinks(cluster).data;
  const [filter, setFilter] = useQueryState("filter", parseAsString.withDefault(""));
  if (!data) return error ? <Trouble error={error} what="the targets" retry={() => void refetch()} /> : <LoadingRows />;
  const targets = data.targets.filter(({ job, address, health, labels }) => filter === "" || [job, address, health, ...Object.values(labels)].some((text) => text.toLowerCase().includes(filter.toLowerCase())));
  const jobs = [...new Set(targets.map(({ job }) => job))];
  const down = data.targets.filter(({ health }) => health === "down").length;
  return (
    <div className={css.page}>
      <p className={css.sum}><PodMark state={down > 0 ? "failed" : "running"} /> {down > 0 ? `${down} of ${data.targets.length} targets are down` : `All ${data.targets.length} targets answer`}</p>
      {server?.prometheus && <p className={css.sum}>Prometheus {server.prometheus.version}{server.prometheus.remarks.map((remark) => <small key={remark}> {remark}</small>)}</p>}
      <TextInput size="xs" className={css.filter} value={filter} onChange={({ currentTarget }) => void setFilter(currentTarget.value || null)} placeholder="Filter by job, address, label or state" aria-label="Filter targets" />
      {jobs.length === 0 && <StatePicture kind="empty" title={data.targets.length === 0 ? "Prometheus scrapes nothing yet" : "No target matches the filter"} />}
      {jobs.map((job) => {
        const members = targets.filter((one) => one.job === job);
        return <Panel key={job} title={job} aside={`${members.filter(({ health }) => health === "up").length} of ${members.length} up`}><ul className={css.rows}>{members.map((one) => <TargetRow key={`${one.address}${JSON.stringify(one.labels)}`} one={one} />)}</ul></Panel>;
      })}
    </div>
  );
}

function TargetRow({ one: { address, health, fault, scrapedAt, tookMs, labels } }: { one: Target }) {
  const now = useNow();
  return (
    <li className={css.rule}>
      <PodMark state={marks[health]} />
      <span className={css.main}>
        <b>{address}</b> <small>{Object.entries(labels).map(([label, text]) => `${label}=${text}`).join("  ")}</small>
        {fault && <span className={css.fault}>{fault}</span>}
      </span>
      <span className={css.figure} suppressHydrationWarning>{health}{scrapedAt === null || now === 0 ? "" : `, ${ageText(now - scrapedAt)} ago`} · {tookMs} ms</span>
    </li>
  );
}
