"use client";
// A node from all sides: how it is, what it carries and for whom, the machine under it, and cordon and drain.
import { FindingsAbout } from "@/components/diagnostics/findings-about";
import { ActionIcon, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRow } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { TierBadge } from "@/components/placement/tier-badge";
import { ageText, shortZone } from "@/components/placement/map/amounts";
import { PodMark } from "@/components/placement/pod-mark";
import { useMay } from "@/components/shell/queries";
import { StatePicture } from "@/components/ui/state-picture";
import type { NodeRow } from "@/lib/placement/model";
import { Answer } from "@/components/live/answer";
import { ConditionsTab } from "./conditions-tab";
import { DrainNode } from "./drain-node";
import css from "./drawer.module.css";
import { EventsTab } from "./events-tab";
import { NodePods } from "./node-pods";
import { NodeSheet } from "./node-sheet";
import { useStaleReason } from "./pod-drawer";
import { cordonNode, nodeQuery } from "./queries";
import { type Tab, Tabs, useTab } from "./tabs";
import { NodeUsage } from "./usage";
import { nodeObject } from "./wire";
import { YamlTab } from "./yaml-tab";

export function NodeDrawer({ store, name, onClose }: { store: PlacementStore; name: string; onClose: () => void }) {
  const slug = store.cluster;
  const node = useRow(store, "nodes", name);
  const answer = useQuery(nodeQuery(slug, name));
  const [tab, setTab] = useTab("pods");
  const stale = useStaleReason(slug);
  if (!node) return <StatePicture kind="empty" title={`There is no node ${name} now`} action={<Button size="xs" variant="default" onClick={onClose}>Close</Button>} />;
  const tabs: Tab[] = [
    { id: "pods", label: "Pods", count: node.pods, show: () => <NodePods store={store} name={name} /> },
    { id: "conditions", label: "Conditions", show: () => <Answer query={answer} what="this node">{(data) => <ConditionsTab conditions={nodeObject.parse(data.object).status.conditions} goodWhenFalse />}</Answer> },
    { id: "machine", label: "Labels and machine", show: () => <Answer query={answer} what="this node">{(data) => <NodeSheet node={node} answer={data} />}</Answer> },
    { id: "events", label: "Events", show: () => <Answer query={answer} what="this node">{(data) => <EventsTab events={data.events} />}</Answer> },
    { id: "yaml", label: "YAML", show: () => <Answer query={answer} what="this node">{(data) => <YamlTab object={data.object} what={name} />}</Answer> },
  ];
  return (
    <>
      <header className={css.head}>
        <div className={css.titleRow}>
          <PodMark state={node.ready === "ready" ? "running" : node.ready === "unknown" ? "unknown" : "failed"} size={14} />
          <h2 className={css.title} title={name}>{name}</h2>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={onClose} aria-label="Close the drawer"><IconX size={16} /></ActionIcon>
        </div>
        <Line node={node} />
        <NodeUsage slug={slug} node={node} />
        <div className={css.actions}>
          <Cordon slug={slug} node={node} disabled={stale} />
          <DrainNode slug={slug} node={node} disabled={stale} />
          <Button size="xs" variant="default" component={Link} href={`/clusters/${encodeURIComponent(slug)}/placement/what-if?ask=lose-node&node=${encodeURIComponent(name)}`}>What if lost…</Button>
        </div>
        {stale && <p className={css.why}>{stale}</p>}
        <FindingsAbout cluster={slug} subjects={[{ kind: "node", key: name }]} />
      </header>
      <Tabs tabs={tabs} active={tab} onChange={setTab} />
    </>
  );
}

function Line({ node }: { node: NodeRow }) {
  const word = { ready: "Ready", "not-ready": "Not ready", unknown: "Not answering" }[node.ready];
  return (
    <p className={css.line}>
      <span className={css.state} data-state={node.ready === "ready" ? "running" : "failed"}>{word}</span>
      {node.cordoned && <span className={css.state} data-state="warning">cordoned</span>}
      {node.reason && <span>{node.reason}</span>}
      <span><TierBadge tier={node.tier} size={13} /></span>
      {node.instanceType && <span>{node.instanceType}</span>}
      {node.zone && <span>{shortZone(node.zone)}</span>}
      <span>{node.version}</span>
      <span>{ageText(Date.now() - node.createdAt)} old</span>
    </p>
  );
}

function Cordon({ slug, node, disabled }: { slug: string; node: NodeRow; disabled: string }) {
  const may = useMay("node.cordon");
  const cache = useQueryClient();
  const word = node.cordoned ? "Uncordon" : "Cordon";
  const change = useMutation({
    mutationFn: () => cordonNode(slug, node.name, !node.cordoned),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["placement", slug, "node", node.name] }),
    onError: (error) => notifications.show({ color: "red", title: `${word} ${node.name} failed`, message: error.message }),
  });
  const why = disabled || (may ? "" : "Cordoning needs the permission node.cordon.");
  return <Button size="xs" variant="default" loading={change.isPending} disabled={why !== ""} title={why || (node.cordoned ? "New pods may come again" : "No new pod comes; those that run stay")} onClick={() => change.mutate()}>{word}</Button>;
}
