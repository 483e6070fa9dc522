// Which revision an object is and how far the newest one has come, in the fields that `kubectl rollout status` reads.
import type { RevisionFacts, WorkloadKind } from "../objects";
import type { Pools } from "./pools";
import { number, record, text, type Raw } from "./read";

const revisionKeys = ["rollout.argoproj.io/revision", "deployment.kubernetes.io/revision"] as const;
const historyKeys = ["rollout.argoproj.io/revision-history", "deployment.kubernetes.io/revision-history"] as const;
const none: readonly number[] = Object.freeze([]);

export function revisionFacts(kind: WorkloadKind, raw: Raw, pools: Pools): RevisionFacts {
  const [metadata, spec, status] = [record(raw["metadata"]), record(raw["spec"]), record(raw["status"])];
  const [annotations, labels] = [record(metadata["annotations"]), record(metadata["labels"])];
  const strategy = record(spec[kind === "StatefulSet" || kind === "DaemonSet" ? "updateStrategy" : "strategy"]);
  return {
    revision: Number(text(annotations[revisionKeys.find((key) => key in annotations) ?? ""])) || 0,
    earlierRevisions: earlier(text(annotations[historyKeys.find((key) => key in annotations) ?? ""])),
    strategy: pools.strings.share(text(strategy["type"])),
    partition: "rollingUpdate" in strategy ? number(record(strategy["rollingUpdate"])["partition"]) : null,
    statusReplicas: number(status["replicas"]),
    currentRevision: text(status["currentRevision"]),
    updateRevision: text(status["updateRevision"]),
    podHash: text(labels["rollouts-pod-template-hash"] ?? labels["pod-template-hash"]),
  };
}

function earlier(history: string): readonly number[] {
  if (history === "") return none;
  return history.split(",").map(Number).filter((one) => Number.isSafeInteger(one) && one > 0);
}
