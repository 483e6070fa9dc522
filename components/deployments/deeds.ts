// What may be done to a workload and at which address: Rollouts by Argo Rollouts' own patches, everything else by the workload's.
import type { WorkloadAnswer, WorkloadName } from "./queries";
import { api, workloadApi } from "./queries";

export type DeedName = "restart" | "scale" | "image" | "pause" | "resume" | "rollback";
export interface Asked { deed: DeedName; note: string; override: boolean; replicas?: number; container?: string; image?: string; revision?: number; way?: "direct" | "argocd" }

export const deedsOf = (kind: string, paused: boolean): readonly DeedName[] =>
  kind === "DaemonSet" ? ["restart", "image"] : kind === "StatefulSet" ? ["restart", "scale", "image"] : ["restart", "scale", "image", paused ? "resume" : "pause"];

export const deedTitles: Record<DeedName, string> = { restart: "Restart", scale: "Scale", image: "Set image", pause: "Pause", resume: "Resume", rollback: "Roll back" };

export interface Request { url: string; body: Record<string, unknown> }

/** A Rollout is guarded by its pod hash, everything else by the digest of the template that was looked at. */
export function requestOf(cluster: string, of: WorkloadName, { workload, asked }: { workload: NonNullable<WorkloadAnswer["workload"]>; asked: Asked }): Request {
  const { deed, note, override, ...more } = asked;
  if (of.kind === "Rollout" && deed !== "scale") {
    const rollout = `${api(cluster)}/rollouts/${encodeURIComponent(of.namespace)}/${encodeURIComponent(of.name)}`;
    const path = { restart: "restart", image: "set-image", rollback: "undo", pause: "pause", resume: "resume" }[deed];
    return { url: `${rollout}/${path}`, body: { hash: workload.podHash, reason: note, override, ...more } };
  }
  return { url: `${workloadApi(cluster, of)}/${deed}`, body: { seen: workload.seen, note, override, ...more } };
}
