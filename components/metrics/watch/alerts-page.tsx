"use client";
// Alerts, firing first: what it is, since when, which tier; and the rules behind them with how they fare.
import { Anchor, Badge, Button, TextInput } from "@mantine/core";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { shortNumber } from "@/components/chart/figures";
import { Trouble } from "@/components/live/answer";
import { useNow } from "@/components/live/use-now";
import { ageText } from "@/components/placement/map/amounts";
import { PodMark } from "@/components/placement/pod-mark";
import { Panel } from "@/components/ui/panel";
import { LoadingRows, StatePicture } from "@/components/ui/state-picture";
import type { Alert, AlertRule } from "@/lib/metrics/model";
import type { PodState } from "@/lib/placement/model";
import { useMay } from "@/components/shell/queries";
import { holds, type Silence } from "@/lib/metrics/silences";
import { useAlerts } from "../queries";
import { SilenceSheet, SilencesPanel, useSilences } from "./silences";
import css from "./watch.module.css";

const marks: Record<Alert["state"], PodState> = { firing: "failed", pending: "pending", inactive: "running" };

export function AlertsPage({ cluster }: { cluster: string }) {
  const { data, error, refetch } = useAlerts(cluster);
  const [filter, setFilter] = useQueryState("filter", parseAsString.withDefault(""));
  const [silencing, setSilencing] = useState<Alert | null>(null);
  const silences = useSilences(cluster).data?.known ?? null;
  const may = useMay("alert.silence") && silences !== null;
  if (!data) return error ? <Trouble error={error} what="the alerts" retry={() => void refetch()} /> : <LoadingRows />;
  const matches = (texts: readonly string[]) => filter === "" || texts.some((text) => text.toLowerCase().includes(filter.toLowerCase()));
  const alerts = data.alerts.filter((one) => matches([one.name, one.summary, ...Object.values(one.labels)]));
  const rules = data.rules.filter(({ name, expression }) => matches([name, expression]));
  return (
    <div className={css.page}>
      <TextInput size="xs" className={css.filter} value={filter} onChange={({ currentTarget }) => void setFilter(currentTarget.value || null)} placeholder="Filter by name, label or text" aria-label="Filter alerts" />
      <Panel title="Active" aside={`${data.alerts.filter(({ state }) => state === "firing").length} firing, ${data.alerts.filter(({ state }) => state === "pending").length} pending`}>
        {alerts.length === 0 ? <StatePicture kind="empty" title={data.alerts.length === 0 ? "No alert is active" : "No alert matches the filter"} say={`${data.rules.length} rules are watched.`} /> : <ul className={css.rows}>{alerts.map((one) => <AlertRow key={`${one.name}${JSON.stringify(one.labels)}`} one={one} silence={silences?.find(({ state, matchers }) => state === "active" && holds(matchers, one.name, one.labels)) ?? null} onSilence={may ? () => setSilencing(one) : undefined} />)}</ul>}
      </Panel>
      <SilencesPanel cluster={cluster} />
      {silencing && <SilenceSheet cluster={cluster} of={silencing} onClose={() => setSilencing(null)} />}
      <Panel title="Rules" aside={`${data.rules.length}`}>
        {rules.length === 0 ? <StatePicture kind="empty" title="Prometheus has no alerting rule" say="A file of base rules comes with the console: infra/kubernetes/alert-rules.yaml." /> : <ul className={css.rows}>{rules.map((rule) => <RuleRow key={`${rule.group}/${rule.name}`} cluster={cluster} rule={rule} />)}</ul>}
      </Panel>
    </div>
  );
}

function AlertRow({ one: { name, state, severity, summary, labels, since, tier, value, runbook }, silence, onSilence }: { one: Alert; silence: Silence | null; onSilence: (() => void) | undefined }) {
  const now = useNow();
  return (
    <li className={css.alert}>
      <PodMark state={marks[state]} />
      <span className={css.main}>
        <b>{name}</b> <Badge size="xs" variant="outline" color={severity === "critical" ? "red" : severity === "warning" ? "yellow" : "gray"} className={css.severity}>{severity}</Badge>
        <span>{summary || Object.entries(labels).map(([label, text]) => `${label}=${text}`).join(" ")}</span>
      </span>
      <span className={css.tier}>{tier > 0 && <><i style={{ background: `var(--tier-${tier})` }} aria-hidden /> tier {tier}</>}</span>
      <span className={css.figure} title="Value">{value === null ? "" : shortNumber(value)}</span>
      <span className={css.figure} suppressHydrationWarning>{state} {since === null || now === 0 ? "" : ageText(now - since)}</span>
      <span>
        {runbook && <Anchor size="xs" href={runbook} rel="noreferrer noopener" target="_blank">runbook</Anchor>}{" "}
        {silence ? <small title={silence.comment}>silenced by {silence.createdBy}</small> : onSilence && <Button size="compact-xs" variant="default" onClick={onSilence}>Silence</Button>}
      </span>
    </li>
  );
}

function RuleRow({ cluster, rule: { name, expression, forMs, severity, state, fault, tookMs, everyMs } }: { cluster: string; rule: AlertRule }) {
  const slow = everyMs > 0 && tookMs > everyMs / 2;
  return (
    <li className={css.rule}>
      <PodMark state={fault ? "failed" : marks[state]} />
      <span className={css.main}>
        <b>{name}</b> <small>{severity}{forMs > 0 && `, after ${ageText(forMs)}`}</small>
        <Anchor component={Link} className={css.expression} href={`/clusters/${encodeURIComponent(cluster)}/metrics/explorer?${new URLSearchParams({ q: expression })}`}><code>{expression}</code></Anchor>
        {fault && <span className={css.fault}>{fault}</span>}
      </span>
      <span className={css.figure} data-slow={slow || undefined} title={`Evaluated every ${ageText(everyMs)}`}>{tookMs} ms</span>
    </li>
  );
}
