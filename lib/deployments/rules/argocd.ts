// What Argo CD's notifications send by the template in infra/kubernetes/argocd-notifications.yaml.
import { z } from "zod";
import { keysOfBuild, type CiEvent, type CiState, type Heard } from "./ci-event";

const time = z.string().max(60).transform((text) => (text === "" ? null : Date.parse(text))).pipe(z.number().nullable());

export const argoSync = z.object({
  cluster: z.string().max(63).default(""), application: z.string().min(1).max(253), namespace: z.string().max(63).default(""), repository: z.string().max(500).default(""), revision: z.string().max(100).default(""),
  phase: z.string().max(40), health: z.string().max(40).default(""), message: z.string().max(4000).default(""), startedAt: time, finishedAt: time, initiatedBy: z.string().max(200).default(""), images: z.array(z.string().max(500)).max(100).default([]), url: z.string().max(2000).default(""),
});

const states: Record<string, CiState> = { Running: "running", Terminating: "running", Succeeded: "succeeded", Failed: "failed", Error: "failed" };

export function heardArgoCd(body: unknown, now: number): Heard {
  const said = argoSync.parse(body);
  const commit = /^[0-9a-f]{7,64}$/i.test(said.revision) ? said.revision : null;
  const repository = said.repository.replace(/^https?:\/\/[^/]+\//, "").replace(/\.git$/, "");
  const event: CiEvent = {
    source: "argocd", kind: "sync", externalId: `${said.application}/${said.revision}/${said.startedAt ?? 0}`, cluster: said.cluster || null, repository, commit, ref: said.revision, service: said.application, environment: "",
    keys: keysOfBuild({ repository: "", commit: null, ref: "", images: said.images }), state: states[said.phase] ?? "queued", label: `sync ${said.revision.slice(0, 7)}`,
    url: /^https?:\/\//i.test(said.url) ? said.url : null, actor: said.initiatedBy || null, startedAt: said.startedAt, finishedAt: said.finishedAt, saidAt: said.finishedAt ?? said.startedAt ?? now,
  };
  return { events: [event], commits: [], say: said.health === "" ? "" : `health ${said.health}` };
}
