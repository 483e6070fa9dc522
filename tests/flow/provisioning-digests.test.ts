// What publishers' manifests are held to where nobody wrote their digests down: the first content that was met.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/lib/adapters/database/client";
import { jobDatabaseOver } from "@/lib/jobs/database";
import { heldTo, openDigests, type Digests } from "@/lib/provisioning/add-ons/digests";
import { startTestServer, type TestServer } from "../fixtures/database";

let server: TestServer;
let client: Database;
let digests: Digests;
beforeAll(async () => {
  server = await startTestServer();
  const url = await server.fresh();
  client = connect(url);
  digests = openDigests(jobDatabaseOver(client, url));
});
afterAll(async () => {
  await client.$disconnect();
  await server.stop();
});

const url = "https://publisher.example/v1.2.3/install.yaml";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("a publisher's manifest", () => {
  it("is known by its first content, also to two jobs that meet it at once, and refuses what is not what it was at first", async () => {
    const [one, other] = await Promise.all([digests.settle({ url, sha256: sha256("as released"), job: "job-0001" }), digests.settle({ url, sha256: sha256("as released"), job: "job-0002" })]);
    expect(one.job).toBe(other.job);
    const source = { url, sha256: null };
    expect(await heldTo(digests, source, { digest: sha256("as released"), job: "job-0003" })).toEqual({ trouble: null, first: false });
    expect((await heldTo(digests, source, { digest: sha256("changed"), job: "job-0003" })).trouble).toMatch(new RegExp(`has the SHA-256 ${sha256("changed")}; when it was first applied, by ${one.job} on .*it was ${sha256("as released")}`));
    expect(await digests.all()).toHaveLength(1);
  });

  it("whose digest is written down is held to that, whatever was met before", async () => {
    const pinned = { url, sha256: sha256("as written down") };
    expect((await heldTo(digests, pinned, { digest: sha256("as released"), job: "job-0004" })).trouble).toContain("this console knows it by");
    expect(await heldTo(digests, pinned, { digest: sha256("as written down"), job: "job-0004" })).toEqual({ trouble: null, first: false });
  });
});
