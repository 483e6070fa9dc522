"use client";
// What all parts of Canary share: title, tabs, and the feed that keeps them true.
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import css from "./canary-frame.module.css";
import { useCanaryFeed } from "./queries";

const tabs = [{ path: "", label: "In flight" }, { path: "/history", label: "History" }, { path: "/planner", label: "Planner" }] as const;

export function CanaryFrame({ cluster, children }: { cluster: string; children: ReactNode }) {
  useCanaryFeed(cluster);
  const path = usePathname();
  const base = `/clusters/${encodeURIComponent(cluster)}/canary`;
  const isOne = path.split("/").length > 5;
  return (
    <div className={css.frame}>
      <nav aria-label="Parts of Canary" className={css.tabs}>
        {tabs.map((tab) => (
          <Link key={tab.path} href={`${base}${tab.path}`} aria-current={path === `${base}${tab.path}` || (tab.path === "" && isOne) ? "page" : undefined} className={css.tab}>{tab.label}</Link>
        ))}
      </nav>
      <div className={css.content}>{children}</div>
    </div>
  );
}
