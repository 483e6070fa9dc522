"use client";
// What all parts of Metrics share: title, tabs by tier and kind, and the time that is looked at.
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import { useHydrated } from "@/components/live/use-hydrated";
import { tierNames, tiers } from "@/lib/placement/model";
import css from "./metrics-frame.module.css";
import { useAlerts } from "./queries";
import { WindowPicker } from "./window-picker";

export function MetricsFrame({ cluster, children }: { cluster: string; children: ReactNode }) {
  return (
    <div className={css.frame}>
      <header className={css.head}>
        <h1>Metrics</h1>
        <Suspense>
          <Tabs cluster={cluster} />
          <Picker />
        </Suspense>
      </header>
      <div className={css.content}>{children}</div>
    </div>
  );
}

/** The tabs keep the time that is looked at. */
function Tabs({ cluster }: { cluster: string }) {
  const path = usePathname();
  const kept = useSearchParams();
  const { data } = useAlerts(cluster);
  const firing = useHydrated() ? data?.alerts.filter(({ state }) => state === "firing").length ?? 0 : 0;
  const base = `/clusters/${encodeURIComponent(cluster)}/metrics`;
  const time = new URLSearchParams([...kept].filter(([name]) => ["range", "start", "end", "peaks"].includes(name))).toString();
  const tabs = [
    ...tiers.map((tier) => ({ path: `/tier/${tier}`, label: tierNames[tier], tier })), { path: "/explorer", label: "Explorer", tier: 0 },
    { path: "/alerts", label: "Alerts", tier: 0 }, { path: "/targets", label: "Targets", tier: 0 },
  ];
  return (
    <nav aria-label="Parts of Metrics" className={css.tabs}>
      {tabs.map((tab) => (
        <Link key={tab.path} href={`${base}${tab.path}${time && `?${time}`}`} aria-current={path === `${base}${tab.path}` ? "page" : undefined} className={css.tab}>
          {tab.tier > 0 && <i style={{ background: `var(--tier-${tab.tier})` }} aria-hidden />}
          {tab.label}
          {tab.path === "/alerts" && firing > 0 && <span className={css.count} aria-label={`${firing} firing`}>{firing}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** Alerts and targets are what is now. */
function Picker() {
  const part = usePathname().split("/").at(-1) ?? "";
  return part === "alerts" || part === "targets" ? null : <WindowPicker />;
}
