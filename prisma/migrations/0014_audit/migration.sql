-- The record becomes a chain: each row holds the hash of the row before it and its own, so that a change or a gap shows.
ALTER TABLE "audit_entries" ADD COLUMN "seq" BIGINT,
ADD COLUMN "prevHash" TEXT NOT NULL DEFAULT '',
ADD COLUMN "hash" TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX "audit_entries_seq_key" ON "audit_entries"("seq");

CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);
INSERT INTO "audit_head" VALUES (1, 0, repeat('0', 64));

-- Somebody without a session can be refused any number of times: that is counted, never chained.
CREATE TABLE "denial_counts" (
    "route" TEXT NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "denial_counts_pkey" PRIMARY KEY ("route", "minute")
);

-- A field as "<bytes>:<text>", so that no two rows read the same; "-" for none.
CREATE FUNCTION audit_part(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value IS NULL THEN '-' ELSE octet_length(value) || ':' || value END
$$;

-- What is hashed. infra/dev/audit-chain.ts works the same out by itself, and trusts none of these functions.
CREATE FUNCTION audit_text(entry "audit_entries") RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT concat_ws(',',
    public.audit_part(entry."seq"::text), public.audit_part(entry."id"::text), public.audit_part((extract(epoch FROM entry."at") * 1000)::bigint::text),
    public.audit_part(entry."actorKind"::text), public.audit_part(entry."actorId"), public.audit_part(entry."actorName"), public.audit_part(entry."via"),
    public.audit_part(entry."address"), public.audit_part(entry."requestId"), public.audit_part(entry."action"),
    public.audit_part(entry."targetKind"), public.audit_part(entry."targetName"), public.audit_part(entry."cluster"),
    public.audit_part(entry."outcome"::text), public.audit_part(entry."reason"), public.audit_part(entry."input"::text),
    public.audit_part(entry."durationMs"::text), public.audit_part(entry."intentId"::text))
$$;

-- Runs with the rights of its owner: the console's role may add rows, but neither choose their place, time and hash nor touch the head.
-- The lock on the head is what puts the rows of several replicas in one order.
CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  head public."audit_head";
BEGIN
  NEW."at" := date_trunc('milliseconds', clock_timestamp());
  NEW."seq" := NULL;
  NEW."prevHash" := '';
  NEW."hash" := '';
  IF NEW."actorKind" = 'nobody' AND NEW."outcome" = 'denied' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO STRICT head FROM public."audit_head" WHERE "id" = 1 FOR UPDATE;
  NEW."seq" := head."seq" + 1;
  NEW."prevHash" := head."hash";
  NEW."hash" := encode(sha256(convert_to(head."hash" || ',' || public.audit_text(NEW), 'UTF8')), 'hex');
  UPDATE public."audit_head" SET "seq" = NEW."seq", "hash" = NEW."hash" WHERE "id" = 1;
  RETURN NEW;
END
$$;

-- What stands in the record already is chained in its order.
ALTER TABLE "audit_entries" DISABLE TRIGGER audit_entries_append_only;
DO $$
DECLARE
  one "audit_entries";
  previous TEXT := repeat('0', 64);
  place BIGINT := 0;
BEGIN
  FOR one IN SELECT * FROM "audit_entries" WHERE NOT ("actorKind" = 'nobody' AND "outcome" = 'denied') ORDER BY "id" LOOP
    place := place + 1;
    one."seq" := place;
    one."prevHash" := previous;
    one."hash" := encode(sha256(convert_to(previous || ',' || audit_text(one), 'UTF8')), 'hex');
    UPDATE "audit_entries" SET "seq" = place, "prevHash" = previous, "hash" = one."hash" WHERE "id" = one."id";
    previous := one."hash";
  END LOOP;
  UPDATE "audit_head" SET "seq" = place, "hash" = previous WHERE "id" = 1;
END
$$;
ALTER TABLE "audit_entries" ENABLE TRIGGER audit_entries_append_only;

CREATE TRIGGER audit_entries_chain BEFORE INSERT ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();
