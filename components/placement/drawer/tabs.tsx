"use client";
// Tabs of a drawer, kept in the address as ?tab=; arrows move between them.
import { parseAsString, useQueryState } from "nuqs";
import type { KeyboardEvent, ReactNode } from "react";
import css from "./drawer.module.css";

export interface Tab { id: string; label: string; count?: number; show: () => ReactNode }

export function useTab(first: string): [string, (id: string) => void] {
  const [tab, set] = useQueryState("tab", parseAsString);
  return [tab ?? first, (id) => void set(id === first ? null : id)];
}

/** `extra` are views without a tab of their own: the header's buttons lead to them. */
export function Tabs({ tabs, extra = [], active, onChange }: { tabs: readonly Tab[]; extra?: readonly Tab[]; active: string; onChange: (id: string) => void }) {
  const shown = [...tabs, ...extra].find((tab) => tab.id === active) ?? tabs[0];
  const step = (event: KeyboardEvent, by: number) => {
    const at = tabs.findIndex((tab) => tab.id === shown?.id);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <>
      <div className={css.tabs}>
        <div className={css.tabList} role="tablist" onKeyDown={(event) => (event.key === "ArrowRight" ? step(event, 1) : event.key === "ArrowLeft" ? step(event, -1) : undefined)}>
          {tabs.map((tab) => (
            <button key={tab.id} type="button" role="tab" className={css.tab} data-tab={tab.id} aria-selected={tab.id === shown?.id} tabIndex={tab.id === shown?.id || !tabs.some((one) => one.id === shown?.id) ? 0 : -1} onClick={() => onChange(tab.id)}>
              {tab.label}
              {tab.count !== undefined && <span className={css.count}>{tab.count}</span>}
            </button>
          ))}
        </div>
      </div>
      <div className={css.body} role="tabpanel" aria-label={shown?.label} tabIndex={0} key={shown?.id}>{shown?.show()}</div>
    </>
  );
}
