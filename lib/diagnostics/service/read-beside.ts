// What a look needs beside the watched objects: readings of Prometheus, what jobs said, logs of what crashes, certificates.
import "server-only";
import { isIP } from "node:net";
import { shownCertificate } from "@/lib/adapters/internet/certificate";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { jobDatabase } from "@/lib/jobs/database";
import { hasEnded } from "@/lib/jobs/model";
import { findJob, listJobs, readLines } from "@/lib/jobs/queries";
import { AppError } from "@/lib/base/errors";
import { strikeOut } from "@/lib/jobs/strike-out";
import { queries } from "@/lib/metrics/queries";
import { prometheusOf } from "@/lib/metrics/service/source";
import type { JobFact, Readings } from "../facts";
import type { Said } from "../model";

const asked = ["etcdSize", "etcdFsync", "etcdLeaderChanges", "queueBacklog", "queueConsumers", "deadLetters"] as const;
const timeoutMs = 5_000;

/** Empty where the cluster has no Prometheus; throws when it has one and it does not answer. */
export async function readReadings(cluster: string): Promise<Readings> {
  const { client } = prometheusOf(cluster);
  const answers = await Promise.all(asked.map(async (name) => [name, (await client.query(queries[name].expression.replaceAll("$rate", "5m"), { timeoutMs })).series] as const));
  return new Map(answers.map(([name, series]) => [name, series.filter(({ value }) => Number.isFinite(value)).map(({ labels, value }) => ({ labels, value }))]));
}

const recentMs = 24 * 3_600_000;
const maxJobs = 20;
const maxLines = 200;
const telling = new Set(["failed", "retrying", "degraded", "stopped"]);

export interface JobsTold { jobs: JobFact[]; said: Said[]; lastSnapshotAt: number | null }

/** What jobs of the cluster say that are open or failed within a day; one that succeeded since, of the same kind, has answered its failures. */
export async function readJobs(cluster: string, now: number): Promise<JobsTold> {
  const db = jobDatabase();
  const all = await listJobs(db, { cluster, limit: 100 });
  const snapshot = all.find(({ kind, status }) => status === "SUCCEEDED" && /etcd.*snapshot|snapshot.*etcd/.test(kind));
  const answered = (one: (typeof all)[number]) => all.some((later) => later.kind === one.kind && later.status === "SUCCEEDED" && later.createdAt > one.createdAt);
  const live = all.filter((one) => (!hasEnded(one.status) || (one.status === "FAILED" && now - (one.endedAt ?? now) < recentMs)) && !answered(one)).slice(0, maxJobs);
  const said: Said[] = [];
  for (const { id, lastLine } of live) {
    const subject = { kind: "job" as const, key: id };
    const { steps } = await findJob(db, id);
    const troubled = steps.filter(({ status }) => telling.has(status));
    said.push(...troubled.map(({ say, startedAt }): Said => ({ origin: "job", text: strikeOut(say), at: startedAt ?? now, subject })));
    if (troubled.length === 0) continue;
    const lines = await readLines(db, id, { after: Math.max(0, lastLine - maxLines), limit: maxLines });
    said.push(...lines.filter(({ level, step }) => level !== "info" && troubled.some(({ name }) => name === step)).map(({ text, at }): Said => ({ origin: "job", text: strikeOut(text), at, subject })));
  }
  return { jobs: live.map(({ id, kind, title, cluster: of, status, createdAt }) => ({ id, kind, title, cluster: of ?? "", status, at: createdAt })), said, lastSnapshotAt: snapshot?.endedAt ?? null };
}

const tailLines = 40;
const logTimeoutMs = 4_000;

/** The last lines of a container that crashes: of the run before, else of this one. */
export async function readCrashLog(handle: ClusterHandle, pod: PodObject): Promise<string[]> {
  const crashing = [...pod.containers, ...(pod.initContainers ?? [])].find(({ ready, restarts }) => !ready && restarts > 0);
  if (!crashing) return [];
  const lines = async (previous: boolean): Promise<string[]> => {
    const all: string[] = [];
    for await (const line of handle.client.logs({ namespace: pod.namespace, pod: pod.name, container: crashing.name, follow: false, previous, tailLines, signal: AbortSignal.timeout(logTimeoutMs) })) all.push(strikeOut(line.slice(0, 2_000)));
    return all;
  };
  return lines(true).catch(() => lines(false).catch(() => []));
}

/** The certificate that the API server itself shows; its address is the kubeconfig's, and is for administrators alone. */
export async function readApiCertificate(server: string): Promise<{ name: string; endsAt: number } | null> {
  const { hostname, port, protocol } = new URL(server);
  if (protocol !== "https:") return null;
  const address = hostname.replace(/^\[|\]$/g, "");
  const shown = await shownCertificate({ address, port: Number(port) || 443, name: isIP(address) ? "" : address }).catch((cause: unknown) => Promise.reject(new AppError("unavailable", "The API server's certificate could not be read.", cause)));
  return { name: "The API server's certificate", endsAt: shown.endsAt };
}
