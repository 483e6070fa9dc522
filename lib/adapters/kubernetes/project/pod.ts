// A pod at the door: its spec shared with its siblings, of its status only what is read.
import type { ContainerStatus, PodObject } from "../objects";
import { base, finish } from "./base";
import { podSpec } from "./pod-spec";
import type { Pools } from "./pools";
import { Flaws, flag, list, number, numberOrNull, oneOf, record, text, time, timeOrNull, type Raw } from "./read";

const phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;
const mirrorAnnotation = "kubernetes.io/config.mirror";

export function pod(raw: Raw, pools: Pools): PodObject {
  const flaws = new Flaws();
  const [spec, status] = [record(raw["spec"]), record(raw["status"])];
  const conditions = list(status["conditions"]).map(record);
  const condition = (type: string) => conditions.find((one) => one["type"] === type);
  const refused = condition("PodScheduled");
  const ready = record(condition("Ready"));
  const isReady = ready["status"] === "True";
  const initial = statuses(status["initContainerStatuses"], pools);
  const object: PodObject = {
    kind: "Pod",
    ...base(raw, pools, flaws),
    spec: podSpec(spec, pools, flaws),
    nodeName: pools.strings.share(text(spec["nodeName"])),
    phase: oneOf(status["phase"], phases, "Unknown"),
    reason: pools.strings.share(text(status["reason"])),
    ready: isReady,
    ...(isReady ? { readySince: time(ready["lastTransitionTime"], "status.conditions[Ready].lastTransitionTime", flaws) } : {}),
    unscheduled:
      refused?.["status"] === "False"
        ? { reason: pools.strings.share(text(refused["reason"])), message: pools.strings.share(text(refused["message"])), at: time(refused["lastTransitionTime"], "status.conditions[PodScheduled].lastTransitionTime", flaws) }
        : null,
    nominatedNode: pools.strings.share(text(status["nominatedNodeName"])),
    containers: statuses(status["containerStatuses"], pools),
    initContainers: initial,
    podIp: text(status["podIP"]),
    startedAt: timeOrNull(status["startTime"], "status.startTime", flaws),
    mirror: mirrorAnnotation in record(record(raw["metadata"])["annotations"]),
    qosClass: pools.strings.share(text(status["qosClass"])),
  };
  return finish(object, flaws);
}

const noStatuses: readonly ContainerStatus[] = Object.freeze([]);

function statuses(value: unknown, pools: Pools): readonly ContainerStatus[] {
  const raw = list(value);
  if (raw.length === 0) return noStatuses;
  const all = raw.map((one) => containerStatus(record(one)));
  return pools.statuses.share(all.map((one) => Object.values(one).join("\u0000")).join("\u0001"), () => all);
}

function containerStatus(raw: Raw): ContainerStatus {
  const state = record(raw["state"]);
  const kind = state["running"] ? "running" : state["waiting"] ? "waiting" : state["terminated"] ? "terminated" : "unknown";
  const now = record(state[kind]);
  const last = record(record(raw["lastState"])["terminated"]);
  return {
    name: text(raw["name"]), ready: flag(raw["ready"]), restarts: number(raw["restartCount"]), state: kind,
    reason: text(now["reason"]), exitCode: numberOrNull(now["exitCode"]), lastReason: text(last["reason"]),
  };
}
