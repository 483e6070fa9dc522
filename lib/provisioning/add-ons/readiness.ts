// Whether what was applied has come up, by its own status: a workload's counts, an Application's health, a node's condition.

export interface Readiness { ready: boolean; say: string }

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Counts of an older generation say nothing of what was applied last. */
export function workloadReadiness(object: unknown): Readiness {
  const { kind, metadata, spec, status } = recordOf(object);
  if (kind === undefined) return { ready: false, say: "is not there yet" };
  const seen = recordOf(status);
  if (numberOf(seen["observedGeneration"]) < numberOf(recordOf(metadata)["generation"])) return { ready: false, say: "is not looked at yet" };
  const [ready, wanted] = kind === "DaemonSet"
    ? [Math.min(numberOf(seen["numberReady"]), numberOf(seen["updatedNumberScheduled"])), numberOf(seen["desiredNumberScheduled"])]
    : [Math.min(numberOf(seen["readyReplicas"]), numberOf(seen["updatedReplicas"])), numberOf(recordOf(spec)["replicas"] ?? 1)];
  // A DaemonSet that wants no pod anywhere has not been spread yet.
  return { ready: ready >= wanted && (kind !== "DaemonSet" || wanted > 0), say: `${ready} of ${wanted} ready` };
}

export function applicationReadiness(object: unknown): Readiness {
  const status = recordOf(recordOf(object)["status"]);
  const sync = textOf(recordOf(status["sync"])["status"]) || "not synced";
  const health = recordOf(status["health"]);
  const word = textOf(health["status"]) || "unknown";
  return { ready: sync === "Synced" && word === "Healthy", say: [`${sync}, ${word}`, textOf(health["message"])].filter((part) => part !== "").join(": ") };
}

export function nodeReadiness(object: unknown): Readiness {
  const conditions = recordOf(recordOf(object)["status"])["conditions"];
  const ready = (Array.isArray(conditions) ? conditions : []).map(recordOf).find((one) => one["type"] === "Ready");
  if (!ready) return { ready: false, say: object === null ? "has not joined yet" : "has not reported yet" };
  return { ready: ready["status"] === "True", say: textOf(ready["message"]) || textOf(ready["reason"]) };
}
