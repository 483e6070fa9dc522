-- The status page: what is published, the snapshot that views read, the states of services over time, probes, incidents, maintenance and outgoing news.
-- CreateTable
CREATE TABLE "status_pages" (
    "cluster" TEXT NOT NULL,
    "published" BOOLEAN NOT NULL DEFAULT false,
    "audience" TEXT NOT NULL DEFAULT 'signed-in',
    "title" TEXT NOT NULL DEFAULT '',
    "services" JSONB NOT NULL DEFAULT '[]',
    "queues" JSONB NOT NULL DEFAULT '{}',
    "changedBy" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "status_pages_pkey" PRIMARY KEY ("cluster")
);

-- CreateTable
CREATE TABLE "status_snapshots" (
    "cluster" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "etag" TEXT NOT NULL,
    "document" TEXT NOT NULL,

    CONSTRAINT "status_snapshots_pkey" PRIMARY KEY ("cluster")
);

-- CreateTable
CREATE TABLE "status_intervals" (
    "id" BIGSERIAL NOT NULL,
    "cluster" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3),
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "status_intervals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_probes" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "tier" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "expect" TEXT NOT NULL DEFAULT 'ok',
    "everyMs" INTEGER NOT NULL,
    "timeoutMs" INTEGER NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "status_probes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "probe_results" (
    "probeId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "tookMs" INTEGER NOT NULL,
    "say" TEXT NOT NULL,

    CONSTRAINT "probe_results_pkey" PRIMARY KEY ("probeId","at")
);

-- CreateTable
CREATE TABLE "incidents" (
    "id" TEXT NOT NULL,
    "number" SERIAL NOT NULL,
    "cluster" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "impact" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "services" JSONB NOT NULL,
    "cause" TEXT NOT NULL DEFAULT '',
    "postMortem" TEXT NOT NULL DEFAULT '',
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "resolvedAt" TIMESTAMPTZ(3),
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_updates" (
    "id" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "incident_updates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maintenances" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL DEFAULT '',
    "services" JSONB NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "cancelledAt" TIMESTAMPTZ(3),
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "maintenances_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_hooks" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "status_hooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "news_deliveries" (
    "id" BIGSERIAL NOT NULL,
    "hookId" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deliveredAt" TIMESTAMPTZ(3),
    "gaveUpAt" TIMESTAMPTZ(3),
    "say" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "news_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "loop_leases" (
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "loop_leases_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "status_intervals_cluster_service_from_idx" ON "status_intervals"("cluster", "service", "from");

-- CreateIndex
CREATE INDEX "status_probes_cluster_idx" ON "status_probes"("cluster");

-- CreateIndex
CREATE UNIQUE INDEX "incidents_number_key" ON "incidents"("number");

-- CreateIndex
CREATE INDEX "incidents_cluster_startedAt_idx" ON "incidents"("cluster", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "incident_updates_incidentId_at_idx" ON "incident_updates"("incidentId", "at");

-- CreateIndex
CREATE INDEX "maintenances_cluster_startsAt_idx" ON "maintenances"("cluster", "startsAt");

-- CreateIndex
CREATE INDEX "status_hooks_cluster_idx" ON "status_hooks"("cluster");

-- CreateIndex
CREATE INDEX "news_deliveries_nextAt_idx" ON "news_deliveries"("nextAt");

-- CreateIndex
CREATE UNIQUE INDEX "news_deliveries_hookId_event_key" ON "news_deliveries"("hookId", "event");

-- AddForeignKey
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "incidents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "news_deliveries" ADD CONSTRAINT "news_deliveries_hookId_fkey" FOREIGN KEY ("hookId") REFERENCES "status_hooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- A service has one open interval at most.
CREATE UNIQUE INDEX "status_intervals_open" ON "status_intervals"("cluster", "service") WHERE "to" IS NULL;

-- What was said of an incident stays said.
CREATE FUNCTION refuse_change_of_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'updates of an incident are append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER incident_updates_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "incident_updates"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_update();
