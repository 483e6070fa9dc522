// W-08: a queue fills up.
import { openTierThree } from "../buttons";
import { read } from "../facts";
import type { Failure } from "../failure";

export const w08: Failure = {
  id: "W-08", title: "A queue fills up", area: "queues", severity: "warning",
  symptom: "More messages wait than the workers get through: q.batch over 500, others over 1,000.",
  look: (facts) => read(facts, "queueBacklog").flatMap(({ labels, value }) => (labels.queue !== "q.dlq" && value > (labels.queue === "q.batch" ? 500 : 1000) ? [{ subject: { kind: "queue" as const, key: labels.queue ?? "" }, say: `${Math.round(value)} messages wait in ${labels.queue ?? ""}.` }] : [])),
  cause: "Workers are too few or too slow, or a burst came.",
  fix: [{ say: "Look at the workers and give the tier more of them.", button: openTierThree }],
  source: "domain.md 6.4",
};
