-- CreateTable
CREATE TABLE "blueprints" (
    "slug" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blueprints_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "blueprint_revisions" (
    "slug" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "savedBy" TEXT NOT NULL,
    "savedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blueprint_revisions_pkey" PRIMARY KEY ("slug","revision")
);

-- CreateTable
CREATE TABLE "cluster_plans" (
    "digest" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_plans_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "ledger_entries" (
    "intent" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "awsId" TEXT,
    "state" TEXT NOT NULL DEFAULT 'INTENT',
    "job" TEXT NOT NULL,
    "step" TEXT NOT NULL DEFAULT '',
    "fence" BIGINT NOT NULL,
    "fields" JSONB NOT NULL,
    "say" TEXT NOT NULL DEFAULT '',
    "intentAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdAt" TIMESTAMPTZ(3),
    "deletedAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("intent")
);

-- CreateTable
CREATE TABLE "price_overrides" (
    "region" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "usd" DECIMAL(12,6) NOT NULL,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_overrides_pkey" PRIMARY KEY ("region","item")
);

-- CreateIndex
CREATE INDEX "cluster_plans_cluster_createdAt_idx" ON "cluster_plans"("cluster", "createdAt" DESC);

-- CreateIndex
CREATE INDEX "ledger_entries_cluster_resource_idx" ON "ledger_entries"("cluster", "resource");

-- CreateIndex
CREATE INDEX "ledger_entries_awsId_idx" ON "ledger_entries"("awsId");

-- AddForeignKey
ALTER TABLE "blueprint_revisions" ADD CONSTRAINT "blueprint_revisions_slug_fkey" FOREIGN KEY ("slug") REFERENCES "blueprints"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- One living thing per resource: a second create is refused by the database, whatever a worker believes.
CREATE UNIQUE INDEX "ledger_entries_living_key" ON "ledger_entries"("cluster", "resource") WHERE "state" IN ('INTENT', 'CREATED', 'READY', 'DRIFTED', 'DELETING');
