// Silences over Alertmanager's API v2. The server here is ours, written after the published API: compiling the real one for three calls would lengthen every first start by minutes.
// With ALERTMANAGER_UNDER_TEST=<address> the same is asked of a real one.
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAlertmanager } from "@/lib/adapters/prometheus/alertmanager";

interface Kept { id: string; status: { state: string }; updatedAt: string; startsAt: string; endsAt: string; createdBy: string; comment: string; matchers: unknown[] }

/** POST answers {silenceID}; a bad request is a JSON string; DELETE answers 200 and nothing; what has ended stays in the list as expired. */
function standIn(): Server {
  const kept: Kept[] = [];
  return createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => { body += chunk.toString(); });
    request.on("end", () => {
      const json = (status: number, value: unknown) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.method === "GET" && request.url === "/api/v2/silences") return json(200, kept);
      if (request.method === "POST" && request.url === "/api/v2/silences") {
        const wanted: Omit<Kept, "id" | "status" | "updatedAt"> = JSON.parse(body);
        if (Date.parse(wanted.endsAt) <= Date.now()) return json(400, "Failed to create silence: end time can't be in the past");
        kept.push({ ...wanted, id: `0000-${kept.length}`, status: { state: "active" }, updatedAt: wanted.startsAt });
        return json(200, { silenceID: `0000-${kept.length - 1}` });
      }
      const one = kept.find(({ id }) => request.method === "DELETE" && request.url === `/api/v2/silence/${id}`);
      if (!one) return response.writeHead(404).end();
      Object.assign(one, { status: { state: "expired" }, endsAt: new Date().toISOString() });
      response.writeHead(200).end();
    });
  });
}

const server = standIn();
let address = process.env.ALERTMANAGER_UNDER_TEST ?? "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = server.address();
  address ||= `http://127.0.0.1:${typeof own === "object" ? own?.port ?? 0 : 0}/`;
});
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

const hour = 3_600_000;
const matchers = [{ name: "alertname", value: "TargetDown", isRegex: false, isEqual: true }];

describe("silences", () => {
  it("are made with who, why and until when, are listed so, and ended", async () => {
    const client = openAlertmanager(address);
    const startsAt = Date.now();
    const id = await client.silence({ matchers, startsAt, endsAt: startsAt + hour, createdBy: "ada@example.com", comment: "drill" });
    const made = (await client.silences()).find((one) => one.id === id);
    expect(made).toMatchObject({ state: "active", matchers, createdBy: "ada@example.com", comment: "drill" });
    expect(Math.abs((made?.endsAt ?? 0) - startsAt - hour)).toBeLessThan(1000);
    await client.expire(id);
    expect((await client.silences()).find((one) => one.id === id)?.state).toBe("expired");
  });

  it("that Alertmanager refuses are told in its own words; what is no Alertmanager, or away, is told as such", async () => {
    await expect(openAlertmanager(address).silence({ matchers, startsAt: Date.now() - 2 * hour, endsAt: Date.now() - hour, createdBy: "a", comment: "b" })).rejects.toMatchObject({ code: "invalid", say: expect.stringMatching(/end time can't be in the past/) });
    await expect(openAlertmanager("http://127.0.0.1:1").silences()).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("cannot be reached") });
    const other = createServer((_, response) => void response.setHeader("content-type", "application/json").end('{"hello":1}'));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const own = other.address();
    await expect(openAlertmanager(`http://127.0.0.1:${typeof own === "object" ? own?.port ?? 0 : 0}`).silences()).rejects.toMatchObject({ say: expect.stringContaining("does not answer as Alertmanager's API v2 does") });
    await new Promise<void>((resolve) => void other.close(() => resolve()));
  });

  it("are not waited for when nobody looks any more", async () => {
    const leaving = new AbortController();
    leaving.abort();
    await expect(openAlertmanager(address).silences(leaving.signal)).rejects.toMatchObject({ code: "gone" });
  });
});
