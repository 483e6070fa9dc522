// One word for a tier, its mark and its reason: its nodes, and the pods that belong to it wherever they run.
import type { PodState } from "@/lib/placement/model";
import type { TierRollup } from "../placement/rollup";

export interface Health { mark: PodState; word: string; reason: string }

export function healthOf({ nodes, ready, cordoned, ownStates: states }: TierRollup): Health {
  if (nodes === 0) return { mark: states.pending > 0 ? "pending" : "unknown", word: "No node", reason: states.pending > 0 ? `${states.pending} pending` : "no node carries its label" };
  const of = `${ready} of ${nodes} node${nodes === 1 ? "" : "s"}`;
  if (ready < nodes) return { mark: "failed", word: ready === 0 ? "Down" : "Degraded", reason: `${of} ready` };
  const broken = [states.failed > 0 && `${states.failed} failed`, states.pending > 0 && `${states.pending} pending`].filter((part) => part !== false);
  if (broken.length > 0) return { mark: "failed", word: "Degraded", reason: `${broken.join(", ")}, ${of}` };
  if (states.warning > 0) return { mark: "warning", word: "At risk", reason: `${states.warning} not ready, ${of}` };
  if (cordoned > 0) return { mark: "warning", word: "Cordoned", reason: `${cordoned} of ${nodes} cordoned` };
  if (states.starting > 0) return { mark: "starting", word: "Rolling out", reason: `${states.starting} starting, ${of}` };
  if (states.unknown > 0) return { mark: "unknown", word: "Unknown", reason: `${states.unknown} pods unknown` };
  return { mark: "running", word: "Healthy", reason: of };
}
