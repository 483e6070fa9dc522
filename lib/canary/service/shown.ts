// Runs and Rollouts as the screens show them.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { standingOf, stepState, wantedWeight, type RolloutObject } from "@/lib/deployments/rollouts/standing";
import type { TierPolicy } from "@/lib/placement/model";
import { declaredTier } from "@/lib/placement/tier-policy";
import { versionOf } from "../evidence/selectors";
import type { Evidence } from "../model";
import { everyMs, type Versions } from "../run";
import type { PodView, RolloutView, RunSummary, StepView } from "../views";
import type { Run } from "./kept";
import { podFacts } from "./gather";

export function toSummary(run: Run): RunSummary {
  const { versions: { canary, baseline }, verdict, definition, settings, ...rest } = run;
  return {
    cluster: rest.cluster, namespace: rest.namespace, kind: rest.kind, workload: rest.workload, id: rest.id,
    canaryHash: canary.hash, baselineHash: baseline.hash, canaryImage: canary.image, baselineImage: baseline.image,
    word: rest.word, sentence: verdict?.sentence ?? "Counting has begun; nothing is known yet.", minutes: verdict?.minutes ?? 0, held: rest.held || (verdict?.held ?? false), ended: verdict?.ended ?? false,
    state: rest.state, outcome: rest.outcome, trouble: rest.trouble, truth: rest.truth, truthBy: rest.truthBy,
    startedAt: rest.startedAt, endedAt: rest.endedAt, lastAt: rest.lastAt, everyMs: everyMs(settings, definition.minutes), startedBy: rest.startedBy,
  };
}

const durationText = (seconds: number): string => (seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

function toStep(rollout: RolloutObject, index: number): StepView {
  const step = rollout.rollout.steps[index];
  const state = stepState(index, rollout);
  const base = { state, newWeight: step?.kind === "setWeight" };
  if (step === undefined) return { ...base, title: "?", detail: "" };
  if (step.kind === "setWeight") return { ...base, title: `weight ${step.weight} %`, detail: "" };
  if (step.kind === "pause") return { ...base, title: step.seconds === null ? "pause" : `pause ${durationText(step.seconds)}`, detail: step.seconds === null ? "until somebody promotes" : "" };
  if (step.kind === "analysis" || step.kind === "experiment") return { ...base, title: step.kind, detail: step.templates.join(", ") };
  if (step.kind === "setCanaryScale") return { ...base, title: "canary scale", detail: step.matchesTraffic ? "as the traffic" : step.replicas !== null ? `${step.replicas} pods` : `${step.weight ?? 0} %` };
  return { ...base, title: step.name, detail: "" };
}

/** The version that is wanted and the one that is stable, by their ReplicaSets; before a first promotion both may be the same. */
export function versionsIn(handle: ClusterHandle, rollout: RolloutObject): Versions {
  const { currentHash, stableHash } = rollout.rollout;
  const version = (hash: string) => {
    const set = `${rollout.name}-${hash}`;
    return { hash, set, image: handle.store("ReplicaSet").get(`${rollout.namespace}/${set}`)?.images.join(", ") ?? "" };
  };
  return { canary: version(currentHash), baseline: version(stableHash) };
}

export function toRolloutView(handle: ClusterHandle, rollout: RolloutObject, policy: TierPolicy): RolloutView {
  const standing = standingOf(rollout);
  const versions = versionsIn(handle, rollout);
  const { ready } = podFacts(handle.store("Pod").values(), { namespace: rollout.namespace, versions });
  const { rollout: { currentHash, stableHash, revision, strategy, routed, steps, stepIndex, aborted }, paused } = rollout;
  return {
    namespace: rollout.namespace, name: rollout.name, ...standing, paused, aborted, currentHash, stableHash, currentImage: versions.canary.image, stableImage: versions.baseline.image,
    revision, strategy, routed: [...routed], steps: steps.map((_, index) => toStep(rollout, index)), stepIndex, wantedWeight: wantedWeight(rollout),
    tier: declaredTier(policy, { namespace: rollout.namespace, name: rollout.name, kind: "Rollout", labels: rollout.labels }) ?? 0,
    replicas: { wanted: rollout.replicas ?? 0, canaryReady: standing.inProgress ? ready.canary : 0, stableReady: standing.inProgress ? ready.baseline : ready.canary },
  };
}

const restartsOf = (pod: PodObject): number => pod.containers.reduce((sum, { restarts }) => sum + restarts, 0);

/** With what the first metric that is counted by pod has counted of each. */
export function podViews(handle: ClusterHandle, { namespace, versions, evidence }: { namespace: string; versions: Versions; evidence: Evidence | null }): { canary: PodView[]; baseline: PodView[] } {
  const counted = Object.values(evidence?.metrics ?? {}).find((one) => one.kind === "counts");
  const counts = new Map((counted?.kind === "counts" ? counted.pods : []).map((one) => [one.pod, one]));
  const views: { canary: PodView[]; baseline: PodView[] } = { canary: [], baseline: [] };
  for (const pod of handle.store("Pod").values()) {
    const version = pod.namespace === namespace ? versionOf(pod.name, versions) : null;
    if (version === null) continue;
    const own = counts.get(pod.name);
    views[version].push({ name: pod.name, node: pod.nodeName, ready: pod.ready, createdAt: pod.createdAt, restarts: restartsOf(pod), events: own?.events ?? null, exposure: own?.exposure ?? null });
  }
  for (const list of Object.values(views)) list.sort((a, b) => (a.name < b.name ? -1 : 1));
  return versions.canary.set === versions.baseline.set ? { canary: [], baseline: [...views.canary, ...views.baseline] } : views;
}
