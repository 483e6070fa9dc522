// The question of the What-if page as it stands in the address, read by the same schema that the server holds it to.
import { whatIfQuestion } from "@/lib/placement/question";
import type { Question } from "@/lib/placement/what-if";

export const asks = ["drain", "lose-node", "lose-tier", "add"] as const;
export type Ask = (typeof asks)[number];
export const askWords: Record<Ask, string> = { drain: "Drain a node", "lose-node": "Lose a node", "lose-tier": "Lose a tier", add: "Add pods" };

export interface AskFields { ask: Ask; node: string; tier: number; workload: string; replicas: number; /** A change to a pod or node that a remedy proposes, as JSON; goes before the rest. */ question: string }

/** null while something is missing. */
export function toQuestion(fields: AskFields): Question | null {
  const read = whatIfQuestion.safeParse(fields.question === "" ? plain(fields) : json(fields.question));
  return read.success ? read.data : null;
}

function plain({ ask, node, tier, workload, replicas }: AskFields): unknown {
  if (ask === "lose-tier") return { kind: ask, tier };
  if (ask === "add") return { kind: ask, workload, replicas };
  return { kind: ask, node };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a proposed change would do, in words. */
export function changeWords(question: Question): string {
  if (question.kind !== "change") return "";
  const { change, pod } = question;
  switch (change.kind) {
    case "request": return `${pod} asks ${[change.cpuMillis === undefined ? "" : `${change.cpuMillis}m CPU`, change.memoryBytes === undefined ? "" : `${Math.round(change.memoryBytes / 2 ** 20)} Mi`].filter(Boolean).join(" and ")}`;
    case "drop-selector": return `${pod} gives up its selector`;
    case "label-node": return `${change.node} gets ${Object.entries(change.labels).map(([key, value]) => `${key}=${value}`).join(", ")}, for ${pod}`;
    case "resize-node": return `${change.node} becomes a ${change.type}, for ${pod}`;
    case "move": return `${change.pod} moves away, for ${pod}`;
    case "tolerate": return `${pod} tolerates ${change.key}`;
    case "untaint": return `${change.node} loses the taint ${change.key}, for ${pod}`;
    case "uncordon": return `${change.node} is uncordoned, for ${pod}`;
  }
}
