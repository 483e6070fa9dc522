// Deployment, StatefulSet, DaemonSet, ReplicaSet, Job and Rollout, told in the same words.
import type { ControllerRevisionObject, WorkloadKind, WorkloadObject } from "../objects";
import { base, finish, labels } from "./base";
import { conditions } from "./node";
import { images, podSpec } from "./pod-spec";
import type { Pools } from "./pools";
import { Flaws, flag, number, numberOrNull, record, text, type Raw } from "./read";
import { rollout } from "./rollout";
import { revisionFacts } from "./revision-facts";
import { selector } from "./selectors";

interface Counts { replicas: number | null; ready: number; updated: number; available: number }

const counts: Record<WorkloadKind, (spec: Raw, status: Raw) => Counts> = {
  Deployment: standard,
  StatefulSet: standard,
  Rollout: standard,
  ReplicaSet: (spec, status) => ({ ...standard(spec, status), updated: number(status["replicas"]) }),
  DaemonSet: (_spec, status) => ({
    replicas: numberOrNull(status["desiredNumberScheduled"]), ready: number(status["numberReady"]),
    updated: number(status["updatedNumberScheduled"]), available: number(status["numberAvailable"]),
  }),
  Job: (spec, status) => ({
    replicas: numberOrNull(spec["parallelism"]), ready: number(status["ready"]), updated: number(status["succeeded"]), available: number(status["active"]),
  }),
};

function standard(spec: Raw, status: Raw): Counts {
  return {
    replicas: number(spec["replicas"], 1), ready: number(status["readyReplicas"]),
    updated: number(status["updatedReplicas"]), available: number(status["availableReplicas"]),
  };
}

export function workload(kind: WorkloadKind, raw: Raw, pools: Pools): WorkloadObject {
  const flaws = new Flaws();
  const [spec, status] = [record(raw["spec"]), record(raw["status"])];
  const template = record(spec["template"]);
  const templateSpec = "spec" in template ? podSpec(template["spec"], pools, flaws) : null;
  const count = counts[kind](spec, status);
  const object: WorkloadObject = {
    kind,
    ...base(raw, pools, flaws),
    replicas: count.replicas, readyReplicas: count.ready, updatedReplicas: count.updated, availableReplicas: count.available,
    /** Rollouts write this number as text. */
    observedGeneration: Number(text(status["observedGeneration"])) || 0,
    generation: number(record(raw["metadata"])["generation"]),
    selector: selector(spec["selector"], pools),
    templateLabels: labels(record(template["metadata"])["labels"], pools),
    template: templateSpec,
    images: images(templateSpec),
    conditions: conditions(status["conditions"], pools, flaws),
    paused: flag(spec["paused"]) || flag(spec["suspend"]),
    ...(kind === "Rollout" ? { rollout: rollout(raw, flaws) } : {}),
    ...(kind === "Job" ? {} : { revision: revisionFacts(kind, raw, pools) }),
  };
  return finish(object, flaws);
}

export function controllerRevision(raw: Raw, pools: Pools): ControllerRevisionObject {
  const flaws = new Flaws();
  return finish({ kind: "ControllerRevision", ...base(raw, pools, flaws), revision: number(raw["revision"]) }, flaws);
}
