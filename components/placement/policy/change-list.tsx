// What saving a policy would change: who gets another tier.
import { TierBadge } from "@/components/placement/tier-badge";
import { Panel } from "@/components/ui/panel";
import type { Tier } from "@/lib/placement/model";
import css from "./policy-page.module.css";

export interface Change { kind: "node" | "workload"; key: string; name: string; before: Tier | null; after: Tier | null }

export function ChangeList({ changes }: { changes: readonly Change[] }) {
  return (
    <Panel title="What would change" aside={changes.length === 0 ? "nothing" : `${changes.length} of another tier`}>
      <div className={css.changes}>
        {changes.map((change) => (
          <div key={`${change.kind} ${change.key}`} className={css.change}>
            <span className={css.kind}>{change.kind}</span><code>{change.key}</code>
            <span className={css.arrow}><TierBadge tier={change.before} size={14} /> → <TierBadge tier={change.after} size={14} /></span>
          </div>
        ))}
      </div>
    </Panel>
  );
}
