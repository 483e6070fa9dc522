// What a stepped canary asks of the analyses: one for the whole way, looked at by step. Kept by the canary service, whose runs outlive every process.
import type { VerdictWord } from "./model";

/** The pods of a version are those of its ReplicaSet. */
export interface StepVersion { hash: string; set: string; image: string }

export interface StepAnalysis {
  /** The job that steps the canary: begun twice for one job, it is the same analysis. */
  job: string;
  cluster: string;
  namespace: string;
  /** The stable Deployment's name. */
  workload: string;
  canary: StepVersion;
  baseline: StepVersion;
  startedBy: string;
}

export interface StepVerdict {
  word: VerdictWord;
  /** No more traffic now: the service as a whole burns or has just burned, or the canary does not get its traffic. */
  ill: boolean;
  /** The time is up and a person must decide. */
  ended: boolean;
  sentence: string;
  /** When it was last looked at, epoch ms; null before the first look. */
  at: number | null;
  /** Why nothing could be looked at, such as a Prometheus that is away; "" when it could. */
  trouble: string;
}

export const stepEndings = ["promoted", "aborted", "stopped"] as const;
export type StepEnding = (typeof stepEndings)[number];

export interface StepAnalyst {
  /** Null when no analysis is defined for the workload: steps then go by time, or wait for a person. */
  begin(input: StepAnalysis): Promise<{ run: string } | null>;
  look(run: string): Promise<StepVerdict>;
  /** Ends the analysis of a job, if it has one. Repeated, it changes nothing. */
  endFor(job: string, how: StepEnding, say: string): Promise<void>;
}
