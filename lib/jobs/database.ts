// What jobs need of a database: statements, word of a duplicate, and notifications. The adapter satisfies it by shape.
export interface JobDatabase {
  query(sql: string, values: readonly unknown[]): Promise<unknown[]>;
  isUniqueViolation(thrown: unknown): boolean;
  /** Calls `heard` with each payload, and `missed` when some may have been lost (the connection was made anew). */
  listen(channel: string, heard: (payload: string) => void, missed: () => void): () => void;
}

/** Every change of a job; the payload is its id. Sent by the trigger of migration 0002. */
export const changedChannel = "quarterdeck_job";
/** A change that may give a worker something to do; the payload is the job's id. */
export const dueChannel = "quarterdeck_job_due";
