"use client";
// A tier's dashboard: its panels on one time axis with one cursor; dragging over any of them looks closer in all.
import { Anchor } from "@mantine/core";
import { IconCode, IconExternalLink } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { ChartPanel } from "@/components/chart/chart-panel";
import { createCursor } from "@/components/chart/cursor";
import type { ChartMark } from "@/components/chart/marks";
import { CursorContext } from "@/components/chart/use-cursor";
import { dashboards } from "@/lib/metrics/dashboards";
import { grafanaLink } from "@/lib/metrics/companions";
import type { Panel } from "@/lib/metrics/model";
import { withRate, stepFor } from "@/lib/metrics/window";
import { tierNames, type Tier } from "@/lib/placement/model";
import { useLinks, usePanel } from "../queries";
import { useMarks } from "../use-marks";
import { useWindow } from "../use-window";
import css from "./dashboard-page.module.css";

export function DashboardPage({ cluster, tier }: { cluster: string; tier: Tier }) {
  const [cursor] = useState(createCursor);
  const marks = useMarks(cluster, useWindow().looking, tier);
  return (
    <CursorContext value={cursor}>
      <h2 className={css.title}><i style={{ background: `var(--tier-${tier})` }} aria-hidden />Tier {tier} {tierNames[tier]}</h2>
      <div className={css.grid}>
        {dashboards[tier].map((panel) => <PanelChart key={panel.id} cluster={cluster} panel={panel} tier={tier} marks={marks} />)}
      </div>
    </CursorContext>
  );
}

const stepped = new Set(["queue-consumers", "workers", "scheduler", "etcd-leader"]);

function PanelChart({ cluster, panel, tier, marks }: { cluster: string; panel: Panel; tier: Tier; marks: readonly ChartMark[] }) {
  const { looking, between } = useWindow();
  const { data, error } = usePanel(cluster, panel.id, looking);
  const [first] = panel.lines;
  const expression = first?.query.expression ?? "";
  const grafana = useLinks(cluster).data?.grafana ?? null;
  const asked = withRate(expression, looking ? stepFor(looking.end - looking.start) : 15_000);
  return (
    <ChartPanel
      title={panel.title} note={panel.note} unit={panel.unit} scale={panel.scale} limits={panel.limits} marks={marks} accent={`var(--tier-${tier})`} steps={stepped.has(panel.id)}
      answer={data ?? null} trouble={error?.message} asked={asked} className={panel.wide ? css.wide : undefined} onRange={between}
      tools={<>{grafana && looking && <Anchor className={css.edit} href={grafanaLink(grafana, { expression: asked, ...looking })} rel="noreferrer noopener" target="_blank" aria-label={`${panel.title}: open in Grafana`} title="Open in Grafana"><IconExternalLink size={15} /></Anchor>}<Anchor component={Link} className={css.edit} href={`/clusters/${encodeURIComponent(cluster)}/metrics/explorer?${new URLSearchParams({ q: asked })}`} aria-label={`${panel.title}: open in the explorer`} title={`${first?.query.meaning ?? ""} Open in the explorer.`}><IconCode size={15} /></Anchor></>}
    />
  );
}
