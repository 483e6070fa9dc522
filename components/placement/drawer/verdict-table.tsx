"use client";
// Every node, nearest first: the filter the scheduler counts, then all others it fails, with bars where it is a matter of room.
import { CapacityBar } from "@/components/placement/map/capacity-bar";
import { useDerived } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { figureText } from "@/lib/placement/units";
import why from "./why-tab.module.css";
import type { WireFigure, WireVerdict } from "./wire";

interface TableProps { verdicts: readonly WireVerdict[]; placed: string; store: PlacementStore }

export function VerdictTable({ verdicts, placed, store }: TableProps) {
  const tiers = useDerived(store, tiersOf, sameTiers);
  return (
    <table className={why.table}>
      <thead><tr><th scope="col">Node</th><th scope="col">Fits</th><th scope="col">Filters failed, the counted one first</th></tr></thead>
      <tbody>
        {verdicts.map((verdict, at) => (
          <tr key={verdict.node}>
            <td><span className={why.node} data-tier={tiers.get(verdict.node) ?? "none"}>{verdict.node}</span></td>
            <td>{verdict.fits ? <span className={why.yes}>✓ yes</span> : <span className={why.no}><i aria-hidden>✕</i> no</span>}</td>
            <td><Reasons verdict={verdict} here={verdict.node === placed} nearest={at === 0} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reasons({ verdict, here, nearest }: { verdict: WireVerdict; here: boolean; nearest: boolean }) {
  const [first, ...others] = verdict.refusals;
  if (!first) return <span className={why.also}>{here ? "stands here" : "nothing against it"}</span>;
  const big = nearest ? first.figures[0] : undefined;
  const small = big ? undefined : [...first.figures, ...others.flatMap((one) => one.figures)][0];
  return (
    <>
      <div>{first.say}{here && " (stands here)"}</div>
      {big && <BigBar figure={big} />}
      {(others.length > 0 || small) && (
        <div className={why.also}>
          <span>{others.length > 0 && `also ${others.map((one) => lower(one.say)).join("; ")}`}</span>
          {small && <span><FigureBar figure={small} /></span>}
        </div>
      )}
    </>
  );
}

function BigBar({ figure }: { figure: WireFigure }) {
  return (
    <>
      <div className={why.big}><FigureBar figure={figure} height={9} /></div>
      <div className={why.ends}>
        <span>{figureText(figure, figure.used)} requested</span>
        <span>{figureText(figure, figure.free)} free</span>
        <b>−{figureText(figure, figure.short)}</b>
      </div>
    </>
  );
}

function FigureBar({ figure, height = 4 }: { figure: WireFigure; height?: number }) {
  return <CapacityBar requested={figure.used} allocatable={figure.total} asked={figure.needs} height={height} label={`${figure.resource}: ${figureText(figure, figure.used)} of ${figureText(figure, figure.total)} requested, ${figureText(figure, figure.needs)} needed`} />;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const tiersOf = ({ tables }: PlacementStore) => new Map([...tables.nodes.values()].map((node) => [node.name, node.tier]));
function sameTiers(a: ReturnType<typeof tiersOf>, b: ReturnType<typeof tiersOf>): boolean {
  return a.size === b.size && [...b].every(([name, tier]) => a.get(name) === tier);
}
