// A blueprint becomes the graph of all that it is made of: the same for plan, build, cost, export and teardown.
import { machinesOf } from "../machines";
import type { Blueprint, Pins } from "../model";
import { identityOf } from "./identity";
import { inClusterOf } from "./in-cluster";
import { instancesOf } from "./machines";
import type { ResourceGraph } from "./model";
import { networkOf } from "./network";
import { ordered } from "./order";
import { securityOf } from "./security";

export function resourceGraph(blueprint: Blueprint, pins: Pins): ResourceGraph {
  const shared = { cluster: blueprint.name, tags: blueprint.tags };
  const machines = machinesOf(blueprint);
  const rules = [...securityOf(blueprint, shared), ...identityOf(blueprint, pins, shared)];
  const resources = [...networkOf(blueprint, shared), ...rules, ...instancesOf(machines, { blueprint, pins, shared, rules }), ...inClusterOf(blueprint, machines, shared)];
  return { cluster: blueprint.name, region: blueprint.region, resources: ordered(resources) };
}
