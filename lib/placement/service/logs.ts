// The log of a container, or of every pod of its workload together, as events for a browser.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { systemClock } from "@/lib/base/clock";
import { AppError, causeText } from "@/lib/base/errors";
import type { Frame, SseWriter } from "@/lib/base/sse";
import { connectionFor } from "@/lib/clusters/connections";
import { workloadOf } from "../workload-of";
import { podInput } from "./pods";

const flag = z.stringbool().default(false);
const input = podInput.extend({
  container: z.string().max(63).default(""),
  follow: flag,
  previous: flag,
  tail: z.coerce.number().int().min(0).max(10_000).default(500),
  /** Every pod of the same workload, also those that come while it is followed. */
  all: flag,
});
type LogInput = z.infer<typeof input>;

const maxPods = 50;
const slowReaderMs = 50;

/** Events: `line` with the text, `waiting` and `failed` with a sentence; the stream ends with the log. With `all`, each is led by the pod's name and a tab. */
export const podLogs = feed({
  name: "pod.logs",
  permission: "pod.logs",
  input,
  run: async (_ctx, wanted) => {
    const handle = connectionFor(wanted.cluster);
    const pod = handle.store("Pod").get(`${wanted.namespace}/${wanted.pod}`);
    if (!pod) throw new AppError("not-found", `There is no pod ${wanted.namespace}/${wanted.pod} in ${wanted.cluster} now. It may have been replaced.`);
    if (wanted.container && !pod.spec.containers.some(({ name }) => name === wanted.container)) throw new AppError("not-found", `${pod.name} has no container ${wanted.container}.`);
    return (writer: SseWriter) => tell(writer, { handle, pod, wanted });
  },
});

interface Telling { handle: ClusterHandle; pod: PodObject; wanted: LogInput }

async function tell(writer: SseWriter, { handle, pod, wanted }: Telling): Promise<void> {
  const begun = new Map<string, Promise<void>>();
  const begin = () => {
    for (const each of wanted.all ? siblings(handle, pod) : [pod]) {
      if (begun.has(each.uid) || begun.size >= maxPods) continue;
      begun.set(each.uid, tellPod(writer, { handle, pod: each, wanted }));
    }
  };
  const endWatch = wanted.all && wanted.follow ? handle.onChange(begin) : () => undefined;
  writer.signal.addEventListener("abort", endWatch, { once: true });
  begin();
  for (let known = 0; known < begun.size; ) {
    known = begun.size;
    await Promise.all(begun.values());
  }
  if (wanted.all && wanted.follow && !writer.signal.aborted) return;
  writer.close();
}

function siblings(handle: ClusterHandle, pod: PodObject): PodObject[] {
  const workload = workloadOf(handle, pod);
  if (!workload) return [pod];
  return handle.store("Pod").by("namespace", pod.namespace).filter((each) => each.containers.length > 0 && workloadOf(handle, each)?.uid === workload.uid);
}

async function tellPod(writer: SseWriter, { handle, pod, wanted }: Telling): Promise<void> {
  const container = wanted.container || (pod.spec.containers.find(({ init }) => !init)?.name ?? "");
  const { follow, previous, tail: tailLines } = wanted;
  const lead = wanted.all ? `${pod.name}\t` : "";
  try {
    if (follow && !previous) await untilStarted(writer, { handle, pod, container, lead });
    for await (const text of handle.client.logs({ namespace: pod.namespace, pod: pod.name, container, follow, previous, tailLines, signal: writer.signal })) {
      await send(writer, { event: "line", data: lead + text });
    }
  } catch (thrown) {
    const say = thrown instanceof AppError ? thrown.say : `The log of ${pod.name} broke off: ${causeText(thrown)}.`;
    await send(writer, { event: "failed", data: lead + say });
  }
}

interface Starting { handle: ClusterHandle; pod: PodObject; container: string; lead: string }

/** A container that has not run yet has no log, and its kubelet would say so as an error: whoever follows is told what it waits for, and gets the log once there is one. */
async function untilStarted(writer: SseWriter, { handle, pod, container, lead }: Starting): Promise<void> {
  const reasonNow = (): string | null => {
    const now = handle.store("Pod").get(`${pod.namespace}/${pod.name}`);
    const status = [...(now?.containers ?? []), ...(now?.initContainers ?? [])].find(({ name }) => name === container);
    if (status) return status.state === "waiting" && status.restarts === 0 ? status.reason || "not started" : null;
    return now?.phase === "Pending" ? "not started" : null;
  };
  let said = "";
  for (let reason = reasonNow(); reason !== null && !writer.signal.aborted; reason = reasonNow()) {
    if (reason !== said) await send(writer, { event: "waiting", data: `${lead}${container} waits: ${reason}.` });
    said = reason;
    await nextChange(handle, writer.signal);
  }
}

function nextChange(handle: ClusterHandle, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      off();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const off = handle.onChange(done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}

/** A reader that is slow is waited for, so that no line is lost; the log is read no faster than it is taken. */
async function send(writer: SseWriter, frame: Frame): Promise<void> {
  while (!writer.signal.aborted && !writer.send(frame)) await systemClock.sleep(slowReaderMs, writer.signal);
}
