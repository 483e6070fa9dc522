// What it costs, beside the same on EKS; bars of one scale, a segment per tier.
import type { TierCost } from "@/lib/provisioning/cost";
import { costByTier } from "@/lib/provisioning/cost";
import { usd } from "../words";
import { PricesDialog } from "./prices-dialog";
import type { WireCost } from "../wire";
import css from "./review.module.css";

export function CostPart({ cost, region }: { cost: WireCost; region: string }) {
  const rows = costByTier(cost.lines);
  const others = rows.some(({ other }) => other > 0);
  const all = rows.reduce((sum, row) => ({ compute: sum.compute + row.compute, disk: sum.disk + row.disk, ipv4: sum.ipv4 + row.ipv4, other: sum.other + row.other }), { compute: 0, disk: 0, ipv4: 0, other: 0 });
  return (
    <section aria-label="Cost">
      <header className={css.head}><h2>Cost</h2><span className={css.total}>{cost.unpriced.length > 0 && <small>at least </small>}${usd(cost.totalUsd)} <small>a month</small></span></header>
      <div className={css.costBody}>
        <table className={css.costs}>
          <thead><tr><th scope="col">Tier</th><th scope="col">Compute</th><th scope="col">Disk</th><th scope="col">IPv4</th>{others && <th scope="col">Other</th>}<th scope="col">Sum</th></tr></thead>
          <tbody>
            {rows.map((row) => <CostRow key={row.tier ?? "shared"} row={row} others={others} />)}
            <tr className={css.all}><th scope="row">All</th><td>{figure(all.compute)}</td><td>{figure(all.disk)}</td><td>{figure(all.ipv4)}</td>{others && <td>{figure(all.other)}</td>}<td>{usd(cost.totalUsd)}</td></tr>
          </tbody>
        </table>
        {cost.unpriced.length > 0 && <p className={css.amber}>No price is known for {cost.unpriced.join(", ")}; the sum is without.</p>}
        <p className={css.note}>{cost.notes.join(" ")} Prices as of {cost.asOf === "" ? "no date" : cost.asOf}: {cost.source}. <PricesDialog region={region} /></p>
      </div>
      <Comparison cost={cost} rows={rows} />
    </section>
  );
}

const figure = (value: number): string => (value === 0 ? "–" : usd(value));

function CostRow({ row, others }: { row: TierCost; others: boolean }) {
  return (
    <tr>
      <th scope="row"><span className={css.tierBar} data-tier={row.tier ?? "none"} />{row.tier === null ? "Shared" : `Tier ${row.tier}`}</th>
      <td>{figure(row.compute)}</td><td>{figure(row.disk)}</td><td>{figure(row.ipv4)}</td>{others && <td>{figure(row.other)}</td>}<td className={css.strong}>{usd(row.sum)}</td>
    </tr>
  );
}

function Comparison({ cost, rows }: { cost: WireCost; rows: readonly TierCost[] }) {
  const eks = costByTier(cost.eks.lines);
  const scale = Math.max(cost.totalUsd, cost.eks.totalUsd, 1);
  return (
    <div className={css.compare}>
      <CostBar label="Self-managed" rows={rows} total={cost.totalUsd} scale={scale} />
      <CostBar label="EKS" rows={eks} total={cost.eks.totalUsd} scale={scale} />
      <p className={css.note}>{cost.eks.say}</p>
      <details className={css.triggers}>
        <summary>When EKS wins</summary>
        <ul>{cost.eks.triggers.map(({ met, say }) => <li key={say} data-met={met === null ? "ask" : String(met)}><b>{met === null ? "you decide" : met ? "yes" : "no"}</b> {say}</li>)}</ul>
      </details>
    </div>
  );
}

function CostBar({ label, rows, total, scale }: { label: string; rows: readonly TierCost[]; total: number; scale: number }) {
  return (
    <div className={css.costBar}>
      <span>{label}</span>
      <span className={css.segments} role="img" aria-label={`${label}: $${usd(total)} a month`}>{rows.map(({ tier, sum }) => <i key={tier ?? "shared"} data-tier={tier ?? "none"} style={{ width: `${(sum / scale) * 100}%` }} />)}</span>
      <span className={css.mono}>${usd(total)}</span>
    </div>
  );
}
