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
  ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk and it was cut off here", "b3BlbnNzaC1rZXk"],
  ["    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF", "UFJJVkFURSBLRVk"],
  ["    client-certificate-data: QUJDREVGR0hJSktMTU5PUA==", "QUJDREVGR0hJSktMTU5PUA"],
  ['"client-key-data":"c2VjcmV0a2V5ZGF0YQ=="', "c2VjcmV0a2V5ZGF0YQ"],
  ["kubeconfig is YXBpVmVyc2lvbjogdjEK and key LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IY0NBUUVF", "TUhjQ0FRRUU"],
  ["[upload-certs] Using certificate key: f8902e114ef118304e561c3ecd4d0b543adc226b7a07f675f56564185ffe0c07", "f8902e114ef118304e561c3ecd4d0b543adc226b"],
  ["    certificate-key f8902e114ef118304e561c3ecd4d0b543adc226b7a07f675f56564185ffe0c07", "f8902e114ef118304e561c3ecd4d0b543adc226b"],
  ["kubeadm join 10.20.0.10:6443 --token=abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:x", "0123456789abcdef"],
  ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"],
  ["the key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY was given", "wJalrXUtnFEMI"],
  ["AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEHsaDmFwLW5vcnRoZWFzdC0y", "IQoJb3JpZ2lu"],
  ["GET https://sts.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Security-Token=IQoJb3JpZ2lu&X-Amz-Signature=5f0c2f8e", "IQoJb3JpZ2lu"],
  ["Authorization: AWS4-HMAC-SHA256 Credential=x/20261126/ap-northeast-2/ec2/aws4_request, SignedHeaders=host, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024", "fe5f80f77d5fa3be"],
  ["{\"authorization\":\"bearer sha256~abcdefghijkl\"}", "sha256~abcdefghijkl"],
];

describe("secrets in log lines", () => {
  it.each(secretLines)("%s is struck out", (text, secret) => {
    expect(splitLines(text).join("\n")).not.toContain(secret);
    expect(strikeOut(text)).toContain("[struck out]");
  });

  it("what is no secret stays as it is", () => {
    for (const text of ["evicted sesac/fastapi-7c9d8b6f5-x2x4z, uid 5f0c2f8e-8c1a-4ea1-9d0e-1b2c3d4e5f60", "sesac/postgresql-0 gone after 31 s", "https://10.0.0.1:6443/api/v1/nodes", "token of the service account is mounted",
      "vpc-0b71e4c9a35f8d210 10.20.0.0/16, i-0c4e91d27f3a8b650 running in ap-northeast-2a, sg-0f1e2d3c4b5a69788 opened", "image sha256:5f0c2f8e8c1a4ea19d0e1b2c3d4e5f605f0c2f8e8c1a4ea19d0e1b2c3d4e5f60 pulled",
      "arn:aws:iam::111122223333:role/quarterdeck/sesac-stage-node", "/var/lib/cloud/instances/i0c4e91d27f3a8b650/scripts/Part001", "commit 43dbb50e1c8f2a7b9d0e4c6a5f3b2d1c0e9f8a7b", "client token 0123456789abcdef of RunInstances"]) {
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
