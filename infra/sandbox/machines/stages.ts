// The life of nodes and pods as KWOK plays it: stages with selectors, delays with jitter, and what each writes.
import { stringify } from "yaml";
import type { Json } from "../json.ts";
import { backOffTemplate, crashTemplate, createdTemplate, failedPullTemplate, finishedTemplate, nodeHealthTemplate, readyTemplate, runningTemplate } from "./stage-templates.ts";

export type Pace = "real" | "fast";
export const behaviourLabel = "sandbox.quarterdeck.dev/behaviour";
/** How a pod may be told to behave by its label; without it, it is well. */
export const behaviours = ["crash-loop", "oom-kill", "bad-image", "slow-ready", "never-ready"] as const;

interface Condition { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] }
interface Delay { fromMs: number; toMs: number; /** jq: a duration as text, or a time. */ expression?: string }
interface Event { type: "Normal" | "Warning"; reason: string; message: string }
interface StageInput { name: string; kind: "Pod" | "Node"; when: Condition[]; delay: Delay; events?: Event[]; status?: string; remove?: boolean }

const behaviourKey = `.metadata.labels["${behaviourLabel}"]`;
const alive: Condition = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
const phase = (...values: string[]): Condition => ({ key: ".status.phase", operator: "In", values });
const behaves = (...values: string[]): Condition => ({ key: behaviourKey, operator: "In", values });
const behavesNot = (...values: string[]): Condition => ({ key: behaviourKey, operator: "NotIn", values });
const waiting = (...values: string[]): Condition => ({ key: ".status.containerStatuses.[0].state.waiting.reason", operator: "In", values });
const running: Condition = { key: ".status.containerStatuses.[0].state.running.startedAt", operator: "Exists" };
const ready = (value: "True" | "False"): Condition => ({ key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: "In", values: [value] });
const ofJob: Condition = { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] };
/** The kubelet's own back-off: 10 s doubled with each restart, at most five minutes. */
const backOff = '([10 * pow(2; (.status.containerStatuses[0].restartCount // 1) - 1), 300] | min | tostring) + "s"';

function toStage(input: StageInput): Json {
  const steps = [
    ...(input.events ?? []).map((event) => ({ event: { ...event } })),
    ...(input.status === undefined ? [] : [{ patch: { subresource: "status", root: "status", type: "strategic", template: input.status } }]),
    ...(input.remove === true ? [{ delete: true }] : []),
  ];
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1", kind: "Stage", metadata: { name: input.name },
    spec: {
      resourceRef: { apiGroup: "v1", kind: input.kind },
      selector: { matchExpressions: input.when.map((condition) => ({ ...condition })) },
      delay: {
        durationMilliseconds: input.delay.fromMs, jitterDurationMilliseconds: input.delay.toMs,
        ...(input.delay.expression === undefined ? {} : { durationFrom: { expressionFrom: input.delay.expression }, jitterDurationFrom: { expressionFrom: input.delay.expression } }),
      },
      steps,
    },
  };
}

function nodeStages(): StageInput[] {
  const nodeReady = (operator: "In" | "NotIn"): Condition => ({ key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator, values: ["True"] });
  return [
    { name: "node-comes-up", kind: "Node", when: [nodeReady("NotIn")], delay: { fromMs: 0, toMs: 0 }, status: nodeHealthTemplate },
    { name: "node-reports", kind: "Node", when: [nodeReady("In")], delay: { fromMs: 240_000, toMs: 360_000 }, status: nodeHealthTemplate },
  ];
}

function startStages(ms: (fromMs: number, toMs: number) => Delay): StageInput[] {
  return [
    {
      name: "pod-accepted", kind: "Pod", delay: ms(30, 250), status: createdTemplate,
      when: [alive, { key: ".status.containerStatuses", operator: "DoesNotExist" }, { key: ".status.phase", operator: "NotIn", values: ["Succeeded", "Failed"] }],
      events: [{ type: "Normal", reason: "Pulling", message: "Pulling image" }],
    },
    {
      name: "pod-starts", kind: "Pod", delay: ms(600, 3_000), status: runningTemplate("unready"),
      when: [alive, phase("Pending"), waiting("ContainerCreating", "PodInitializing"), behavesNot("bad-image")],
      events: [
        { type: "Normal", reason: "Pulled", message: "Successfully pulled image" },
        { type: "Normal", reason: "Created", message: "Created container" },
        { type: "Normal", reason: "Started", message: "Started container" },
      ],
    },
    { name: "pod-becomes-ready", kind: "Pod", when: [alive, phase("Running"), running, ready("False"), behavesNot("crash-loop", "slow-ready", "never-ready")], delay: ms(250, 1_800), status: readyTemplate },
    {
      name: "pod-becomes-ready-slowly", kind: "Pod", when: [alive, phase("Running"), running, ready("False"), behaves("slow-ready")], delay: { fromMs: 45_000, toMs: 75_000 }, status: readyTemplate,
      events: [{ type: "Warning", reason: "Unhealthy", message: "Readiness probe failed: HTTP probe failed with statuscode: 503" }],
    },
  ];
}

function troubleStages(ms: (fromMs: number, toMs: number) => Delay): StageInput[] {
  const back: Event = { type: "Warning", reason: "BackOff", message: "Back-off restarting failed container" };
  return [
    { name: "pod-crashes", kind: "Pod", when: [alive, phase("Running"), running, behaves("crash-loop")], delay: ms(1_500, 5_000), status: crashTemplate({ exitCode: 1, reason: "Error" }), events: [back] },
    { name: "pod-is-killed-for-memory", kind: "Pod", when: [alive, phase("Running"), running, ready("True"), behaves("oom-kill")], delay: ms(8_000, 40_000), status: crashTemplate({ exitCode: 137, reason: "OOMKilled" }), events: [back] },
    { name: "pod-starts-again", kind: "Pod", when: [alive, phase("Running"), waiting("CrashLoopBackOff")], delay: { fromMs: 10_000, toMs: 10_000, expression: backOff }, status: runningTemplate("unready") },
    {
      name: "image-cannot-be-pulled", kind: "Pod", when: [alive, phase("Pending"), waiting("ContainerCreating", "PodInitializing"), behaves("bad-image")], delay: ms(800, 2_500), status: failedPullTemplate,
      events: [{ type: "Warning", reason: "Failed", message: "Failed to pull image: rpc error: code = NotFound desc = failed to pull and unpack image: not found" }],
    },
    {
      name: "image-pull-backs-off", kind: "Pod", when: [alive, phase("Pending"), waiting("ErrImagePull")], delay: ms(2_000, 6_000), status: backOffTemplate,
      events: [{ type: "Normal", reason: "BackOff", message: "Back-off pulling image" }],
    },
    { name: "image-is-tried-again", kind: "Pod", when: [alive, phase("Pending"), waiting("ImagePullBackOff")], delay: { fromMs: 20_000, toMs: 90_000 }, status: failedPullTemplate },
  ];
}

function endStages(ms: (fromMs: number, toMs: number) => Delay): StageInput[] {
  return [
    { name: "job-finishes", kind: "Pod", when: [alive, phase("Running"), ready("True"), ofJob], delay: ms(3_000, 15_000), status: finishedTemplate },
    {
      name: "pod-ends", kind: "Pod", remove: true, delay: ms(300, 2_000),
      when: [{ key: ".metadata.deletionTimestamp", operator: "Exists" }, { key: ".metadata.finalizers", operator: "DoesNotExist" }],
      events: [{ type: "Normal", reason: "Killing", message: "Stopping container" }],
    },
  ];
}

function delays(pace: Pace): (fromMs: number, toMs: number) => Delay {
  return (fromMs, toMs) => pace === "fast" ? { fromMs: Math.round(fromMs / 20), toMs: Math.round(toMs / 10) } : { fromMs, toMs };
}

function written(stages: readonly StageInput[]): string {
  return stages.map((stage) => stringify(toStage(stage), { lineWidth: 0 })).join("---\n");
}

/** All stages as one file. At a fast pace nothing dawdles, for tests that wait for pods. */
export function stagesYaml(pace: Pace): string {
  const ms = delays(pace);
  return written([...nodeStages(), ...startStages(ms), ...troubleStages(ms), ...endStages(ms)]);
}

/** A container that enters the machine's own namespaces has a life there, and not here. */
const inItsContainer: Condition = { key: ".spec.containers.[0].command.[0]", operator: "NotIn", values: ["nsenter"] };
const onHostNetwork: Condition = { key: ".spec.hostNetwork", operator: "In", values: ["true"] };

/** For a machine whose kubelet says itself when its node is ready: without a network plugin only pods on the host's network start. */
export function machineStagesYaml(pace: Pace, withNetwork: boolean): string {
  const ms = delays(pace);
  const starting = startStages(ms).map((stage) => ({ ...stage, when: [...stage.when, inItsContainer, ...(withNetwork ? [] : [onHostNetwork])] }));
  return written([...nodeStages().filter(({ name }) => name === "node-reports"), ...starting, ...troubleStages(ms), ...endStages(ms)]);
}
