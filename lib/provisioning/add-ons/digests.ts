// What the manifests of publishers were when they were first applied: whatever the same address gives later must be the same, byte for byte.
import "server-only";
import { z } from "zod";
import type { JobDatabase } from "@/lib/jobs/database";
import type { ManifestSource } from "./sources";

const row = z.object({ url: z.string(), sha256: z.string(), job: z.string(), firstSeenAt: z.date() });
export type SeenDigest = z.infer<typeof row>;

export interface Digests {
  /** Keeps the digest if the address has none yet. The one that counts, whichever it is. */
  settle(seen: { url: string; sha256: string; job: string }): Promise<SeenDigest>;
  all(): Promise<SeenDigest[]>;
}

const columns = `"url", "sha256", "job", "firstSeenAt"`;

export function openDigests(db: JobDatabase): Digests {
  return {
    async settle({ url, sha256, job }) {
      const rows = await db.query(`INSERT INTO "add_on_digests" (${columns}) VALUES ($1, $2, $3, clock_timestamp()) ON CONFLICT ("url") DO UPDATE SET "url" = EXCLUDED."url" RETURNING ${columns}`, [url, sha256, job]);
      return row.parse(rows[0]);
    },
    all: async () => z.array(row).parse(await db.query(`SELECT ${columns} FROM "add_on_digests"`, [])),
  };
}

/** Holds what was fetched to the digest that is written down in the console, or else to that of the first time. `first`: this was it. */
export async function heldTo(digests: Digests, { url, sha256 }: Pick<ManifestSource, "url" | "sha256">, { digest, job }: { digest: string; job: string }): Promise<{ trouble: string | null; first: boolean }> {
  if (sha256 !== null) return { first: false, trouble: sha256 === digest ? null : `has the SHA-256 ${digest}, and this console knows it by ${sha256}.` };
  const seen = await digests.settle({ url, sha256: digest, job });
  if (seen.sha256 === digest) return { first: seen.job === job, trouble: null };
  return { first: false, trouble: `has the SHA-256 ${digest}; when it was first applied, by ${seen.job} on ${seen.firstSeenAt.toISOString().slice(0, 10)}, it was ${seen.sha256}. A released manifest does not change: find out who changed it.` };
}
