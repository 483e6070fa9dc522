-- CreateTable
CREATE TABLE "canary_analyses" (
    "cluster" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "workload" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "settings" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "savedBy" TEXT NOT NULL,
    "savedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "canary_analyses_pkey" PRIMARY KEY ("cluster","namespace","kind","workload")
);

-- CreateTable
CREATE TABLE "canary_runs" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "workload" TEXT NOT NULL,
    "canaryHash" TEXT NOT NULL,
    "baselineHash" TEXT NOT NULL,
    "canarySet" TEXT NOT NULL,
    "baselineSet" TEXT NOT NULL,
    "canaryVersion" TEXT NOT NULL,
    "baselineVersion" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "settings" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "latch" JSONB NOT NULL,
    "verdict" JSONB,
    "word" TEXT NOT NULL DEFAULT 'undecided',
    "history" JSONB,
    "state" TEXT NOT NULL DEFAULT 'running',
    "outcome" TEXT NOT NULL DEFAULT '',
    "trouble" TEXT NOT NULL DEFAULT '',
    "held" BOOLEAN NOT NULL DEFAULT false,
    "truth" TEXT NOT NULL DEFAULT 'unknown',
    "truthBy" TEXT NOT NULL DEFAULT '',
    "startedBy" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "canary_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "canary_looks" (
    "runId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "evidence" JSONB NOT NULL,
    "point" JSONB NOT NULL,

    CONSTRAINT "canary_looks_pkey" PRIMARY KEY ("runId","at")
);

-- CreateTable
CREATE TABLE "canary_lines" (
    "id" SERIAL NOT NULL,
    "runId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mood" TEXT NOT NULL,
    "say" TEXT NOT NULL,

    CONSTRAINT "canary_lines_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "canary_runs_cluster_startedAt_idx" ON "canary_runs"("cluster", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "canary_runs_cluster_namespace_workload_startedAt_idx" ON "canary_runs"("cluster", "namespace", "workload", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "canary_lines_runId_id_idx" ON "canary_lines"("runId", "id");

-- AddForeignKey
ALTER TABLE "canary_looks" ADD CONSTRAINT "canary_looks_runId_fkey" FOREIGN KEY ("runId") REFERENCES "canary_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_lines" ADD CONSTRAINT "canary_lines_runId_fkey" FOREIGN KEY ("runId") REFERENCES "canary_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One analysis at a time for a workload.
CREATE UNIQUE INDEX "canary_runs_running" ON "canary_runs"("cluster", "namespace", "kind", "workload") WHERE "state" = 'running';
CREATE INDEX "canary_runs_due" ON "canary_runs"("dueAt") WHERE "state" = 'running';

CREATE FUNCTION "quarterdeck_canary_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quarterdeck_canary', NEW."cluster");
    RETURN NULL;
END
$$;
CREATE TRIGGER "canary_runs_changed" AFTER INSERT OR UPDATE ON "canary_runs" FOR EACH ROW EXECUTE FUNCTION "quarterdeck_canary_changed"();
