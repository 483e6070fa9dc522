// W-09: a queue has no consumer.
import { openTierThree } from "../buttons";
import { read } from "../facts";
import type { Failure } from "../failure";

export const w09: Failure = {
  id: "W-09", title: "A queue has no consumer", area: "queues", severity: "critical",
  symptom: "Messages wait and nobody takes them.",
  look: (facts) => read(facts, "queueConsumers").flatMap(({ labels, value }) => {
    const waiting = read(facts, "queueBacklog").find((one) => one.labels.queue === labels.queue)?.value ?? 0;
    return value === 0 && waiting > 0 && labels.queue !== "q.dlq" ? [{ subject: { kind: "queue" as const, key: labels.queue ?? "" }, say: `${Math.round(waiting)} messages wait in ${labels.queue ?? ""} and nobody takes them.` }] : [];
  }),
  cause: "The workers of the queue are gone, or listen to another.",
  fix: [{ say: "Look at the workers.", button: openTierThree }],
  source: "domain.md 5.4",
};
