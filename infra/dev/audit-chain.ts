// Verifies the record: works every hash of the chain out anew, without the database's own functions, and names the first row that does not fit.
import { createHash } from "node:crypto";
import pg from "pg";

export interface Head { seq: bigint; hash: string }

export type Verdict = { whole: true; rows: number; unchained: number; head: Head } | { whole: false; seq: bigint; say: string };

/** A field as the chain reads it: "<bytes>:<text>", "-" for none. */
const part = (value: string | null): string => (value === null ? "-" : `${Buffer.byteLength(value)}:${value}`);

const fields = ["seq", "id", "at", "actorKind", "actorId", "actorName", "via", "address", "requestId", "action", "targetKind", "targetName", "cluster", "outcome", "reason", "input", "durationMs", "intentId"] as const;
type Row = Record<(typeof fields)[number], string | null> & { seq: string; hash: string; prevHash: string };

export const hashOf = (previous: string, row: Row): string => createHash("sha256").update(`${previous},${fields.map((field) => part(row[field])).join(",")}`).digest("hex");

const columns = fields.map((field) => (field === "at" ? `(extract(epoch FROM "at") * 1000)::bigint::text AS "at"` : `"${field}"::text AS "${field}"`)).join(", ");
const pageSize = 5000;
export const beginning = "0".repeat(64);

/** `noted`: a head that was written down elsewhere earlier; a chain that was rebuilt from before it does not lead through it. */
export async function verifyChain(url: string, noted?: Head): Promise<Verdict> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await walk(client, noted);
  } finally {
    await client.end();
  }
}

async function walk(client: pg.Client, noted: Head | undefined): Promise<Verdict> {
  let head: Head = { seq: 0n, hash: beginning };
  for (;;) {
    const { rows } = await client.query<Row>(`SELECT ${columns}, "hash", "prevHash" FROM audit_entries WHERE audit_entries."seq" > $1 ORDER BY audit_entries."seq" LIMIT ${pageSize}`, [head.seq.toString()]);
    for (const row of rows) {
      const fault = faultOf(row, head, noted);
      if (fault !== null) return { whole: false, seq: BigInt(row.seq), say: fault };
      head = { seq: BigInt(row.seq), hash: row.hash };
    }
    if (rows.length < pageSize) break;
  }
  const { rows: [kept] } = await client.query<{ seq: string; hash: string }>(`SELECT "seq"::text AS seq, "hash" FROM audit_head WHERE "id" = 1`);
  if (BigInt(kept?.seq ?? 0) !== head.seq || kept?.hash !== head.hash) return { whole: false, seq: head.seq, say: `the chain ends at row ${head.seq}, and its head says ${kept?.seq ?? "nothing"}: rows at the end are missing` };
  if (noted && noted.seq > head.seq) return { whole: false, seq: head.seq, say: `row ${noted.seq} was noted earlier, and the chain ends at ${head.seq}: rows at the end are missing` };
  const { rows: [loose] } = await client.query<{ count: string }>(`SELECT count(*)::text AS count FROM audit_entries WHERE "seq" IS NULL`);
  return { whole: true, rows: Number(head.seq), unchained: Number(loose?.count ?? 0), head };
}

function faultOf(row: Row, { seq, hash }: Head, noted: Head | undefined): string | null {
  if (BigInt(row.seq) !== seq + 1n) return `row ${seq + 1n} is missing`;
  if (row.prevHash !== hash) return `row ${row.seq} does not follow from row ${seq}`;
  if (hashOf(hash, row) !== row.hash) return `row ${row.seq} (${row.action} by ${row.actorName}) was changed after it was written`;
  if (noted?.seq === BigInt(row.seq) && noted.hash !== row.hash) return `row ${row.seq} is not the one that was noted: the chain was written anew`;
  return null;
}

/** "<seq>:<hash>", as the verify command prints it. */
export function readHead(text: string): Head {
  const found = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text);
  if (!found) throw new Error("A head is written <number>:<hash>, as the verify command printed it.");
  return { seq: BigInt(found[1] ?? 0), hash: found[2] ?? "" };
}
