// Guarantees of the job log before it reaches the database: secrets are gone, batches keep order and lose nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobLog, splitLines } from "@/lib/jobs/log";
import type { NewLine } from "@/lib/jobs/fenced";
import { strikeOut } from "@/lib/jobs/strike-out";

const secretLines: [string, string][] = [
  ["password=hunter2hunter2 next", "hunter2hunter2"],
  ['{"password": "two words", "user":"x"}', "two words"],
  ["aws_secret_access_key = abcd/efgh+ijkl", "abcd/efgh+ijkl"],
  ["Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"],
  ["token is eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "eyJzdWIiOiJ4In0"],
  ["kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef", "0123456789abcdef"],
  ["joined with abcdef.0123456789abcdef today", "0123456789abcdef"],
  ["postgres://app:s3cr3t@db:5432/x", "s3cr3t"],
  ["key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"],
  ["--certificate-key 00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIEpA\n-----END RSA PRIVATE KEY-----", "MIIEpA"],
];

describe("secrets in log lines", () => {
  it.each(secretLines)("%s is struck out", (text, secret) => {
    expect(splitLines(text).join("\n")).not.toContain(secret);
    expect(strikeOut(text)).toContain("[struck out]");
  });

  it("what is no secret stays as it is", () => {
    for (const text of ["evicted sesac/fastapi-7c9d8b6f5-x2x4z, uid 5f0c2f8e-8c1a-4ea1-9d0e-1b2c3d4e5f60", "sesac/postgresql-0 gone after 31 s", "https://10.0.0.1:6443/api/v1/nodes", "token of the service account is mounted"]) {
      expect(strikeOut(text)).toBe(text);
    }
  });

  it("a password is gone whatever surrounds it", () => {
    const around = fc.string({ unit: fc.constantFrom("a", " ", ".", "/", "-", "7") });
    fc.assert(fc.property(around, around, (before, after) => !strikeOut(`${before} password=Zq9XvB_secret ${after}`).includes("Zq9XvB_secret")));
  });
});

describe("the log buffer", () => {
  const line = (text: string) => ({ step: "s", attempt: 1, level: "info" as const, text });

  it("a flush stores every line in order, in batches, and a NUL never reaches the database", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 30 }), { maxLength: 350 }), async (texts) => {
        const stored: NewLine[] = [];
        const log = jobLog({ append: async (lines, after) => { expect(after).toBe(stored.length); stored.push(...lines); }, lastLine: 0, now: () => 1 });
        for (const text of texts) log.add(line(text));
        await log.flush();
        expect(stored.map(({ text }) => text)).toEqual(texts.flatMap(splitLines));
        expect(stored.some(({ text }) => text.includes("\0"))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("a refused batch fails the flush, so that a stale owner learns of it", async () => {
    const log = jobLog({ append: () => Promise.reject(new Error("stale fence")), lastLine: 0, now: () => 1 });
    log.add(line("x"));
    await expect(log.flush()).rejects.toThrow("stale fence");
  });

  it("an endless line is cut and says by how much", () => {
    const [only = ""] = splitLines("x".repeat(10_000));
    expect(only.length).toBeLessThan(4100);
    expect(only).toContain("6000 more characters");
  });
});
