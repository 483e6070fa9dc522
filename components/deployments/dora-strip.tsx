"use client";
// DORA's five measures in one line: the median of the services, what it was, a dot per service, how much is known. No bands, no badges.
import Link from "next/link";
import type { Figure } from "@/lib/deployments/rules/dora";
import { Strip } from "../ui/state-picture";
import css from "./dora-strip.module.css";
import { useDora, type DoraAnswer } from "./queries";
import { spanText } from "./words";

export const figureTitles: Record<Figure, string> = { perWeek: "Deploy frequency", leadMs: "Lead time", failRate: "Change fail rate", restoreMs: "Time to restore", reworkRate: "Rework" };
export const figureOrder: readonly Figure[] = ["perWeek", "leadMs", "failRate", "restoreMs", "reworkRate"];

const short = (ms: number): string => spanText(ms).replace(/ \d\d s$/, "");

export function figureText(figure: Figure, value: number | null): string {
  if (value === null) return "–";
  if (figure === "perWeek") return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} / week`;
  if (figure === "leadMs" || figure === "restoreMs") return short(value);
  return `${Math.round(value * 1000) / 10} %`;
}

/** What the figure stands on. A denominator of nothing is said, never shown as 0. */
export function coverage(figure: Figure, { totals }: Pick<DoraAnswer, "totals">): string {
  const { deployments, services, failed, restored, open, rework, leadKnown, leadAsked, leadDropped } = totals;
  const finished = deployments + open + Math.max(0, failed - open);
  if (deployments + failed === 0) return "no deployments";
  const words: Record<Figure, string> = {
    perWeek: `${deployments} deployments, ${services} services`,
    leadMs: leadAsked === 0 ? "no release with one before it" : `commit known for ${Math.floor((Math.min(leadKnown, leadAsked) / leadAsked) * 100)} %${leadDropped > 0 ? `, ${leadDropped} dropped` : ""}`,
    failRate: `${failed} of ${Math.max(deployments, finished)} failed`,
    restoreMs: failed === 0 ? "none failed" : `${restored} of ${failed} restored, ${open} open`,
    reworkRate: `${rework} of ${Math.max(deployments, finished)}, rollback or hotfix`,
  };
  return words[figure];
}

export function DoraStrip({ cluster, tier }: { cluster: string; tier: number | null }) {
  const { data, error } = useDora(cluster, { days: 28, tier });
  return (
    <section className={css.strip} aria-label="DORA's measures, 28 days">
      <div className={css.key}>
        <Link href={`/clusters/${encodeURIComponent(cluster)}/deployments/dora${tier === null ? "" : `?tier=${tier}`}`}>DORA, 28 days</Link>
        <small>dot: one service<br />line: median of {data?.totals.services ?? "…"}</small>
      </div>
      {figureOrder.map((figure) => (
        <div key={figure} className={css.cell} title={data?.figures[figure].means}>
          <div className={css.head}><span>{figureTitles[figure]}</span>{data && data.figures[figure].was !== null && <small>was {figureText(figure, data.figures[figure].was)}</small>}</div>
          <div className={css.value}><span>{data ? figureText(figure, data.figures[figure].median) : error ? "?" : <Strip width={64} />}</span>{data && <Dots dots={data.figures[figure].dots} median={data.figures[figure].median} />}</div>
          <small className={css.under}>{data ? coverage(figure, data) : error ? error.message : <Strip width={110} />}</small>
        </div>
      ))}
    </section>
  );
}

const columns = 22;

/** Each service a dot by its value; equal ones stand on each other. */
function Dots({ dots, median }: { dots: readonly { service: string; tier: number | null; value: number }[]; median: number | null }) {
  if (dots.length === 0) return null;
  const [least, most] = [Math.min(...dots.map(({ value }) => value)), Math.max(...dots.map(({ value }) => value))];
  const place = (value: number) => (most === least ? columns / 2 : ((value - least) / (most - least)) * (columns - 1));
  const heights = new Map<number, number>();
  return (
    <svg className={css.dots} viewBox="0 0 92 24" width="92" height="24" role="img" aria-label={dots.map(({ service, value }) => `${service} ${Math.round(value * 1000) / 1000}`).slice(0, 40).join(", ")}>
      {median !== null && <line x1={place(median) * 4 + 4} x2={place(median) * 4 + 4} y1="0" y2="24" className={css.median} />}
      {dots.map(({ service, tier, value }) => {
        const column = Math.round(place(value));
        const at = heights.get(column) ?? 0;
        heights.set(column, at + 1);
        return at > 3 ? null : <circle key={service} cx={column * 4 + 4} cy={21 - at * 5.6} r="2.2" data-tier={tier ?? "none"} />;
      })}
    </svg>
  );
}
