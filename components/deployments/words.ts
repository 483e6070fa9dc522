// How a deployment looks and reads: the mark of its outcome, the words for it, how long it took, who did it and how that is known.
import { isUnderWay, type ActorSource, type DeploymentRecord, type Outcome } from "@/lib/deployments/model";

export type Tone = "green" | "red" | "amber" | "blue" | "dim";
export interface OutcomeLook { mark: Outcome; words: string; tone: Tone }

const plain: Record<Outcome, { words: string; tone: Tone }> = {
  running: { words: "rolling out", tone: "blue" }, paused: { words: "paused", tone: "amber" }, succeeded: { words: "succeeded", tone: "dim" }, failed: { words: "failed", tone: "red" },
  superseded: { words: "superseded", tone: "dim" }, "rolled-back": { words: "rolled back before it was done", tone: "red" }, aborted: { words: "aborted", tone: "red" },
  cancelled: { words: "removed meanwhile", tone: "dim" }, unknown: { words: "outcome unknown", tone: "dim" },
};

type Told = Pick<DeploymentRecord, "outcome" | "ready" | "replicas" | "reason" | "isLate" | "rolledBackBy" | "incident" | "deemed" | "canary">;

export function outcomeLook(record: Told): OutcomeLook {
  const { outcome, reason, rolledBackBy, incident, isLate } = record;
  const { words, tone } = plain[outcome];
  if (isUnderWay(outcome)) return { mark: outcome, tone, words: `${words}, ${record.ready} of ${record.replicas} ready` };
  if (outcome === "failed" || outcome === "aborted") return { mark: outcome, tone, words: reason === "" ? words : `${words}: ${reason}` };
  if (outcome !== "succeeded") return { mark: outcome, tone, words };
  const then = [incident ? `then caused ${incident}` : "", rolledBackBy === null ? "" : `then rolled back by revision ${rolledBackBy}`, record.deemed === "failed" ? "marked as failed" : ""].filter((one) => one !== "");
  const steps = canaryText(record);
  const done = steps === "" ? "succeeded" : `promoted, canary ${steps}`;
  return { mark: outcome, tone: then.length > 0 ? "amber" : "dim", words: [isLate ? `${done}, late` : done, ...then].join(", ") };
}

/** "20/50/100": the percentages that a canary's steps asked for, one after the other; "" where none was watched. */
export const canaryText = ({ canary }: Pick<DeploymentRecord, "canary">): string => canary.flatMap(({ share }) => (share > 0 ? [String(Math.round(100 * share))] : [])).join("/");

export const knownBy: Record<ActorSource, string> = { console: "console", ci: "CI webhook", annotation: "annotation", gitops: "GitOps", "managed-fields": "field owner", unknown: "" };

/** "8 m 12 s", "2 h 46 m", "3 d 4 h". */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (d > 0) return `${d} d ${h} h`;
  if (h > 0) return `${h} h ${String(m).padStart(2, "0")} m`;
  return m > 0 ? `${m} m ${String(s).padStart(2, "0")} s` : `${s} s`;
}

export function durationMs({ startedAt, finishedAt, outcome }: Pick<DeploymentRecord, "startedAt" | "finishedAt" | "outcome">, now: number): number | null {
  if (finishedAt !== null) return finishedAt - startedAt;
  return isUnderWay(outcome) && now > 0 ? now - startedAt : null;
}

const lastPart = (path: string): string => path.replace(/.*\[([^\]]+)\]\.(value|image)$/, "$1").split(/[.\]]/).filter((part) => part !== "").at(-1) ?? path;
const cut = (text: string): string => (text.length > 28 ? `${text.slice(0, 27)}…` : text);

/** What stood before and what stands now, in the fewest words. */
export function changeText({ change, fromVersion, version, differences }: Pick<DeploymentRecord, "change" | "fromVersion" | "version" | "differences">): { from: string; to: string } {
  const [first] = differences;
  if (change === "config" && first) return { from: `${lastPart(first.path)} ${cut(first.before)}`.trim(), to: cut(first.after) || "removed" };
  if (change === "restart" || fromVersion === "" || fromVersion === version) return { from: "", to: version };
  return { from: fromVersion, to: version };
}

/** Local, as the person's clock shows it; the day too where it is not today. */
export function whenText(at: number, now: number): string {
  const then = new Date(at);
  const time = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (now > 0 && new Date(now).toDateString() === then.toDateString()) return time;
  return `${then.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: now - at > 6 * 86_400_000 ? "short" : undefined })} ${time}`;
}

export const workloadPath = (cluster: string, { kind, namespace, name }: { kind: string; namespace: string; name: string }): string => `/clusters/${encodeURIComponent(cluster)}/deployments/workload/${kind}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
export const recordPath = (cluster: string, id: string): string => `/clusters/${encodeURIComponent(cluster)}/deployments/${id}`;
