// What containers use, as a function of the pod and the time: a steady share of what they asked for, with a daily and a minutely wave.
import { createHash } from "node:crypto";
import { listAt, textAt, type Json, type JsonObject } from "../json.ts";

export interface Usage { cpuMillis: number; cpuSecondsTotal: number; memoryBytes: number }

export function cpuMillisOf(quantity: string): number {
  if (quantity.endsWith("m")) return Number(quantity.slice(0, -1));
  return quantity === "" ? 0 : Number(quantity) * 1000;
}

const units: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, k: 1e3, M: 1e6, G: 1e9 };

export function bytesOf(quantity: string): number {
  const match = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity);
  return match === null ? 0 : Number(match[1]) * (units[match[2] ?? ""] ?? 1);
}

function share(text: string): number {
  return createHash("sha256").update(text).digest().readUInt16LE(0) / 65_536;
}

const minuteWaveMs = 7 * 60_000;

/** The counter is the integral of the momentary value, so that a rate over it shows the same wave. */
export function usageOf(pod: Json, container: Json, nowMs: number): Usage {
  const seed = `${textAt(pod, "metadata", "uid")}/${textAt(container, "name")}`;
  const startedAt = Date.parse(textAt(pod, "status", "startTime")) || nowMs;
  const asked = cpuMillisOf(textAt(container, "resources", "requests", "cpu")) || 12;
  const base = asked * (0.15 + 0.5 * share(`${seed}/cpu`));
  const phase = share(`${seed}/phase`) * 2 * Math.PI;
  const turn = 2 * Math.PI / minuteWaveMs;
  const wave = (t: number): number => Math.sin(turn * t + phase);
  const integral = (t: number): number => -Math.cos(turn * t + phase) / turn;
  const elapsedMs = Math.max(0, nowMs - startedAt);
  const cpuMillisSeconds = base * (elapsedMs / 1000 + 0.35 * (integral(nowMs) - integral(startedAt)) / 1000);
  const memory = bytesOf(textAt(container, "resources", "requests", "memory")) || 48 * 2 ** 20;
  return {
    cpuMillis: base * (1 + 0.35 * wave(nowMs)), cpuSecondsTotal: cpuMillisSeconds / 1000,
    memoryBytes: Math.round(memory * (0.45 + 0.4 * share(`${seed}/memory`) + 0.04 * wave(nowMs / 3))),
  };
}

interface Row { pod: Json; container: Json; usage: Usage }

function rowsOf(pods: readonly Json[], nowMs: number): Row[] {
  return pods.filter((pod) => textAt(pod, "status", "phase") === "Running").flatMap((pod) => listAt(pod, "spec", "containers").map((container) => ({ pod, container, usage: usageOf(pod, container, nowMs) })));
}

function amounts(usage: readonly Usage[], time: string): JsonObject {
  const sum = (read: (one: Usage) => number): number => usage.reduce((total, one) => total + read(one), 0);
  const memory = Math.round(sum((one) => one.memoryBytes));
  return {
    cpu: { time, usageNanoCores: Math.round(sum((one) => one.cpuMillis) * 1e6), usageCoreNanoSeconds: Math.round(sum((one) => one.cpuSecondsTotal) * 1e9) },
    memory: { time, usageBytes: memory, workingSetBytes: memory, rssBytes: Math.round(memory * 0.9) },
  };
}

/** The kubelet's own summary, as `kubectl get --raw /api/v1/nodes/<name>/proxy/stats/summary` shows it. */
export function statsSummary(node: string, pods: readonly Json[], nowMs: number): JsonObject {
  const time = new Date(nowMs).toISOString();
  const rows = rowsOf(pods, nowMs);
  return {
    node: { nodeName: node, ...amounts(rows.map((row) => row.usage), time) },
    pods: pods.filter((pod) => rows.some((row) => row.pod === pod)).map((pod) => {
      const own = rows.filter((row) => row.pod === pod);
      return {
        podRef: { name: textAt(pod, "metadata", "name"), namespace: textAt(pod, "metadata", "namespace"), uid: textAt(pod, "metadata", "uid") },
        containers: own.map(({ container, usage }) => ({ name: textAt(container, "name"), ...amounts([usage], time) })),
        ...amounts(own.map((row) => row.usage), time),
      };
    }),
  };
}

/** The kubelet's /metrics/resource. */
export function resourceMetrics(pods: readonly Json[], nowMs: number): string {
  const rows = rowsOf(pods, nowMs);
  const labels = ({ pod, container }: Row): string => `{container="${textAt(container, "name")}",namespace="${textAt(pod, "metadata", "namespace")}",pod="${textAt(pod, "metadata", "name")}"}`;
  const total = (read: (usage: Usage) => number): number => rows.reduce((sum, row) => sum + read(row.usage), 0);
  return [
    "# TYPE container_cpu_usage_seconds_total counter", ...rows.map((row) => `container_cpu_usage_seconds_total${labels(row)} ${row.usage.cpuSecondsTotal.toFixed(3)} ${nowMs}`),
    "# TYPE container_memory_working_set_bytes gauge", ...rows.map((row) => `container_memory_working_set_bytes${labels(row)} ${row.usage.memoryBytes} ${nowMs}`),
    "# TYPE node_cpu_usage_seconds_total counter", `node_cpu_usage_seconds_total ${total((usage) => usage.cpuSecondsTotal).toFixed(3)} ${nowMs}`,
    "# TYPE node_memory_working_set_bytes gauge", `node_memory_working_set_bytes ${total((usage) => usage.memoryBytes)} ${nowMs}`, "",
  ].join("\n");
}
