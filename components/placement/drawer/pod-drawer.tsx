"use client";
// A pod from all sides: why it is here or nowhere, what it runs, what it says, and what may be done to it.
import { FindingsAbout } from "@/components/diagnostics/findings-about";
import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { ageText } from "@/components/placement/map/amounts";
import { PodMark } from "@/components/placement/pod-mark";
import { useFreshness, useRow } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { TierBadge } from "@/components/placement/tier-badge";
import { useMay } from "@/components/shell/queries";
import { StatePicture } from "@/components/ui/state-picture";
import type { PodRow } from "@/lib/placement/model";
import { Answer } from "@/components/live/answer";
import { ConditionsTab } from "./conditions-tab";
import { ContainersTab } from "./containers-tab";
import { DeletePod } from "./delete-pod";
import css from "./drawer.module.css";
import { EventsTab } from "./events-tab";
import { LogsTab } from "./logs-tab";
import { OwnerTab } from "./owner-tab";
import { podQuery } from "./queries";
import { type Tab, Tabs, useTab } from "./tabs";
import { PodUsage } from "./usage";
import { VolumesTab } from "./volumes-tab";
import { WhyTab } from "./why-tab";
import { podObject, type PodAnswer, type WirePod } from "./wire";
import { YamlTab } from "./yaml-tab";

interface Props { store: PlacementStore; podKey: string; onClose: () => void }

export function PodDrawer({ store, podKey, onClose }: Props) {
  const slug = store.cluster;
  const pod = useRow(store, "pods", podKey);
  const answer = useQuery(podQuery(slug, podKey));
  const [tab, setTab] = useTab("why");
  const stale = useStaleReason(slug);
  const mayLogs = useMay("pod.logs");
  if (!pod && !answer.data) return <Gone podKey={podKey} onClose={onClose} loading={answer.isPending} />;
  const detail = (show: (data: PodAnswer, object: WirePod) => ReactNode) => () => (
    <Answer query={answer} what="this pod">{(data) => show(data, podObject.parse(data.object))}</Answer>
  );
  const waits = pod?.node === "";
  const tabs: Tab[] = [
    { id: "why", label: waits ? "Why pending" : "Why here", show: () => <WhyTab slug={slug} podKey={podKey} store={store} pod={pod} /> },
    { id: "containers", label: "Containers", show: detail((_, object) => <ContainersTab pod={object} />) },
    { id: "conditions", label: "Conditions", show: detail((_, object) => <ConditionsTab conditions={object.status.conditions} goodWhenFalse={false} />) },
    { id: "owner", label: "Owner", show: detail((data, object) => <OwnerTab answer={data} pod={object} slug={slug} />) },
    { id: "volumes", label: "Volumes", show: detail((data, object) => <VolumesTab answer={data} pod={object} />) },
    { id: "logs", label: "Logs", show: detail((_, object) => (mayLogs ? <LogsTab store={store} podKey={podKey} pod={object} /> : <StatePicture kind="forbidden" title="You may not read logs" say="Reading logs needs the permission pod.logs." />)) },
  ];
  const extra: Tab[] = [
    { id: "yaml", label: "YAML", show: detail((data) => <YamlTab object={data.object} what={podKey} />) },
    { id: "events", label: "Events", show: detail((data) => <EventsTab events={data.events} />) },
  ];
  return (
    <>
      <header className={css.head}>
        <div className={css.titleRow}>
          <PodMark state={pod?.state ?? "unknown"} size={14} />
          <h2 className={css.title} title={podKey}>{nameOf(podKey)}</h2>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={onClose} aria-label="Close the drawer"><IconX size={16} /></ActionIcon>
        </div>
        {pod && <Line pod={pod} />}
        {pod && pod.node !== "" && <PodUsage slug={slug} pod={pod} cpuLimitMillis={answer.data?.limits.cpuMillis ?? 0} />}
        <div className={css.actions}>
          <Button size="xs" className={css.strong} component={Link} href={whatIfHref(slug, pod)}>What if…</Button>
          <Button size="xs" variant="default" onClick={() => setTab(tab === "yaml" ? "why" : "yaml")} aria-pressed={tab === "yaml"}>YAML</Button>
          <Button size="xs" variant="default" onClick={() => setTab(tab === "events" ? "why" : "events")} aria-pressed={tab === "events"}>Events <span className={css.count}>{answer.data ? answer.data.events.reduce((sum, event) => sum + event.count, 0) : ""}</span></Button>
          {pod && <DeletePod slug={slug} pod={pod} uid={answer.data ? podObject.parse(answer.data.object).metadata.uid : ""} disabled={stale} onDone={onClose} />}
        </div>
        {stale && <p className={css.why}>{stale}</p>}
        <FindingsAbout cluster={slug} subjects={[{ kind: "pod", key: podKey }, { kind: "workload", key: pod?.workload ?? "" }]} />
      </header>
      <Tabs tabs={tabs} extra={extra} active={tab} onChange={setTab} />
    </>
  );
}

function Line({ pod }: { pod: PodRow }) {
  const kind = pod.workload.split("/")[0];
  return (
    <p className={css.line}>
      <span className={css.state} data-state={pod.state}>{pod.state.charAt(0).toUpperCase() + pod.state.slice(1)}</span>
      {pod.reason && pod.state !== "pending" && <span>{pod.reason}</span>}
      <code>{ageText(Date.now() - pod.createdAt, true)}</code>
      {kind && <span>{kind}</span>}
      <span>{pod.namespace}</span>
      {pod.node !== "" && <span>on <code>{pod.node}</code></span>}
      {pod.declared !== null && <span>belongs to <TierBadge tier={pod.declared} size={13} /></span>}
      {pod.drift && <span>runs in <TierBadge tier={pod.actual} size={13} /></span>}
    </p>
  );
}

function Gone({ podKey, onClose, loading }: { podKey: string; onClose: () => void; loading: boolean }) {
  if (loading) return <StatePicture kind="empty" title={`Looking for ${podKey}`} />;
  return <StatePicture kind="empty" title={`There is no pod ${nameOf(podKey)} now`} say="It has gone, or another has taken its place. The table finds it by its workload." action={<Button size="xs" variant="default" onClick={onClose}>Close</Button>} />;
}

/** Why actions must wait; "" when the picture is true. */
export function useStaleReason(slug: string): string {
  const fresh = useFreshness(slug);
  return fresh.state === "live" ? "" : "The picture is stale: actions wait until it is live again.";
}

function whatIfHref(slug: string, pod: PodRow | undefined): string {
  const base = `/clusters/${encodeURIComponent(slug)}/placement/what-if`;
  if (!pod) return base;
  return pod.node === "" ? `${base}?ask=add&workload=${encodeURIComponent(pod.workload)}&replicas=1` : `${base}?ask=drain&node=${encodeURIComponent(pod.node)}`;
}

function nameOf(podKey: string): string {
  return podKey.slice(podKey.indexOf("/") + 1);
}
