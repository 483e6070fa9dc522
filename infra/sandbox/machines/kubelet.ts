// Answers in the stead of the machines' kubelets: logs of containers, and what they use; the API server reaches it through the egress proxy.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiClient } from "../control-plane/api-client.ts";
import type { Pki } from "../control-plane/pki.ts";
import { at, listAt, numberAt, textAt, type Json } from "../json.ts";
import { lastLines, linesBetween, type LogLine, type LogSource } from "./log-lines.ts";
import { resourceMetrics, statsSummary } from "./usage.ts";

/** How often a follower looks whether its container still is the same. */
const lookMs = 2_000;

interface Question { namespace: string; pod: string; container: string; follow: boolean; previous: boolean; timestamps: boolean; tailLines: number | null; sinceMs: number | null; limitBytes: number }

type Found = { ok: true; source: LogSource } | { ok: false; status: number; say: string };

function timeOf(value: Json | undefined, ...path: (string | number)[]): number {
  const parsed = Date.parse(textAt(value, ...path));
  return Number.isNaN(parsed) ? 0 : parsed;
}

function endingOf(terminated: Json | undefined): LogSource["ending"] {
  const reason = textAt(terminated, "reason");
  return reason === "OOMKilled" ? "oom" : numberAt(terminated, "exitCode") === 0 ? "done" : "crash";
}

function sourceOf(pod: Json, question: Question): Found {
  const { container } = question;
  const status = [...listAt(pod, "status", "containerStatuses"), ...listAt(pod, "status", "initContainerStatuses")].find((row) => textAt(row, "name") === container);
  if (status === undefined) return { ok: false, status: 400, say: `container "${container}" in pod "${question.pod}" is waiting to start: ContainerCreating` };
  const running = at(status, "state", "running");
  const ended = at(status, "state", "terminated") ?? at(status, "lastState", "terminated");
  const chosen = question.previous ? at(status, "lastState", "terminated") : running ?? ended;
  if (chosen === undefined) {
    const why = question.previous ? `previous terminated container "${container}" in pod "${question.pod}" not found` : `container "${container}" in pod "${question.pod}" is waiting to start: ${textAt(status, "state", "waiting", "reason") || "ContainerCreating"}`;
    return { ok: false, status: 400, say: why };
  }
  const finished = chosen === running ? null : timeOf(chosen, "finishedAt");
  const turn = numberAt(status, "restartCount") - (chosen === at(status, "lastState", "terminated") ? 1 : 0);
  return {
    ok: true,
    source: {
      seed: `${textAt(pod, "metadata", "uid")}/${container}/${turn}`, namespace: question.namespace, container, image: textAt(status, "image"),
      app: textAt(pod, "metadata", "labels", "app") || textAt(pod, "metadata", "labels", "component") || container,
      startedAtMs: timeOf(chosen, "startedAt"), endedAtMs: finished, ending: finished === null ? null : endingOf(chosen),
    },
  };
}

function questionOf(url: URL): Question | null {
  const [, what, namespace, pod, container] = url.pathname.split("/").map(decodeURIComponent);
  if (what !== "containerLogs" || namespace === undefined || pod === undefined || container === undefined) return null;
  const query = url.searchParams;
  const since = query.get("sinceSeconds");
  const sinceTime = Date.parse(query.get("sinceTime") ?? "");
  return {
    namespace, pod, container, follow: query.get("follow") === "true", previous: query.get("previous") === "true", timestamps: query.get("timestamps") === "true",
    tailLines: query.has("tailLines") ? Number(query.get("tailLines")) : null,
    sinceMs: since !== null ? Date.now() - Number(since) * 1000 : Number.isNaN(sinceTime) ? null : sinceTime,
    limitBytes: Number(query.get("limitBytes") ?? Infinity),
  };
}

function written(line: LogLine, question: Question): string {
  return question.timestamps ? `${new Date(line.atMs).toISOString().replace("Z", "000000Z")} ${line.text}\n` : `${line.text}\n`;
}

export class Kubelet {
  private readonly api: ApiClient;
  private readonly server: Server;
  private readonly node: string;

  constructor(input: { api: ApiClient; pki: Pick<Pki, "file">; node: string }) {
    this.api = input.api;
    this.node = input.node;
    const { pki } = input;
    this.server = createServer({ cert: readFileSync(pki.file("apiserver.crt")), key: readFileSync(pki.file("apiserver.key")), ca: readFileSync(pki.file("ca.crt")), requestCert: true, rejectUnauthorized: true },
      (request, response) => { this.answer(request, response).catch((error: unknown) => this.fail(response, error)); });
  }

  /** A connection that the API server opened to this machine. */
  take(socket: Duplex): void { this.server.emit("connection", socket); }
  close(): void { this.server.closeAllConnections(); }

  private fail(response: ServerResponse, error: unknown): void {
    if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
    response.end(error instanceof Error ? error.message : String(error));
  }

  private async pods(): Promise<readonly Json[]> {
    return listAt(await this.api.get(`/api/v1/pods?fieldSelector=spec.nodeName=${this.node}`), "items");
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "https://kubelet");
    const question = questionOf(url);
    if (question !== null) return this.logs(question, response);
    if (url.pathname === "/healthz") return void response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    if (url.pathname === "/stats/summary") return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(statsSummary(this.node, await this.pods(), Date.now())));
    if (url.pathname === "/metrics/resource") return void response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(resourceMetrics(await this.pods(), Date.now()));
    response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
  }

  private async find(question: Question): Promise<Found> {
    const answer = await this.api.call({ method: "GET", path: `/api/v1/namespaces/${question.namespace}/pods/${question.pod}` });
    if (answer.status !== 200) return { ok: false, status: 404, say: `pod "${question.pod}" not found` };
    return sourceOf(answer.body, question);
  }

  private async logs(question: Question, response: ServerResponse): Promise<void> {
    const found = await this.find(question);
    if (!found.ok) return void response.writeHead(found.status, { "content-type": "text/plain" }).end(found.say);
    const { source } = found;
    const now = Date.now();
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
    response.flushHeaders();
    const since = question.sinceMs ?? source.startedAtMs - 1;
    const recent = question.tailLines === null ? linesBetween(source, since, now) : lastLines(source, question.tailLines, now).filter((line) => line.atMs > since);
    let left = question.limitBytes;
    for (const line of recent) {
      const text = written(line, question).slice(0, left);
      left -= text.length;
      response.write(text);
      if (left <= 0) break;
    }
    if (!question.follow || source.endedAtMs !== null || left <= 0) return void response.end();
    await this.follow(source, question, response);
  }

  /** Writes each line in the moment it falls due, until the reader leaves or the container is another. */
  private async follow(source: LogSource, question: Question, response: ServerResponse): Promise<void> {
    let from = Date.now();
    let lookAt = from + lookMs;
    while (!response.destroyed && !response.writableEnded) {
      await new Promise((resolve) => setTimeout(resolve, 200).unref());
      const now = Date.now();
      for (const line of linesBetween(source, from, now)) response.write(written(line, question));
      from = now;
      if (now < lookAt) continue;
      lookAt = now + lookMs;
      const still = await this.find(question);
      if (still.ok && still.source.seed === source.seed && still.source.endedAtMs === null) continue;
      if (still.ok && still.source.seed === source.seed) for (const line of linesBetween(still.source, from, now + 1)) response.write(written(line, question));
      response.end();
    }
  }
}
