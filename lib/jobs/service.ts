// The only door to jobs: list them, look at one, read its log from a number, stop it, let it go on.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { jobDatabase } from "./database";
import { holdsSlot, jobId, jobStatuses } from "./model";
import { countLevels, findJob, listAttempts, listJobs, readLines } from "./queries";
import { requestCancel, resume, retryStep, skipStep } from "./wishes";

const withId = z.object({ id: jobId });
const withStep = withId.extend({ step: z.string().min(1).max(200) });
const ends = jobStatuses.filter((status) => status !== "QUEUED" && !holdsSlot.includes(status));

export const jobsList = feed({
  name: "job.list",
  permission: "job.read",
  input: z.object({
    cluster: z.string().max(63).optional(),
    which: z.enum(["open", "ended", "all"]).default("all"),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  run: async (_ctx, { cluster, which, limit }) => {
    const statuses = which === "all" ? undefined : which === "ended" ? ends : jobStatuses.filter((status) => !ends.includes(status));
    return { jobs: await listJobs(jobDatabase(), { cluster, statuses, limit }) };
  },
});

export const jobDetails = feed({
  name: "job.get",
  permission: "job.read",
  input: withId,
  run: async (_ctx, { id }) => {
    const [job, attempts, levels] = await Promise.all([findJob(jobDatabase(), id), listAttempts(jobDatabase(), id), countLevels(jobDatabase(), id)]);
    return { job, attempts, levels };
  },
});

/** Log lines numbered above `after`; whoever has line n asks for what came after n, and misses nothing; whoever has none may ask for the end. */
export const jobLines = feed({
  name: "job.log",
  permission: "job.read",
  input: withId.extend({ after: z.coerce.number().int().min(-5000).default(0), limit: z.coerce.number().int().min(1).max(5000).default(1000) }),
  run: async (_ctx, { id, after, limit }) => ({ lines: await readLines(jobDatabase(), id, { after, limit }) }),
});

export const cancelJob = verb({
  name: "job.cancel",
  permission: "job.run",
  input: withId,
  target: ({ id }) => ({ kind: "job", name: id }),
  run: async (ctx, { id }) => {
    await requestCancel(jobDatabase(), id, ctx.actor.name);
    return { job: await findJob(jobDatabase(), id) };
  },
});

export const resumeJob = verb({
  name: "job.resume",
  permission: "job.run",
  input: withId,
  target: ({ id }) => ({ kind: "job", name: id }),
  run: async (_ctx, { id }) => {
    await resume(jobDatabase(), id);
    return { job: await findJob(jobDatabase(), id) };
  },
});

export const retryJobStep = verb({
  name: "job.retry-step",
  permission: "job.run",
  input: withStep,
  target: ({ id, step }) => ({ kind: "job", name: `${id}/${step}` }),
  run: async (_ctx, { id, step }) => {
    await retryStep(jobDatabase(), { id, step });
    return { job: await findJob(jobDatabase(), id) };
  },
});

/** The reason is part of the audit's record, and of the step. */
export const skipJobStep = verb({
  name: "job.skip-step",
  permission: "job.run",
  input: withStep.extend({ reason: z.string().trim().min(3, "Say in a few words why it may be left out.").max(500) }),
  target: ({ id, step }) => ({ kind: "job", name: `${id}/${step}` }),
  run: async (ctx, { id, step, reason }) => {
    await skipStep(jobDatabase(), { id, step, by: ctx.actor.name, reason });
    return { job: await findJob(jobDatabase(), id) };
  },
});
