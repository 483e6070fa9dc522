// Resources in an order in which each stands behind what it needs, and the longest way through them.
interface Needy { id: string; needs: readonly string[] }

/** Stable: what is free to go first goes in the order given. Throws for a circle, which is an error of ours. */
export function ordered<T extends Needy>(items: readonly T[]): T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const done = new Map<string, "open" | "done">();
  const out: T[] = [];
  const visit = (item: T, way: readonly string[]): void => {
    const state = done.get(item.id);
    if (state === "done") return;
    if (state === "open") throw new RangeError(`a circle of needs: ${[...way, item.id].join(" → ")}`);
    done.set(item.id, "open");
    for (const need of item.needs) {
      const needed = byId.get(need);
      if (!needed) throw new RangeError(`${item.id} needs ${need}, which is not there`);
      visit(needed, [...way, item.id]);
    }
    done.set(item.id, "done");
    out.push(item);
  };
  for (const item of items) visit(item, []);
  return out;
}

export interface Way { ids: string[]; ms: number }

/** The chain of needs that takes longest; `items` in order. Needs outside of `items` take no time. */
export function longestWay(items: readonly Needy[], msOf: (id: string) => number): Way {
  const best = new Map<string, Way>();
  let longest: Way = { ids: [], ms: 0 };
  for (const { id, needs } of items) {
    const before = needs.flatMap((need) => best.get(need) ?? []).reduce<Way>((a, b) => (b.ms > a.ms ? b : a), { ids: [], ms: 0 });
    const way = { ids: [...before.ids, id], ms: before.ms + msOf(id) };
    best.set(id, way);
    if (way.ms > longest.ms) longest = way;
  }
  return longest;
}
