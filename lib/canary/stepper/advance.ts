// Whether a stepped canary goes on, waits, goes back, or needs a person: by how long its share was held, and by what the judge says.
import type { StepVerdict } from "../step-analyst";

export interface AdvanceQuestion {
  /** How long the wanted share has been real. */
  heldMs: number;
  holdMs: number;
  /** Null: no analysis is defined, and time alone decides. */
  verdict: StepVerdict | null;
  /** After the last step the version is promoted, and that wants proof. */
  last: boolean;
}

export type Advance = { is: "go" | "wait" | "abort" | "ask"; say: string };

export function advance({ heldMs, holdMs, verdict, last }: AdvanceQuestion): Advance {
  const left = Math.ceil((holdMs - heldMs) / 1000);
  const waits = (say: string): Advance => ({ is: "wait", say });
  if (verdict === null) return left > 0 ? waits(`Held for ${left} s more; no analysis is defined, so only time decides.`) : { is: "go", say: "Held long enough; no analysis is defined." };
  if (verdict.word === "fail") return { is: "abort", say: verdict.sentence };
  if (verdict.trouble !== "") return { is: verdict.ended ? "ask" : "wait", say: `The judge sees nothing: ${verdict.trouble}` };
  if (verdict.at === null) return waits("The judge has not looked yet.");
  if (verdict.ill) return waits(verdict.sentence);
  if (left > 0) return waits(`Held for ${left} s more. ${verdict.sentence}`);
  if (verdict.word === "pass") return { is: "go", say: verdict.sentence };
  if (verdict.ended) return { is: "ask", say: verdict.sentence };
  return last ? waits(verdict.sentence) : { is: "go", say: `Nothing speaks against more traffic. ${verdict.sentence}` };
}
