// Kayenta's score from 0 to 100 by groups and weights, and its verdict by two thresholds.
import type { KayentaMetricResult, KayentaScore } from "./model";

type Scored = Pick<KayentaMetricResult, "classification" | "groups" | "critical" | "name" | "muted">;
export interface Thresholds { pass: number; marginal: number }

export function score(results: readonly Scored[], groupWeights: Readonly<Record<string, number>> = {}): KayentaScore {
  const heard = results.filter(({ muted }) => !muted);
  const names = [...new Set(heard.flatMap(({ groups }) => groups))];
  const groups = names.map((name) => scoreGroup(name, heard.filter((one) => one.groups.includes(name))));
  const critical = heard.find((one) => one.critical && one.classification !== "Pass");
  if (critical) return { groups, score: 0, reason: `Canary Failed: ${critical.name} was classified as ${critical.classification}` };
  const without = heard.filter(({ classification }) => classification === "Nodata").length;
  if (heard.length > 0 && without / heard.length >= 0.5) return { groups, score: 0, reason: "Canary Failed: 50% or more metrics returned NODATA" };
  const given = names.flatMap((name) => (Object.hasOwn(groupWeights, name) ? [groupWeights[name] ?? 0] : []));
  const rest = (100 - given.reduce((sum, weight) => sum + weight, 0)) / Math.max(1, names.length - given.length);
  const total = groups.reduce((sum, group) => sum + ((group.noData ? 100 : group.score) * (Object.hasOwn(groupWeights, group.name) ? (groupWeights[group.name] ?? 0) : rest)) / 100, 0);
  return { groups, score: Math.floor(total * 100 + 0.5) / 100, reason: "" };
}

function scoreGroup(name: string, results: readonly Scored[]): KayentaScore["groups"][number] {
  const counted = results.filter(({ classification }) => classification !== "Nodata" && classification !== "Error");
  const passed = counted.filter(({ classification }) => classification === "Pass").length;
  return { name, score: counted.length > 0 ? (100 * passed) / counted.length : 0, noData: counted.length === 0 };
}

export function kayentaWord(value: number, { pass, marginal }: Thresholds): "Pass" | "Marginal" | "Fail" {
  if (value >= pass) return "Pass";
  return value >= marginal ? "Marginal" : "Fail";
}
