"use client";
// A tier's dashboard: its panels on one time axis with one cursor; dragging over any of them looks closer in all.
import { Anchor } from "@mantine/core";
import { IconCode } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { ChartPanel } from "@/components/chart/chart-panel";
import { createCursor } from "@/components/chart/cursor";
import { CursorContext } from "@/components/chart/use-cursor";
import { dashboards } from "@/lib/metrics/dashboards";
import type { Panel } from "@/lib/metrics/model";
import { withRate, stepFor } from "@/lib/metrics/window";
import { tierNames, type Tier } from "@/lib/placement/model";
import { usePanel } from "../queries";
import { useWindow } from "../use-window";
import css from "./dashboard-page.module.css";

export function DashboardPage({ cluster, tier }: { cluster: string; tier: Tier }) {
  const [cursor] = useState(createCursor);
  return (
    <CursorContext value={cursor}>
      <h2 className={css.title}><i style={{ background: `var(--tier-${tier})` }} aria-hidden />Tier {tier} {tierNames[tier]}</h2>
      <div className={css.grid}>
        {dashboards[tier].map((panel) => <PanelChart key={panel.id} cluster={cluster} panel={panel} tier={tier} />)}
      </div>
    </CursorContext>
  );
}

const stepped = new Set(["queue-consumers", "workers", "scheduler", "etcd-leader"]);

function PanelChart({ cluster, panel, tier }: { cluster: string; panel: Panel; tier: Tier }) {
  const { looking, between } = useWindow();
  const { data, error } = usePanel(cluster, panel.id, looking);
  const [first] = panel.lines;
  const expression = first?.query.expression ?? "";
  const asked = withRate(expression, looking ? stepFor(looking.end - looking.start) : 15_000);
  return (
    <ChartPanel
      title={panel.title} note={panel.note} unit={panel.unit} scale={panel.scale} limits={panel.limits} accent={`var(--tier-${tier})`} steps={stepped.has(panel.id)}
      answer={data ?? null} trouble={error?.message} asked={asked} className={panel.wide ? css.wide : undefined} onRange={between}
      tools={<Anchor component={Link} className={css.edit} href={`/clusters/${encodeURIComponent(cluster)}/metrics/explorer?${new URLSearchParams({ q: asked })}`} aria-label={`${panel.title}: open in the explorer`} title={`${first?.query.meaning ?? ""} Open in the explorer.`}><IconCode size={15} /></Anchor>}
    />
  );
}
