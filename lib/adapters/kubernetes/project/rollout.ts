// What a Rollout of Argo adds to a workload: its steps, how far it is, which version is which, and what holds it.
import type { Pause, RolloutFacts, RolloutStep, StepRun } from "../objects";
import { Flaws, flag, list, number, numberOrNull, record, text, timeOrNull, type Raw } from "./read";

export function rollout(raw: Raw, flaws: Flaws): RolloutFacts {
  const [meta, spec, status] = [record(raw["metadata"]), record(raw["spec"]), record(raw["status"])];
  const strategy = record(spec["strategy"]);
  const canary = record(strategy["canary"]);
  const reference = record(spec["workloadRef"]);
  const told = record(status["canary"]);
  return {
    strategy: "canary" in strategy ? "canary" : "blueGreen" in strategy ? "blueGreen" : "none",
    steps: list(canary["steps"]).map((step) => rolloutStep(record(step))),
    routed: Object.keys(record(canary["trafficRouting"])).filter((key) => !["managedRoutes", "maxTrafficWeight"].includes(key)),
    maxTrafficWeight: number(record(canary["trafficRouting"])["maxTrafficWeight"], 100),
    maxSurge: text(canary["maxSurge"]) || "25%",
    maxUnavailable: text(canary["maxUnavailable"]) || "25%",
    workloadRef: text(reference["name"]) === "" ? null : { apiVersion: text(reference["apiVersion"]), kind: text(reference["kind"]), name: text(reference["name"]) },
    backgroundTemplates: list(record(canary["analysis"])["templates"]).map((one) => text(record(one)["templateName"])),
    revision: Number(text(record(meta["annotations"])["rollout.argoproj.io/revision"])) || 0,
    phase: text(status["phase"]), message: text(status["message"]),
    // Written as text; what cannot be read was written by something else and is older than any generation.
    observedGeneration: Number(text(status["observedGeneration"])) || 0,
    aborted: flag(status["abort"]), abortedAt: timeOrNull(status["abortedAt"], "status.abortedAt", flaws), promoteFull: flag(status["promoteFull"]),
    controllerPause: flag(status["controllerPause"]),
    pauses: list(status["pauseConditions"]).map((one): Pause => ({ reason: text(record(one)["reason"]), since: timeOrNull(record(one)["startTime"], "status.pauseConditions", flaws) ?? 0 })),
    currentHash: text(status["currentPodHash"]), stableHash: text(status["stableRS"]),
    stepIndex: numberOrNull(status["currentStepIndex"]),
    routedWeight: numberOrNull(record(record(told["weights"])["canary"])["weight"]),
    stepRun: stepRun(told["currentStepAnalysisRunStatus"]), backgroundRun: stepRun(told["currentBackgroundAnalysisRunStatus"]),
    experiment: text(told["currentExperiment"]),
  };
}

function stepRun(value: unknown): StepRun | null {
  const raw = record(value);
  return text(raw["name"]) === "" ? null : { name: text(raw["name"]), status: text(raw["status"]), message: text(raw["message"]) };
}

const unitSeconds: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600 };

/** "30", 30, "5m", "1h"; null: until somebody promotes. */
function pauseSeconds(value: unknown): number | null {
  const found = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text(value));
  return found ? Number(found[1]) * (unitSeconds[found[2] ?? ""] ?? 1) : null;
}

function rolloutStep(raw: Raw): RolloutStep {
  if ("setWeight" in raw) return { kind: "setWeight", weight: number(raw["setWeight"]) };
  if ("pause" in raw) return { kind: "pause", seconds: pauseSeconds(record(raw["pause"])["duration"]) };
  if ("analysis" in raw) return { kind: "analysis", templates: list(record(raw["analysis"])["templates"]).map((one) => text(record(one)["templateName"])) };
  if ("experiment" in raw) return { kind: "experiment", templates: list(record(raw["experiment"])["templates"]).map((one) => text(record(one)["name"])) };
  if ("setCanaryScale" in raw) {
    const scale = record(raw["setCanaryScale"]);
    return { kind: "setCanaryScale", replicas: numberOrNull(scale["replicas"]), weight: numberOrNull(scale["weight"]), matchesTraffic: flag(scale["matchTrafficWeight"]) };
  }
  return { kind: "other", name: Object.keys(raw)[0] ?? "" };
}
