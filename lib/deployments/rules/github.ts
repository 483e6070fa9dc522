// GitHub's webhooks read: deployment, deployment_status, workflow_run and push, with nothing taken on trust but the fields that are used.
import { z } from "zod";
import { keysOfBuild, webAddress, type CiEvent, type CiState, type Heard } from "./ci-event";

const time = z.string().max(60).transform((text) => Date.parse(text)).pipe(z.number());
const sha = z.string().regex(/^[0-9a-f]{40,64}$/i);
const login = z.looseObject({ login: z.string().max(200) }).nullish();
const repository = z.looseObject({ full_name: z.string().max(300) });
const deployment = z.looseObject({ id: z.number(), sha, ref: z.string().max(300).default(""), environment: z.string().max(100).default(""), payload: z.unknown().optional(), creator: login, created_at: time, updated_at: time.optional() });

const shapes = {
  deployment: z.looseObject({ deployment, repository }),
  deployment_status: z.looseObject({ deployment, repository, deployment_status: z.looseObject({ state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]), log_url: webAddress.optional(), target_url: webAddress.optional(), created_at: time, creator: login }) }),
  workflow_run: z.looseObject({ repository, workflow_run: z.looseObject({ id: z.number(), run_number: z.number(), name: z.string().max(200).nullish(), head_sha: sha, head_branch: z.string().max(300).nullish(), status: z.string().max(60), conclusion: z.string().max(60).nullish(), html_url: webAddress, actor: login, run_started_at: time.nullish(), created_at: time, updated_at: time, head_commit: z.looseObject({ timestamp: time, message: z.string().max(100_000).default(""), author: z.looseObject({ name: z.string().max(300).default("") }).nullish() }).nullish() }) }),
  push: z.looseObject({ repository, ref: z.string().max(300), after: z.string().max(64), commits: z.array(z.looseObject({ id: sha, timestamp: time, message: z.string().max(100_000).default(""), author: z.looseObject({ name: z.string().max(300).default(""), username: z.string().max(200).optional() }).nullish() })).max(2048).default([]) }),
} as const;

export const githubEvents = Object.keys(shapes);

const stateOf: Record<string, CiState> = { error: "failed", failure: "failed", inactive: "inactive", in_progress: "running", queued: "queued", pending: "queued", success: "succeeded" };
const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 200);

/** Null: an event that is taken and means nothing here. Throws a ZodError for one that has not its shape. */
export function heardGithub(event: string, body: unknown): Heard | null {
  if (event === "deployment") return fromDeployment(shapes.deployment.parse(body), null);
  if (event === "deployment_status") {
    const said = shapes.deployment_status.parse(body);
    return fromDeployment(said, said.deployment_status);
  }
  if (event === "workflow_run") return fromRun(shapes.workflow_run.parse(body));
  return event === "push" ? fromPush(shapes.push.parse(body)) : null;
}

/** An image may be named in the payload; which it is, every team writes differently. */
function imagesIn(payload: unknown): string[] {
  const read = z.looseObject({ image: z.string().max(500).optional(), images: z.array(z.string().max(500)).max(20).optional() }).safeParse(payload);
  return read.success ? [...(read.data.image ? [read.data.image] : []), ...(read.data.images ?? [])] : [];
}

type Status = z.infer<typeof shapes.deployment_status>["deployment_status"];

function fromDeployment({ deployment: told, repository: { full_name: name } }: z.infer<typeof shapes.deployment>, status: Status | null): Heard {
  const state: CiState = status ? (stateOf[status.state] ?? "queued") : "queued";
  const isEnd = state === "succeeded" || state === "failed";
  const saidAt = status?.created_at ?? told.created_at;
  const event: CiEvent = {
    source: "github", kind: "deployment", externalId: String(told.id), cluster: null, repository: name, commit: told.sha, ref: told.ref, service: "", environment: told.environment,
    keys: keysOfBuild({ repository: name, commit: told.sha, ref: told.ref, images: imagesIn(told.payload) }), state, label: `deployment ${told.id}`, url: status?.log_url ?? status?.target_url ?? null,
    actor: told.creator?.login ?? status?.creator?.login ?? null, startedAt: told.created_at, finishedAt: isEnd ? saidAt : null, saidAt,
  };
  return { events: [event], commits: [], say: state === "inactive" ? "An older deployment was replaced; that is no failure." : "" };
}

function fromRun({ workflow_run: run, repository: { full_name: name } }: z.infer<typeof shapes.workflow_run>): Heard {
  const state: CiState = run.status !== "completed" ? (run.status === "in_progress" ? "running" : "queued") : run.conclusion === "success" ? "succeeded" : "failed";
  const ref = run.head_branch ?? "";
  const event: CiEvent = {
    source: "github", kind: "build", externalId: String(run.id), cluster: null, repository: name, commit: run.head_sha, ref, service: "", environment: "", keys: keysOfBuild({ repository: name, commit: run.head_sha, ref, images: [] }),
    state, label: `build ${run.run_number}`, url: run.html_url, actor: run.actor?.login ?? null, startedAt: run.run_started_at ?? run.created_at, finishedAt: run.status === "completed" ? run.updated_at : null, saidAt: run.updated_at,
  };
  const head = run.head_commit;
  return { events: [event], commits: head ? [{ repository: name, sha: run.head_sha, committedAt: head.timestamp, author: head.author?.name ?? "", title: firstLine(head.message) }] : [], say: "" };
}

function fromPush({ repository: { full_name: name }, commits }: z.infer<typeof shapes.push>): Heard {
  return { events: [], commits: commits.map(({ id, timestamp, message, author }) => ({ repository: name, sha: id, committedAt: timestamp, author: author?.username ?? author?.name ?? "", title: firstLine(message) })), say: `${commits.length} commits` };
}
