// What happened on a chart's time axis: deployments and canaries, gathered where they would stand on one another.

export interface ChartMark {
  at: number;
  kind: "deployment" | "canary";
  mood: "plain" | "good" | "bad";
  /** One sentence: what, of which version, and how it ended. */
  say: string;
}

export interface MarkGroup { at: number; kind: ChartMark["kind"]; mood: ChartMark["mood"]; say: readonly string[] }

/** Nearer than this part of the window they are one mark. */
const nearShare = 0.012;
const moods = ["plain", "good", "bad"] as const;

/** Those inside the window, from the left; of several at one place the worst decides how it looks. */
export function markGroups(marks: readonly ChartMark[], { start, end }: { start: number; end: number }): MarkGroup[] {
  const groups: { at: number; kind: ChartMark["kind"]; mood: ChartMark["mood"]; say: string[] }[] = [];
  for (const { at, kind, mood, say } of [...marks].sort((a, b) => a.at - b.at)) {
    if (at < start || at > end) continue;
    const last = groups.at(-1);
    if (!last || at - last.at > (end - start) * nearShare) {
      groups.push({ at, kind, mood, say: [say] });
      continue;
    }
    last.say.push(say);
    if (moods.indexOf(mood) > moods.indexOf(last.mood)) last.mood = mood;
    if (kind === "canary") last.kind = kind;
  }
  return groups;
}
