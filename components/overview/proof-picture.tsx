// The small proof in an attention line: what is requested and what was asked on top, a limit beyond its node, strayed pods.
import type { Tier } from "@/lib/placement/model";
import css from "./proof-picture.module.css";
import type { Proof } from "./attention";

export function ProofPicture({ proof, tier }: { proof: Proof; tier: Tier | null }) {
  if (proof.kind === "none") return null;
  if (proof.kind === "pods") {
    return (
      <span className={css.pods} role="img" aria-label={proof.text}>
        {proof.by.map(({ tier: at, count }) => (
          <span key={at ?? "none"} className={css.group} data-tier={at ?? "none"}>
            {Array.from({ length: Math.min(count, 8) }, (_, index) => <i key={index} />)}
          </span>
        ))}
      </span>
    );
  }
  const used = proof.kind === "bar" ? proof.requested : proof.used;
  const reach = proof.kind === "bar" ? proof.requested + proof.asked : proof.limit;
  const scale = Math.max(proof.whole, reach, 1);
  const percent = (value: number) => `${(value / scale) * 100}%`;
  return (
    <span className={css.bar} role="img" aria-label={proof.text}>
      <span className={css.whole} style={{ width: percent(proof.whole) }} />
      <span className={css.used} data-tier={tier ?? "none"} style={{ width: percent(used) }} />
      {proof.kind === "bar" && <span className={css.asked} style={{ left: percent(used), width: percent(proof.asked) }} />}
      {proof.kind === "limit" && <span className={css.post} style={{ left: percent(proof.limit) }} />}
    </span>
  );
}
