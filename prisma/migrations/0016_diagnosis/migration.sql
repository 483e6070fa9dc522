-- CreateTable
CREATE TABLE "diagnosis_findings" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "failure" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectKey" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "more" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "diagnosis_findings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "diagnosis_silences" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "failure" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "byName" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "diagnosis_silences_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "diagnosis_findings_cluster_endedAt_idx" ON "diagnosis_findings"("cluster", "endedAt" DESC);

-- CreateIndex
CREATE INDEX "diagnosis_silences_cluster_endsAt_idx" ON "diagnosis_silences"("cluster", "endsAt");

-- Of one finding one row is open, whoever of several consoles writes it. Prisma's schema cannot say "where".
CREATE UNIQUE INDEX "diagnosis_findings_open_key" ON "diagnosis_findings"("cluster", "key") WHERE "endedAt" IS NULL;
