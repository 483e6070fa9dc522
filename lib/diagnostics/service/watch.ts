// A cluster looked at all the time: facts gathered from touched objects, what stands beside asked now and then, findings kept and recorded.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { AppError, causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { createChannel } from "@/lib/base/stream";
import { channelTopic } from "@/lib/notices/channel-topic";
import { liveCounter } from "@/lib/notices/service";
import { liveView } from "@/lib/placement/service/live";
import { routesView } from "@/lib/routes/service/live";
import { diagnose } from "../diagnose";
import { noFacts, type Facts, type Readings } from "../facts";
import { createGathering, saidOf } from "../gather";
import type { Finding, Said } from "../model";
import { openSince, record } from "../store";
import { readApiCertificate, readCrashLog, readJobs, readReadings, type JobsTold } from "./read-beside";

/** How often each thing beside the objects is asked. */
const everyMs = { readings: 30_000, jobs: 10_000, routes: 30_000, certificates: 3_600_000, log: 120_000 };
const maxLogsAtOnce = 3;
/** Absent for so many looks, a finding is over: one look may miss what the next sees. */
const missesToEnd = 2;

export interface Watch {
  handle: ClusterHandle;
  findings(): readonly Finding[];
  lastLook(): { at: number; tookMs: number; unknown: string[] };
  /** `eager`: what stands beside the objects is asked anew, however young the last answer is. */
  look(now: number, eager?: boolean): Promise<void>;
  topic: ReturnType<typeof channelTopic>;
  close(): void;
}

interface Beside {
  askedAt: Map<string, number>;
  unknown: Map<string, string>;
  readings: Readings;
  jobs: JobsTold | null;
  routes: Pick<Facts, "routes" | "world">;
  certificates: { name: string; endsAt: number }[];
  logs: Map<string, { at: number; lines: string[] }>;
}

export async function openWatch(slug: string): Promise<Watch> {
  const live = await liveView(slug);
  const gathering = createGathering();
  gathering.rebuild(live.picture);
  const end = live.handle.onChange((touched) => gathering.touch(touched));
  const channel = createChannel<string | null>(liveCounter(), { maxChanges: 50, maxBytes: 4096, bytes: () => 4 });
  const beside: Beside = { askedAt: new Map(), unknown: new Map(), readings: noFacts.readings, jobs: null, routes: { routes: null, world: noFacts.world }, certificates: [], logs: new Map() };
  const known = new Map<string, { finding: Finding; misses: number }>();
  let since: Map<string, number> | null = null;
  let last: ReturnType<Watch["lastLook"]> = { at: 0, tookMs: 0, unknown: [] };

  const facts = (now: number): Facts => {
    const unwell = gathering.unwell();
    const control = [...live.picture.store("Node").values()].some(({ labels }) => "node-role.kubernetes.io/control-plane" in labels);
    return {
      now, picture: live.picture, policy: live.policy, unwell, ...beside.routes, readings: beside.readings, jobs: beside.jobs?.jobs ?? [], certificates: beside.certificates,
      said: [...saidOf(live.picture, unwell, now), ...(beside.jobs?.said ?? []), ...logSaid(beside)], lastSnapshotAt: control && beside.jobs ? beside.jobs.lastSnapshotAt : undefined,
    };
  };
  return {
    handle: live.handle,
    findings: () => [...known.values()].map(({ finding }) => finding),
    lastLook: () => last,
    topic: channelTopic(channel),
    close: end,
    async look(now, eager = false) {
      // What cannot be seen is neither found nor over.
      if (live.handle.freshness().state !== "live" || live.handle.kinds().some(({ state }) => state === "loading")) return;
      if (eager) beside.askedAt.clear();
      await askBeside(beside, { slug, handle: live.handle, unwell: () => gathering.unwell(), now });
      since ??= await openSince(slug);
      const begun = performance.now();
      const changed = fold(known, diagnose(facts(now)), since);
      last = { at: now, tookMs: performance.now() - begun, unknown: [...beside.unknown].map(([what, say]) => `${what}: ${say}`) };
      if (changed.put.length === 0 && changed.ended.length === 0) return;
      await record(slug, { ...changed, at: now });
      channel.publish(null);
    },
  };
}

/** Brings what is known up to what was found; says what is to be written. */
function fold(known: Map<string, { finding: Finding; misses: number }>, found: readonly Finding[], since: Map<string, number>): { put: Finding[]; ended: string[] } {
  const put: Finding[] = [];
  for (const one of found) {
    const before = known.get(one.key);
    const finding = { ...one, since: before?.finding.since ?? since.get(one.key) ?? one.since };
    known.set(one.key, { finding, misses: 0 });
    if (JSON.stringify(before?.finding) !== JSON.stringify(finding)) put.push(finding);
  }
  const now = new Set(found.map(({ key }) => key));
  for (const key of since.keys()) if (!known.has(key)) known.set(key, { finding: { ...stale, key }, misses: missesToEnd });
  const ended: string[] = [];
  for (const [key, entry] of known) {
    if (now.has(key)) continue;
    entry.misses += 1;
    if (entry.misses < missesToEnd) continue;
    known.delete(key);
    ended.push(key);
  }
  since.clear();
  return { put, ended };
}
/** Stands for a row that an earlier process left open and that is not found any more; it is closed in the same look. */
const stale: Finding = { key: "", failure: "", severity: "info", title: "", area: "components", subject: { kind: "cluster", key: "" }, evidence: [], since: 0, more: 0 };

const logSaid = ({ logs }: Beside): Said[] => [...logs].flatMap(([key, { at, lines }]) => lines.map((text): Said => ({ origin: "container", text, at, subject: { kind: "pod", key } })));

interface Asking { slug: string; handle: ClusterHandle; unwell: () => ReturnType<ReturnType<typeof createGathering>["unwell"]>; now: number }

async function askBeside(beside: Beside, asking: Asking): Promise<void> {
  const { slug, handle, now } = asking;
  const due = async (what: keyof typeof everyMs, ask: () => Promise<void>): Promise<void> => {
    if (now - (beside.askedAt.get(what) ?? 0) < everyMs[what]) return;
    beside.askedAt.set(what, now);
    try {
      await ask();
      beside.unknown.delete(what);
    } catch (thrown) {
      beside.unknown.set(what, thrown instanceof AppError ? thrown.say : "could not be asked");
      log.debug({ cluster: slug, what, cause: causeText(thrown) }, "something beside the cluster's objects could not be asked");
    }
  };
  await Promise.all([
    due("readings", async () => void (beside.readings = await readReadings(slug))),
    due("jobs", async () => void (beside.jobs = await readJobs(slug, now))),
    due("routes", async () => {
      const view = await routesView(slug);
      await view.refresh();
      beside.routes = { routes: view.now(), world: view.world() };
    }),
    due("certificates", async () => {
      const one = await readApiCertificate(handle.server);
      beside.certificates = one ? [one] : [];
    }),
    askLogs(beside, asking),
  ]);
}

/** Of what crashes, a few logs at a time; of what does not any more they are let go. */
async function askLogs({ logs }: Beside, { handle, unwell, now }: Asking): Promise<void> {
  const crashing = unwell().filter(({ containers, initContainers = [] }) => [...containers, ...initContainers].some(({ reason }) => reason === "CrashLoopBackOff"));
  const keys = new Set(crashing.map(({ namespace, name }) => `${namespace}/${name}`));
  for (const key of logs.keys()) if (!keys.has(key)) logs.delete(key);
  const due = crashing.filter(({ namespace, name }) => now - (logs.get(`${namespace}/${name}`)?.at ?? 0) > everyMs.log).slice(0, maxLogsAtOnce);
  await Promise.all(due.map(async (pod) => void logs.set(`${pod.namespace}/${pod.name}`, { at: now, lines: await readCrashLog(handle, pod) })));
}
