"use client";
// What the parts of Health share: title, how the last look went, and the three tabs.
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useHealth } from "./queries";
import css from "./health-frame.module.css";

const tabs = [{ path: "", label: "Now" }, { path: "/history", label: "History" }, { path: "/catalogue", label: "Catalogue" }] as const;

export function HealthFrame({ cluster, children }: { cluster: string; children: ReactNode }) {
  const at = usePathname();
  const base = `/clusters/${encodeURIComponent(cluster)}/health`;
  const { data } = useHealth(cluster);
  const loud = data?.findings.filter(({ silence, severity }) => silence === null && severity !== "info").length ?? 0;
  return (
    <div className={css.frame}>
      <header className={css.head}>
        <h1>Health</h1>
        <nav aria-label="Parts of Health" className={css.tabs}>
          {tabs.map(({ path, label }) => (
            <Link key={path} href={`${base}${path}`} className={css.tab} aria-current={at === `${base}${path}` ? "page" : undefined}>{label}{path === "" && loud > 0 && <span className={css.count} aria-label={`${loud} need a look`}>{loud}</span>}</Link>
          ))}
        </nav>
        {data && data.look.at > 0 && <p className={css.look}>a look every 5 s, the last took <b>{data.look.tookMs < 10 ? data.look.tookMs.toFixed(1) : Math.round(data.look.tookMs)} ms</b></p>}
      </header>
      {data && data.look.unknown.length > 0 && <p className={css.unknown}>Not known: {data.look.unknown.join(" · ")}</p>}
      <div className={css.content}>{children}</div>
    </div>
  );
}
