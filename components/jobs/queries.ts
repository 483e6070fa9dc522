// The browser's copy of jobs: asked once, then moved on by the live feed; of two pictures the higher revision wins.
import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { attempt, hasEnded, job, jobChange, jobDetail, logLine, type Job, type JobChange, type JobDetail } from "@/lib/jobs/model";
import { fetchJson, postJson } from "../live/fetch-json";
import type { LiveHandlers } from "../live/live-client";
import { liveClient, useLive } from "../live/use-live";
import { createJobLog, endLines, type JobLogStore } from "./log-store";

const listAnswer = z.object({ jobs: z.array(job) });
const detailAnswer = z.object({ job: jobDetail, attempts: z.array(attempt), levels: z.object({ warn: z.number(), error: z.number() }) });
export type JobAnswer = z.infer<typeof detailAnswer>;
const linesAnswer = z.object({ lines: z.array(logLine) });
const jobAnswer = z.object({ job: jobDetail });

const path = (id: string) => `/api/jobs/${encodeURIComponent(id)}`;
const listKey = ["jobs", "list"] as const;
const detailKey = (id: string) => ["jobs", "detail", id] as const;
/** The feed tells of every change; this finds what a broken feed lost. */
const lookAgainMs = 15_000;

export const cancelJob = (id: string) => postJson(`${path(id)}/cancel`, jobAnswer, {});
const stepPath = (id: string, step: string) => `${path(id)}/steps/${encodeURIComponent(step)}`;
export const retryStep = (id: string, step: string) => postJson(`${stepPath(id, step)}/retry`, jobAnswer, {});
export const skipStep = (id: string, step: string, reason: string) => postJson(`${stepPath(id, step)}/skip`, jobAnswer, { reason });
export const resumeJob = (id: string) => postJson(`${path(id)}/resume`, jobAnswer, {});

export const jobsQuery = queryOptions({
  queryKey: listKey,
  queryFn: async ({ signal }) => {
    await liveClient().following("jobs:all");
    return (await fetchJson("/api/jobs?limit=200", listAnswer, { signal })).jobs;
  },
  refetchInterval: lookAgainMs,
});

/** All jobs, newest first, kept moving. */
export function useJobs() {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => ({
    onChange: (_n, delta) => cache.setQueryData(listKey, (jobs: Job[] | undefined) => jobs && withJob(jobs, job.parse(delta))),
    onAgain: () => void cache.invalidateQueries({ queryKey: listKey }),
  }));
  useLive("jobs:all", handlers);
  return useQuery(jobsQuery);
}

function withJob(jobs: readonly Job[], changed: Job): Job[] {
  const known = jobs.find(({ id }) => id === changed.id);
  if (!known) return [changed, ...jobs];
  return jobs.map((one) => (one === known && changed.revision > known.revision ? changed : one));
}

const fetchLines = async (id: string, after: number, limit: number) => (await fetchJson(`${path(id)}/log?after=${after}&limit=${limit}`, linesAnswer)).lines;

/** One job with its log, kept moving until it has ended. The component is keyed by the id. `onSuccess`: it succeeded under the eyes of whoever looks. */
export function useJob(id: string, onSuccess: (job: JobChange["job"]) => void) {
  const cache = useQueryClient();
  const [log] = useState(() => createJobLog((after, limit) => fetchLines(id, after, limit)));
  const [handlers] = useState(() => handlersFor({ cache, id, log, onSuccess }));
  useLive(`job:${id}`, handlers);
  const query = useQuery({
    queryKey: detailKey(id),
    queryFn: async ({ signal }) => {
      askOnceFollowing(cache, id);
      // At first the log's end comes along, not after: both are shown at once.
      const [answer, end] = await Promise.all([fetchJson(path(id), detailAnswer, { signal }), log.view().last === 0 ? fetchLines(id, -endLines, endLines) : []]);
      log.add(end);
      log.expect(answer.job.lastLine);
      return answer;
    },
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data.job.status) ? false : lookAgainMs),
  });
  return { query, log };
}

/** A job is shown before its changes are received; what fell between the two is asked for as soon as they are. */
function askOnceFollowing(cache: QueryClient, id: string): void {
  const [live, topic] = [liveClient(), `job:${id}`];
  if (live.follows(topic)) return;
  void live.following(topic).then(async () => {
    if (live.follows(topic)) await cache.invalidateQueries({ queryKey: detailKey(id) });
  });
}

function handlersFor({ cache, id, log, onSuccess }: { cache: QueryClient; id: string; log: JobLogStore; onSuccess: (job: JobChange["job"]) => void }): LiveHandlers {
  const askAgain = () => void cache.invalidateQueries({ queryKey: detailKey(id) });
  return {
    onChange(_n, delta) {
      const { job: now, lines } = jobChange.parse(delta);
      log.add(lines);
      log.expect(now.lastLine);
      const before = cache.getQueryData<JobAnswer>(detailKey(id))?.job.status;
      if (now.status === "SUCCEEDED" && before !== undefined && !hasEnded(before)) onSuccess(now);
      cache.setQueryData(detailKey(id), (had: JobAnswer | undefined) => had && (now.revision > had.job.revision ? { ...had, job: { ...had.job, ...now } } : had));
      if (attemptsMayDiffer(cache.getQueryData<JobAnswer>(detailKey(id)), now)) askAgain();
    },
    onAgain: askAgain,
  };
}

/** Attempts are not in the feed; they are asked for when a step has one that is not known, or has closed one. */
function attemptsMayDiffer(had: JobAnswer | undefined, now: JobChange["job"]): boolean {
  if (!had) return false;
  return now.steps.some((step) => {
    const latest = had.attempts.filter(({ step: name }) => name === step.name).at(-1);
    if (step.attempt !== (latest?.number ?? 0)) return true;
    return latest?.outcome === "running" && (step.endedAt !== null || step.status === "retrying" || step.status === "stopped");
  });
}

export function putJob(cache: QueryClient, now: JobDetail): void {
  cache.setQueryData(detailKey(now.id), (had: JobAnswer | undefined) => had && { ...had, job: now });
}
