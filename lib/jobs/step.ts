// The contract of a job kind: which steps it has, what each needs, and what each may answer. A step is *check, then run*:
// it may be started again at any point after a crash, so it looks first whether its work is already done.
import type { z } from "zod";
import { orderTrouble, settleNeeds } from "./graph";
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
  /** Since this attempt began, over all its looks and processes, by the database's clock. */
  attemptMs(): number;
  /** What the step saved last, also in an earlier attempt or process. */
  progress: StepProgress | null;
  save(progress: StepProgress): Promise<void>;
}

export interface StepDefinition<T> {
  /** Unique in its job. */
  name: string;
  title: string;
  /** Names of the steps that must be over before it may begin; none: []. Left out, it follows the step before it in the list. */
  needs?: readonly string[];
  /** Where the job's page draws it: steps of one lane stand together, those of one chain in one row. Left out, it has a row of its own. */
  lane?: string;
  chain?: string;
  tier?: 1 | 2 | 3 | 4;
  /** How long it is expected to take while no earlier job tells; left out where nobody knows. */
  expectMs?: number;
  /** Steps of one kind that take equally long say the same here, such as "instance"; left out, its name. */
  alike?: string;
  /** One attempt that has waited so long in all is over: failed where the job cannot do without, else degraded. */
  patience?: { ms: number; then: "failed" | "degraded" };
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
  /** Steps that may run at the same time; 10 when left out. */
  parallel?: number;
  /**
   * What a failed step does to its job once no other step can go on: "ask" (also when left out) keeps the job and its
   * slot until a person retries, skips or cancels; "end" ends it when the reason lies with the user, and asks otherwise.
   */
  afterFailure?: "ask" | "end";
  /** The closing sentence of a job that was cancelled: what is left as it is. `progress` by step name. */
  stopped(input: I, progress: ReadonlyMap<string, StepProgress>): string | Promise<string>;
  succeeded(input: I, progress: ReadonlyMap<string, StepProgress>): string | Promise<string>;
}

export interface PreparedStep {
  name: string;
  title: string;
  needs: readonly string[];
  lane: string;
  chain: string;
  tier: number | null;
  expectMs: number | null;
  alike: string;
  patience: { ms: number; then: "failed" | "degraded" } | null;
  perform(ctx: Omit<StepCtx<unknown>, "tools">): Promise<Outcome>;
}
export interface PreparedJob {
  key: string;
  cluster: string;
  title: string;
  input: unknown;
  steps: readonly PreparedStep[];
  parallel: number;
  afterFailure: "ask" | "end";
  stopped(progress: ReadonlyMap<string, StepProgress>): string | Promise<string>;
  succeeded(progress: ReadonlyMap<string, StepProgress>): string | Promise<string>;
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
      const steps = settleNeeds(definition.steps(input));
      const trouble = orderTrouble(steps);
      if (trouble) throw new Error(`${definition.kind}: ${trouble}`);
      return {
        key: definition.key(input),
        cluster: definition.cluster(input),
        title: definition.title(input),
        input,
        steps: steps.map((step) => prepareStep(step, () => definition.tools(input))),
        parallel: definition.parallel ?? 10,
        afterFailure: definition.afterFailure ?? "ask",
        stopped: (progress) => definition.stopped(input, progress),
        succeeded: (progress) => definition.succeeded(input, progress),
      };
    },
  };
}

function prepareStep<T>(step: StepDefinition<T> & { needs: readonly string[] }, tools: () => T): PreparedStep {
  return {
    name: step.name,
    title: step.title,
    needs: step.needs,
    lane: step.lane ?? "",
    chain: step.chain ?? "",
    tier: step.tier ?? null,
    expectMs: step.expectMs ?? null,
    alike: step.alike ?? step.name,
    patience: step.patience ?? null,
    async perform(bare) {
      const ctx: StepCtx<T> = { ...bare, tools: tools() };
      return (await step.check(ctx)) ?? step.run(ctx);
    },
  };
}
