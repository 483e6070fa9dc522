// Is there room: cpu, memory, disk, extended resources, pod slots (NodeResourcesFit). Every resource that lacks is named.
import { figureText } from "../units";
import type { Figure, Filter } from "./refusal";

export const resourcesFit: Filter = ({ pod }, { node, used }) => {
  const asks = pod.spec.requests;
  const has = node.allocatable;
  const figures: Figure[] = [];
  const check = (resource: string, unit: Figure["unit"], numbers: { needs: number; used: number; total: number }) => {
    const free = numbers.total - numbers.used;
    if (numbers.needs > 0 && numbers.needs > free) figures.push({ resource, unit, ...numbers, free, short: numbers.needs - free });
  };
  check("pods", "count", { needs: 1, used: used.pods, total: has.pods });
  check("cpu", "millicores", { needs: asks.cpuMillis, used: used.cpuMillis, total: has.cpuMillis });
  check("memory", "bytes", { needs: asks.memoryBytes, used: used.memoryBytes, total: has.memoryBytes });
  check("ephemeral-storage", "bytes", { needs: asks.ephemeralBytes, used: used.ephemeralBytes, total: has.ephemeralBytes });
  for (const [name, needs] of Object.entries(asks.extended)) {
    check(name, name.startsWith("hugepages-") ? "bytes" : "count", { needs, used: used.extended[name] ?? 0, total: has.extended[name] ?? 0 });
  }
  const [first] = figures;
  if (!first) return null;
  return {
    filter: "resources",
    reasons: figures.map(({ resource }) => (resource === "pods" ? "Too many pods" : `Insufficient ${resource}`)),
    say: figures.map((figure) => (figure.resource === "pods" ? `Too many pods: ${figure.used} of ${figure.total}` : `Insufficient ${figure.resource}: needs ${figureText(figure, figure.needs)}, ${figureText(figure, figure.free)} free`)).join("; "),
    short: figures.map((figure) => (figure.resource === "pods" ? "no pod slot" : `${figure.resource} ${figureText(figure, figure.short)} short`)).join(", "),
    figures,
  };
};
