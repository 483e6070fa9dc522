-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "wishes" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "JobStep" ADD COLUMN     "alike" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "chain" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "expectFrom" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "expectMs" DOUBLE PRECISION,
ADD COLUMN     "lane" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "needs" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "tier" INTEGER,
ADD COLUMN     "userError" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "wakeAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "Notice" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mood" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "say" TEXT NOT NULL,
    "href" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "JobStep_alike_idx" ON "JobStep"("alike");

-- Steps of before this migration followed one another, and each was alike only to itself.
UPDATE "JobStep" s SET "alike" = s."name", "needs" = coalesce((SELECT jsonb_build_array(p."name") FROM "JobStep" p WHERE p."jobId" = s."jobId" AND p."position" = s."position" - 1), '[]'::jsonb);

-- Whoever works on a job hears also of what people wish for its steps.
CREATE OR REPLACE FUNCTION "quarterdeck_job_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quarterdeck_job', NEW."id");
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_notify('quarterdeck_job_due', NEW."id");
    ELSIF NEW."status" IS DISTINCT FROM OLD."status" OR NEW."owner" IS DISTINCT FROM OLD."owner" OR NEW."wishes" IS DISTINCT FROM OLD."wishes" THEN
        PERFORM pg_notify('quarterdeck_job_due', NEW."id");
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION "quarterdeck_notice_made"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quarterdeck_notice', NEW."id"::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER "Notice_made" AFTER INSERT ON "Notice" FOR EACH ROW EXECUTE FUNCTION "quarterdeck_notice_made"();
