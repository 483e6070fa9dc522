// W-10: dead letters pile up.
import { openTierThree } from "../buttons";
import { read } from "../facts";
import type { Failure } from "../failure";

export const w10: Failure = {
  id: "W-10", title: "Dead letters pile up", area: "queues", severity: "critical",
  symptom: "More than 100 messages in q.dlq.",
  look: (facts) => read(facts, "deadLetters").flatMap(({ value }) => (value > 100 ? [{ subject: { kind: "queue" as const, key: "q.dlq" }, say: `${Math.round(value)} messages that nobody could handle.` }] : [])),
  cause: "Tasks fail again and again and end here; nobody takes them but a person.",
  fix: [{ say: "Read them, mend the cause, and put them back or drop them.", button: openTierThree }],
  source: "domain.md 6.4",
};
