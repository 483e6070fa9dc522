// The tier policy of a cluster: read, tried before it is saved, saved.
import "server-only";
import { feed, verb } from "@/lib/access/verb";
import type { WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { tierPolicy } from "../model";
import type { Picture } from "../picture";
import { defaultTierPolicy, policyChanges } from "../tier-policy";
import { workloadKey, workloadKinds, workloadLabels } from "../workload-of";
import { liveView } from "./live";
import { clusterInput } from "./snapshot";
import { storePolicy } from "./stored-policy";

export const readTierPolicy = feed({
  name: "policy.read",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }) => ({ policy: (await liveView(cluster)).policy, standard: defaultTierPolicy }),
});

const policyInput = clusterInput.extend({ policy: tierPolicy });

/** What saving it would change, without saving it. */
export const previewTierPolicy = feed({
  name: "policy.preview",
  permission: "policy.edit",
  input: policyInput,
  run: async (_ctx, { cluster, policy }) => {
    const view = await liveView(cluster);
    return { changes: policyChanges(view.policy, policy, { nodes: view.picture.store("Node").values(), workloads: declared(view.picture) }) };
  },
});

export const saveTierPolicy = verb({
  name: "policy.save",
  permission: "policy.edit",
  input: policyInput,
  target: ({ cluster }) => ({ cluster, kind: "tier policy", name: cluster }),
  run: async (_ctx, { cluster, policy }) => {
    const view = await liveView(cluster);
    await storePolicy(cluster, policy);
    view.setPolicy(policy);
    return { policy };
  },
});

function* declared(picture: Picture) {
  for (const kind of workloadKinds) for (const object of picture.store(kind).values()) if (standsAlone(object)) yield { ...object, key: workloadKey(object), labels: workloadLabels(object) };
}

const standsAlone = (object: WorkloadObject): boolean => object.kind !== "ReplicaSet" || object.owner === null;
