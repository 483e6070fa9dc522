-- CreateTable
CREATE TABLE "deployment_clusters" (
    "slug" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_clusters_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "deployment_records" (
    "id" BIGSERIAL NOT NULL,
    "clusterUid" TEXT NOT NULL,
    "workloadUid" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tier" SMALLINT,
    "environment" TEXT NOT NULL DEFAULT 'production',
    "revision" INTEGER NOT NULL,
    "revisionName" TEXT NOT NULL,
    "generation" BIGINT NOT NULL,
    "templateDigest" TEXT NOT NULL,
    "change" TEXT NOT NULL,
    "isFirst" BOOLEAN NOT NULL DEFAULT false,
    "fromRevision" INTEGER,
    "returnsTo" INTEGER,
    "fromVersion" TEXT NOT NULL DEFAULT '',
    "version" TEXT NOT NULL DEFAULT '',
    "images" JSONB NOT NULL,
    "differences" JSONB NOT NULL,
    "keys" TEXT[],
    "commit" TEXT,
    "application" TEXT,
    "chart" TEXT,
    "claims" JSONB NOT NULL,
    "actor" TEXT,
    "actorKind" TEXT NOT NULL DEFAULT 'unknown',
    "actorSource" TEXT NOT NULL DEFAULT 'unknown',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "startedFrom" TEXT NOT NULL,
    "firstReadyAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "finishedFrom" TEXT NOT NULL DEFAULT '',
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "failedAt" TIMESTAMPTZ(3),
    "recoveredAt" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "say" TEXT NOT NULL DEFAULT '',
    "isLate" BOOLEAN NOT NULL DEFAULT false,
    "rolledBackBy" INTEGER,
    "rolledBackAt" TIMESTAMPTZ(3),
    "replicas" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "ready" INTEGER NOT NULL DEFAULT 0,
    "canary" JSONB,
    "ciLabel" TEXT,
    "ciUrl" TEXT,
    "committedAt" TIMESTAMPTZ(3),
    "leadMs" BIGINT,
    "releaseGroup" TEXT,
    "isUnplanned" BOOLEAN NOT NULL DEFAULT false,
    "incident" TEXT,
    "deemed" TEXT,
    "deemedBy" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pod_templates" (
    "digest" TEXT NOT NULL,
    "template" JSONB NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pod_templates_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "deployment_evidence" (
    "recordId" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "pods" JSONB NOT NULL,
    "events" JSONB NOT NULL,

    CONSTRAINT "deployment_evidence_pkey" PRIMARY KEY ("recordId")
);

-- CreateTable
CREATE TABLE "deployment_acts" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requestId" TEXT NOT NULL,
    "workloadUid" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "templateDigest" TEXT,
    "recordId" BIGINT,

    CONSTRAINT "deployment_acts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hook_deliveries" (
    "source" TEXT NOT NULL,
    "deliveryId" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "bytes" INTEGER NOT NULL,
    "say" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "hook_deliveries_pkey" PRIMARY KEY ("source","deliveryId")
);

-- CreateTable
CREATE TABLE "ci_events" (
    "id" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cluster" TEXT,
    "repository" TEXT NOT NULL DEFAULT '',
    "commit" TEXT,
    "ref" TEXT NOT NULL DEFAULT '',
    "service" TEXT NOT NULL DEFAULT '',
    "environment" TEXT NOT NULL DEFAULT '',
    "keys" TEXT[],
    "state" TEXT NOT NULL,
    "label" TEXT NOT NULL DEFAULT '',
    "url" TEXT,
    "actor" TEXT,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "saidAt" TIMESTAMPTZ(3) NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "matched" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "ci_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ci_links" (
    "recordId" BIGINT NOT NULL,
    "eventId" BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ci_links_pkey" PRIMARY KEY ("recordId","eventId")
);

-- CreateTable
CREATE TABLE "ci_commits" (
    "repository" TEXT NOT NULL,
    "sha" TEXT NOT NULL,
    "committedAt" TIMESTAMPTZ(3) NOT NULL,
    "author" TEXT NOT NULL DEFAULT '',
    "title" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "ci_commits_pkey" PRIMARY KEY ("repository","sha")
);

-- CreateTable
CREATE TABLE "hook_secrets" (
    "source" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "earlier" TEXT,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hook_secrets_pkey" PRIMARY KEY ("source")
);

-- CreateTable
CREATE TABLE "freeze_windows" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "tiers" INTEGER[],
    "namespaces" TEXT[],
    "mode" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedBy" TEXT,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "freeze_windows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "retentionDays" INTEGER NOT NULL,
    "setBy" TEXT NOT NULL,

    CONSTRAINT "deployment_settings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "deployment_clusters_uid_idx" ON "deployment_clusters"("uid");

-- CreateIndex
CREATE INDEX "deployment_records_clusterUid_startedAt_id_idx" ON "deployment_records"("clusterUid", "startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_records_clusterUid_tier_startedAt_id_idx" ON "deployment_records"("clusterUid", "tier", "startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_records_clusterUid_outcome_startedAt_id_idx" ON "deployment_records"("clusterUid", "outcome", "startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_records_clusterUid_change_startedAt_id_idx" ON "deployment_records"("clusterUid", "change", "startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_records_clusterUid_namespace_name_startedAt_id_idx" ON "deployment_records"("clusterUid", "namespace", "name", "startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_records_clusterUid_name_startedAt_id_idx" ON "deployment_records"("clusterUid", "name", "startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_records_keys_idx" ON "deployment_records" USING GIN ("keys");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_records_workloadUid_revision_key" ON "deployment_records"("workloadUid", "revision");

-- CreateIndex
CREATE INDEX "deployment_acts_workloadUid_id_idx" ON "deployment_acts"("workloadUid", "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_acts_recordId_idx" ON "deployment_acts"("recordId");

-- CreateIndex
CREATE INDEX "hook_deliveries_receivedAt_idx" ON "hook_deliveries"("receivedAt");

-- CreateIndex
CREATE INDEX "ci_events_keys_idx" ON "ci_events" USING GIN ("keys");

-- CreateIndex
CREATE INDEX "ci_events_receivedAt_idx" ON "ci_events"("receivedAt" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "ci_events_source_kind_externalId_key" ON "ci_events"("source", "kind", "externalId");

-- CreateIndex
CREATE INDEX "ci_links_eventId_idx" ON "ci_links"("eventId");

-- CreateIndex
CREATE INDEX "ci_commits_sha_idx" ON "ci_commits"("sha");

-- CreateIndex
CREATE INDEX "ci_commits_repository_committedAt_idx" ON "ci_commits"("repository", "committedAt");

-- CreateIndex
CREATE INDEX "freeze_windows_cluster_until_idx" ON "freeze_windows"("cluster", "until" DESC);

-- What is under way is looked at all the time and is never much.
CREATE INDEX "deployment_records_open" ON "deployment_records"("clusterUid") WHERE "outcome" IN ('running', 'paused');

-- DORA reads these columns of a quarter of a year without touching the rows.
CREATE INDEX "deployment_records_counted" ON "deployment_records"("clusterUid", "startedAt") INCLUDE ("id", "namespace", "name", "tier", "outcome", "deemed", "change", "finishedAt", "failedAt", "recoveredAt", "rolledBackAt", "leadMs", "isUnplanned", "incident", "isFirst", "releaseGroup") WHERE "environment" = 'production' AND "change" <> 'restart';

CREATE INDEX "ci_events_unmatched" ON "ci_events"("receivedAt" DESC) WHERE "matched" = 0;

-- A changed record is told to every console that shows it.
CREATE FUNCTION "quarterdeck_deployment_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quarterdeck_deployment', NEW."id"::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER "deployment_records_changed" AFTER INSERT OR UPDATE ON "deployment_records" FOR EACH ROW EXECUTE FUNCTION "quarterdeck_deployment_changed"();
