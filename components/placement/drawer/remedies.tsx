// What would let the pod run, tried on the same snapshot: what works first, what does not said so.
import { Button } from "@mantine/core";
import Link from "next/link";
import css from "./drawer.module.css";
import why from "./why-tab.module.css";
import type { WireRemedy } from "./wire";

export function Remedies({ slug, remedies, nodes }: { slug: string; remedies: readonly WireRemedy[]; nodes: number }) {
  return (
    <section aria-label="What would let it run">
      <h3 className={css.section}>What would let it run <small>checked against all {nodes} nodes</small></h3>
      <div className={css.box}>
        {remedies.map((remedy) => (
          <div key={remedy.id} className={why.remedy}>
            <span>{remedy.title}</span>
            <span className={why.outcome} data-works={remedy.works || undefined}>{remedy.outcome}</span>
            {remedy.tryWith !== null && <Button size="compact-xs" variant="default" component={Link} href={`/clusters/${encodeURIComponent(slug)}/placement/what-if?${remedy.tryWith}`} aria-label={`Try: ${remedy.title}`}>Try</Button>}
          </div>
        ))}
      </div>
    </section>
  );
}
