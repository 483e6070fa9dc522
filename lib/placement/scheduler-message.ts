// Reads the sentence by which the scheduler says that a pod fits nowhere, and shortens its reasons to words for a lane.

export interface SchedulerMessage {
  /** Of how many nodes it speaks. */
  nodes: number;
  available: number;
  /** Reason → number of nodes, as it stands in the message. */
  counts: ReadonlyMap<string, number>;
  /** What it says of all nodes at once (a missing claim, no preemption …), without a count. */
  remarks: readonly string[];
}

/** null for anything that is not such a sentence. What follows it (preemption, claims) is left aside: it says why nobody was pushed out, not why the pod fits nowhere. */
export function readSchedulerMessage(text: string): SchedulerMessage | null {
  const head = /^(\d+)\/(\d+) nodes? (?:are|is) available:?\s*/.exec(text);
  if (!head) return null;
  const rest = text.slice(head[0].length).split(/\.(?=\s|$)/)[0] ?? "";
  const counts = new Map<string, number>();
  const remarks: string[] = [];
  // A comma not followed by a count belongs to the reason that it stands in.
  for (const part of rest.split(/, (?=\d+ )/).map((each) => each.trim()).filter((each) => each !== "")) {
    const counted = /^(\d+) (.+)$/s.exec(part);
    if (counted?.[1] && counted[2]) counts.set(counted[2], (counts.get(counted[2]) ?? 0) + Number(counted[1]));
    else remarks.push(part);
  }
  return { available: Number(head[1]), nodes: Number(head[2]), counts, remarks };
}

/** In the order of the scheduler's filters: a node that fails a later one has passed the earlier, so it was nearer. */
const shortWords: readonly (readonly [RegExp, string])[] = [
  [/unschedulable/, "cordoned"],
  [/requested node name/, "node name"],
  [/untolerated taint|taints that the pod didn't tolerate/, "taint"],
  [/node affinity\/selector/, "selector or affinity"],
  [/free ports/, "host port"],
  [/^(Insufficient \S+|Too many pods)/, ""],
  [/ReadWriteOncePod|no available disk|disk conflict/, "volume in use"],
  [/max volume count/, "volume limit"],
  [/volume node affinity|available persistent volumes|unbound immediate|persistentvolume/i, "volume"],
  [/available volume zone|volume zone/, "volume zone"],
  [/topology spread/, "topology spread"],
  [/pod affinity|pod anti-affinity|anti-affinity/, "pod affinity"],
];

/** A short phrase for a reason of the scheduler: "Insufficient cpu", "taint". */
export function shortReason(reason: string): string {
  const found = shortWords.find(([pattern]) => pattern.test(reason));
  if (!found) return reason.length > 60 ? `${reason.slice(0, 59)}…` : reason;
  return found[1] === "" ? (found[0].exec(reason)?.[1] ?? reason) : found[1];
}

/** The one reason that names what is missing: of the nodes that came nearest. */
export function tellingReason(message: SchedulerMessage): string {
  const rank = (reason: string) => shortWords.findIndex(([pattern]) => pattern.test(reason));
  let best = "";
  for (const reason of message.counts.keys()) if (best === "" || rank(reason) > rank(best)) best = reason;
  return shortReason(best || message.remarks[0] || "");
}
