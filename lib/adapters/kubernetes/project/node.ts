// A node at the door, and the conditions that nodes and workloads have alike.
import type { Condition, NodeObject } from "../objects";
import { base, finish } from "./base";
import type { Pools } from "./pools";
import { Flaws, flag, list, oneOf, record, text, time, type Raw } from "./read";
import { resources } from "./resources";
import { taints } from "./selectors";

export function conditions(value: unknown, pools: Pools, flaws: Flaws): Condition[] {
  return list(value).map((one) => {
    const raw = record(one);
    const type = pools.strings.share(text(raw["type"]));
    return {
      type, status: oneOf(raw["status"], ["True", "False", "Unknown"], "Unknown"),
      reason: pools.strings.share(text(raw["reason"])), message: pools.strings.share(text(raw["message"])),
      at: time(raw["lastTransitionTime"], `status.conditions[${type}].lastTransitionTime`, flaws),
      ...("lastUpdateTime" in raw ? { updatedAt: time(raw["lastUpdateTime"], `status.conditions[${type}].lastUpdateTime`, flaws) } : {}),
    };
  });
}

export function node(raw: Raw, pools: Pools): NodeObject {
  const flaws = new Flaws();
  const [spec, status] = [record(raw["spec"]), record(raw["status"])];
  const info = record(status["nodeInfo"]);
  const addresses = list(status["addresses"]).map(record);
  const imageNames = list(status["images"]).flatMap((one) => list(record(one)["names"]).map(text));
  const object: NodeObject = {
    kind: "Node",
    ...base(raw, pools, flaws),
    unschedulable: flag(spec["unschedulable"]),
    taints: taints(spec["taints"], flaws),
    providerId: text(spec["providerID"]),
    capacity: resources(status["capacity"], pools, { path: "status.capacity", flaws }),
    allocatable: resources(status["allocatable"] ?? status["capacity"], pools, { path: "status.allocatable", flaws }),
    conditions: conditions(status["conditions"], pools, flaws),
    internalIp: text(addresses.find((one) => one["type"] === "InternalIP")?.["address"]),
    kubeletVersion: pools.strings.share(text(info["kubeletVersion"])),
    osImage: pools.strings.share(text(info["osImage"])),
    containerRuntime: pools.strings.share(text(info["containerRuntimeVersion"])),
    images: pools.texts.share(imageNames.join("\n"), () => imageNames),
  };
  return finish(object, flaws);
}
