// The states of services as they stand, in memory and in the database: each look is written down as it is taken.
import "server-only";
import { z } from "zod";
import { database } from "@/lib/runtime";
import { blindAfterMs, dayMs, look, shownDays, type Observed, type Standing } from "../history";
import { serviceStates, type Interval, type ServiceState } from "../model";

const keptDays = shownDays + 10;

export const toState = (text: string): ServiceState => z.enum(serviceStates).catch("unknown").parse(text);

export async function loadStandings(cluster: string): Promise<Map<string, Standing>> {
  const rows = await database().statusInterval.findMany({ where: { cluster, to: null } });
  return new Map(rows.map(({ service, state, reason, from, seenAt }) => [service, { state: toState(state), reason, from: from.getTime(), seenAt: seenAt.getTime(), doubt: null }]));
}

/** Takes one look at all services of a cluster and writes down what changed; answers with how they stand now. */
export async function writeLook(cluster: string, before: ReadonlyMap<string, Standing>, { seen, at }: { seen: ReadonlyMap<string, Observed>; at: number }): Promise<Map<string, Standing>> {
  const after = new Map<string, Standing>();
  const now = new Date(at);
  const made: { cluster: string; service: string; state: string; reason: string; from: Date; to: Date | null; seenAt: Date }[] = [];
  const ended: { service: string; to: Date }[] = [];
  const reworded: { service: string; reason: string }[] = [];
  for (const [service, observed] of seen) {
    const known = before.get(service) ?? null;
    const { standing, closed } = look(known, observed, at);
    after.set(service, standing);
    const [first, ...gaps] = closed;
    if (first) ended.push({ service, to: new Date(first.to ?? at) });
    for (const gap of gaps) made.push({ cluster, service, state: gap.state, reason: gap.reason, from: new Date(gap.from), to: new Date(gap.to ?? at), seenAt: now });
    if (known === null || first) made.push({ cluster, service, state: standing.state, reason: standing.reason, from: new Date(standing.from), to: null, seenAt: now });
    else if (known.reason !== standing.reason) reworded.push({ service, reason: standing.reason });
  }
  for (const [service, { seenAt }] of before) if (!seen.has(service)) ended.push({ service, to: new Date(seenAt) });
  await database().$transaction([
    ...ended.map(({ service, to }) => database().statusInterval.updateMany({ where: { cluster, service, to: null }, data: { to } })),
    ...reworded.map(({ service, reason }) => database().statusInterval.updateMany({ where: { cluster, service, to: null }, data: { reason } })),
    ...(made.length > 0 ? [database().statusInterval.createMany({ data: made })] : []),
    database().statusInterval.updateMany({ where: { cluster, to: null, service: { in: [...seen.keys()] } }, data: { seenAt: now } }),
  ]);
  return after;
}

/** Everything of the shown days, by service. What was not looked at since is not counted as it was. */
export async function loadIntervals(cluster: string, now: number): Promise<Map<string, Interval[]>> {
  const rows = await database().statusInterval.findMany({ where: { cluster, OR: [{ to: null }, { to: { gte: new Date(now - shownDays * dayMs) } }] }, orderBy: { from: "asc" } });
  const found = new Map<string, Interval[]>();
  for (const { service, state, reason, from, to, seenAt } of rows) {
    const end = to?.getTime() ?? (now - seenAt.getTime() > blindAfterMs ? seenAt.getTime() : null);
    const list = found.get(service) ?? [];
    list.push({ state: toState(state), reason, from: from.getTime(), to: end });
    found.set(service, list);
  }
  return found;
}

export async function forgetOldIntervals(now: number): Promise<void> {
  await database().statusInterval.deleteMany({ where: { to: { lt: new Date(now - keptDays * dayMs) } } });
}
