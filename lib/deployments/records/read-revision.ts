// A revision as the API server has it whole: its pod template and what it tells of its maker.
import "server-only";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/cluster";
import type { RolledKind } from "../model";
import { isJson } from "../rules/template";
import { isReplicated } from "./live-revisions";

const groups: Record<RolledKind, string> = { Deployment: "apps/v1", StatefulSet: "apps/v1", DaemonSet: "apps/v1", Rollout: "argoproj.io/v1alpha1" };

export interface WorkloadAt { kind: RolledKind; namespace: string; name: string }

export const refOf = ({ kind, namespace, name }: WorkloadAt) => ({ apiVersion: groups[kind], kind, namespace, name });

/** Null when it is gone. */
export const readWorkload = (client: Pick<KubernetesClient, "find">, at: WorkloadAt): Promise<unknown> => client.find(refOf(at));

/** A pod template by where the object keeps it. */
export function templateOf(object: unknown): unknown {
  const holder = isJson(object) && isJson(object["data"]) ? object["data"] : object;
  const spec = isJson(holder) && isJson(holder["spec"]) ? holder["spec"] : {};
  return spec["template"];
}

/** Null when the cluster has thrown it away meanwhile. */
export async function readRevision(client: Pick<KubernetesClient, "find">, { kind, namespace }: WorkloadAt, name: string): Promise<unknown> {
  return client.find({ apiVersion: "apps/v1", kind: isReplicated(kind) ? "ReplicaSet" : "ControllerRevision", namespace, name });
}
