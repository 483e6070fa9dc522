-- Jobs: rows with lease and fence, their steps, attempts and numbered log lines.
CREATE TABLE "Job" (
    "id" TEXT NOT NULL,
    "number" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "exclusive" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "say" TEXT NOT NULL DEFAULT '',
    "owner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "wakeAt" TIMESTAMPTZ(3),
    "startedBy" TEXT NOT NULL,
    "cancelledBy" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "lastLine" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Job_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "JobStep" (
    "jobId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'todo',
    "say" TEXT NOT NULL DEFAULT '',
    "code" TEXT NOT NULL DEFAULT '',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "progress" JSONB,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "JobStep_pkey" PRIMARY KEY ("jobId","name")
);

CREATE TABLE "JobAttempt" (
    "jobId" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL DEFAULT 'running',
    "say" TEXT NOT NULL DEFAULT '',
    "code" TEXT NOT NULL DEFAULT '',
    "owner" TEXT NOT NULL,
    "fence" BIGINT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "JobAttempt_pkey" PRIMARY KEY ("jobId","step","number")
);

CREATE TABLE "JobLine" (
    "jobId" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "step" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "level" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "JobLine_pkey" PRIMARY KEY ("jobId","n")
);

CREATE UNIQUE INDEX "Job_number_key" ON "Job"("number");
CREATE INDEX "Job_status_number_idx" ON "Job"("status", "number");
CREATE INDEX "Job_cluster_number_idx" ON "Job"("cluster", "number");

ALTER TABLE "JobStep" ADD CONSTRAINT "JobStep_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "JobAttempt" ADD CONSTRAINT "JobAttempt_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "JobLine" ADD CONSTRAINT "JobLine_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The lock is a constraint, not code: at most one job of a key holds the slot.
CREATE UNIQUE INDEX "Job_slot_key" ON "Job"("key") WHERE "status" IN ('RUNNING', 'RETRY_WAIT', 'NEEDS_ATTENTION', 'CANCELLING');
-- An exclusive job does not even queue behind another of its key.
CREATE UNIQUE INDEX "Job_exclusive_key" ON "Job"("key") WHERE "exclusive" AND "status" IN ('QUEUED', 'RUNNING', 'RETRY_WAIT', 'NEEDS_ATTENTION', 'CANCELLING');

-- Who follows a job hears of every change; workers only of changes that may give them work. A renewed lease tells nobody.
CREATE FUNCTION "quarterdeck_job_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quarterdeck_job', NEW."id");
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_notify('quarterdeck_job_due', NEW."id");
    ELSIF NEW."status" IS DISTINCT FROM OLD."status" OR NEW."owner" IS DISTINCT FROM OLD."owner" THEN
        PERFORM pg_notify('quarterdeck_job_due', NEW."id");
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER "Job_changed" AFTER INSERT OR UPDATE OF "revision" ON "Job" FOR EACH ROW EXECUTE FUNCTION "quarterdeck_job_changed"();
