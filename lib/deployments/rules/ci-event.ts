// What a build, a deployment of a CI or a sync tells of itself, whoever sends it, and how two words about the same become one.
import { z } from "zod";
import { commitInTag, commitKey, keysOf, parseImage, tagKey } from "./images";

export const ciKinds = ["build", "deployment", "sync", "report"] as const;
export const ciStates = ["queued", "running", "succeeded", "failed", "inactive"] as const;
export type CiState = (typeof ciStates)[number];

export interface CiEvent {
  source: "github" | "argocd" | "json";
  kind: (typeof ciKinds)[number];
  externalId: string;
  cluster: string | null;
  repository: string;
  commit: string | null;
  ref: string;
  service: string;
  environment: string;
  keys: string[];
  state: CiState;
  label: string;
  url: string | null;
  actor: string | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** The sender's clock. */
  saidAt: number;
}

export interface CiCommit { repository: string; sha: string; committedAt: number; author: string; title: string }
export interface Heard { events: CiEvent[]; commits: CiCommit[]; say: string }

const sha = z.string().regex(/^[0-9a-f]{7,64}$/i, "7 to 64 hexadecimal digits");
const at = z.string().max(60).transform((text) => Date.parse(text)).pipe(z.number());
/** Only addresses that a browser may follow without harm. */
export const webAddress = z.string().max(2000).transform((text) => (/^https?:\/\//i.test(text) ? text : null)).nullable().catch(null);

export const isOver = (state: CiState): boolean => state === "succeeded" || state === "failed";

/** A word that is older, or that takes back an end, changes nothing: deliveries come in any order. */
export function isNewer(known: { saidAt: number; state: CiState }, said: { saidAt: number; state: CiState }): boolean {
  if (said.state === "inactive") return false;
  if (isOver(known.state) && !isOver(said.state)) return false;
  return said.saidAt >= known.saidAt;
}

/** By a tag such as v1.2.3 the name of the repository tells which image it is of. */
export function keysOfBuild({ repository, commit, ref, images }: { repository: string; commit: string | null; ref: string; images: readonly string[] }): string[] {
  const keys = new Set(keysOf({ images: images.map((one) => parseImage("", one)), commit }));
  const tag = ref.replace(/^refs\/(tags|heads)\//, "");
  if (/^v?\d+\.\d+/.test(tag)) keys.add(tagKey(repository, tag));
  const named = commitInTag(tag);
  if (named) keys.add(commitKey(named));
  return [...keys];
}

export const report = z.object({
  source: z.string().max(60).default("ci"), externalId: z.string().min(1).max(200), cluster: z.string().max(63).optional(), environment: z.string().max(60).default(""), service: z.string().max(253).default(""),
  repository: z.string().max(300).default(""), commit: sha.optional(), ref: z.string().max(300).default(""), images: z.array(z.string().max(500)).max(20).default([]),
  state: z.enum(ciStates), label: z.string().max(120).default(""), url: webAddress.optional(), actor: z.string().max(200).optional(), startedAt: at.optional(), finishedAt: at.optional(), committedAt: at.optional(),
});
export type Report = z.infer<typeof report>;

/** The plain form that any CI can send. */
export function heardReport(said: Report, now: number): Heard {
  const { source, externalId, cluster, images, commit = null, committedAt, ...rest } = said;
  const event: CiEvent = {
    source: "json", kind: "report", externalId: `${source}/${externalId}`, cluster: cluster ?? null, commit, keys: keysOfBuild({ repository: rest.repository, commit, ref: rest.ref, images }),
    repository: rest.repository, ref: rest.ref, service: rest.service, environment: rest.environment, state: rest.state, label: rest.label || externalId, url: rest.url ?? null, actor: rest.actor ?? null,
    startedAt: rest.startedAt ?? null, finishedAt: rest.finishedAt ?? null, saidAt: rest.finishedAt ?? rest.startedAt ?? now,
  };
  const commits = commit && committedAt !== undefined ? [{ repository: rest.repository, sha: commit, committedAt, author: rest.actor ?? "", title: "" }] : [];
  return { events: [event], commits, say: "" };
}
