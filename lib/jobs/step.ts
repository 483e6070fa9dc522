// The contract of a job kind: which steps it has, and what each may answer. A step is *check, then run*:
// it may be started again at any point after a crash, so it looks first whether its work is already done.
import type { z } from "zod";
import type { LogLevel, StepProgress } from "./model";

export type Outcome =
  | { is: "done"; say?: string }
  /** This attempt failed for a reason that may pass; the next attempt comes after `afterMs`. */
  | { is: "try-again"; afterMs: number; say: string; code?: string }
  /** All is in order, the world only needs time; the same attempt goes on after `afterMs`. */
  | { is: "waiting"; afterMs: number; say: string }
  /** It goes on, but not everything is as it should be. */
  | { is: "degraded"; say: string }
  /** `userError`: a person has to change something, the console and the world work as they should. */
  | { is: "failed"; say: string; code: string; userError: boolean }
  | { is: "skipped"; say: string };

export interface StepCtx<T> {
  tools: T;
  /** The job's id, for marks in the outside world. */
  job: string;
  log(text: string, level?: LogLevel): void;
  /** Aborts when the job is cancelled, or its lease can no longer be proven. */
  signal: AbortSignal;
  /** Rises with every owner; for marks in the outside world. */
  fence: number;
  /** Throws when this process may no longer act for the job. Call it right before each change to the outside world. */
  assertOwner(): void;
  attempt: number;
  /** Since the job was started first, by the database's clock. */
  ageMs(): number;
  /** What the step saved last, also in an earlier attempt or process. */
  progress: StepProgress | null;
  save(progress: StepProgress): Promise<void>;
}

export interface StepDefinition<T> {
  name: string;
  title: string;
  /** The outcome when nothing is left to do, else null. Changes nothing. */
  check(ctx: StepCtx<T>): Promise<Outcome | null>;
  run(ctx: StepCtx<T>): Promise<Outcome>;
}

export interface JobDefinition<I, T> {
  kind: string;
  input: z.ZodType<I>;
  title(input: I): string;
  /** At most one job per key runs at a time. */
  key(input: I): string;
  /** The slug of the cluster it acts on; "" for none. */
  cluster(input: I): string;
  /** The adapters its steps work with, opened anew for each turn of work. */
  tools(input: I): T;
  steps(input: I): readonly StepDefinition<T>[];
  /** The closing sentence of a job that was cancelled: what is left as it is. `progress` by step name. */
  stopped(input: I, progress: ReadonlyMap<string, StepProgress>): string;
  succeeded(input: I, progress: ReadonlyMap<string, StepProgress>): string;
}

export interface PreparedStep {
  name: string;
  title: string;
  perform(ctx: Omit<StepCtx<unknown>, "tools">): Promise<Outcome>;
}
export interface PreparedJob {
  key: string;
  cluster: string;
  title: string;
  input: unknown;
  steps: readonly PreparedStep[];
  stopped(progress: ReadonlyMap<string, StepProgress>): string;
  succeeded(progress: ReadonlyMap<string, StepProgress>): string;
}

/** A job kind as the engine sees it: input and tools are the kind's own affair. */
export interface JobKind {
  kind: string;
  prepare(rawInput: unknown): PreparedJob;
}

export function jobKind<I, T>(definition: JobDefinition<I, T>): JobKind {
  return {
    kind: definition.kind,
    prepare(rawInput) {
      const input = definition.input.parse(rawInput);
      return {
        key: definition.key(input),
        cluster: definition.cluster(input),
        title: definition.title(input),
        input,
        steps: definition.steps(input).map((step) => prepareStep(step, () => definition.tools(input))),
        stopped: (progress) => definition.stopped(input, progress),
        succeeded: (progress) => definition.succeeded(input, progress),
      };
    },
  };
}

function prepareStep<T>(step: StepDefinition<T>, tools: () => T): PreparedStep {
  return {
    name: step.name,
    title: step.title,
    async perform(bare) {
      const ctx: StepCtx<T> = { ...bare, tools: tools() };
      return (await step.check(ctx)) ?? step.run(ctx);
    },
  };
}
