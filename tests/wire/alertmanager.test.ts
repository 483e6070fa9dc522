// Silences over the API v2 of the real Alertmanager: they hold back what they name and nothing else, and what it refuses is told in its own words.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openAlertmanager } from "@/lib/adapters/prometheus/alertmanager";
import { startAlertmanager, type Alertmanager } from "../../infra/sandbox/prometheus/alertmanager";
import { ensurePrograms } from "../../infra/sandbox/programs";

let home: string;
let start: () => Promise<Alertmanager>;
let alertmanager: Alertmanager;

beforeAll(async () => {
  const { alertmanager: program = "" } = await ensurePrograms({ names: ["alertmanager"] });
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-alertmanager-"));
  start = () => startAlertmanager({ program, home, port: 0 });
  alertmanager = await start();
});
afterAll(async () => {
  await alertmanager?.stop();
  rmSync(home, { recursive: true, force: true });
});

const hour = 3_600_000;
const matchers = [{ name: "alertname", value: "TargetDown", isRegex: false, isEqual: true }];
const shownAlerts = z.array(z.object({ labels: z.object({ alertname: z.string() }), status: z.object({ state: z.string(), silencedBy: z.array(z.string()) }) }));

/** By name: the silences that hold it back. */
async function heldBack(): Promise<Record<string, string[]>> {
  const alerts = shownAlerts.parse(await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json());
  return Object.fromEntries(alerts.map(({ labels, status }) => [labels.alertname, status.silencedBy]));
}

describe("silences", () => {
  it("are made with who, why and until when, are listed so, hold back the alert that they name and no other, and are ended", async () => {
    const client = openAlertmanager(alertmanager.url);
    const told = await fetch(`${alertmanager.url}/api/v2/alerts`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(["TargetDown", "DiskFull"].map((alertname) => ({ labels: { alertname } }))) });
    expect(told.status).toBe(200);
    const startsAt = Date.now();
    const id = await client.silence({ matchers, startsAt, endsAt: startsAt + hour, createdBy: "ada@example.com", comment: "drill" });
    const made = (await client.silences()).find((one) => one.id === id);
    expect(made).toMatchObject({ state: "active", matchers, createdBy: "ada@example.com", comment: "drill" });
    expect(Math.abs((made?.endsAt ?? 0) - startsAt - hour)).toBeLessThan(1000);
    await expect.poll(heldBack).toEqual({ TargetDown: [id], DiskFull: [] });
    await client.expire(id);
    expect((await client.silences()).find((one) => one.id === id)?.state).toBe("expired");
    await expect.poll(heldBack).toEqual({ TargetDown: [], DiskFull: [] });
  });

  it("are there again after a restart", async () => {
    const id = await openAlertmanager(alertmanager.url).silence({ matchers, startsAt: Date.now(), endsAt: Date.now() + hour, createdBy: "ada@example.com", comment: "kept" });
    await alertmanager.stop();
    alertmanager = await start();
    expect((await openAlertmanager(alertmanager.url).silences()).find((one) => one.id === id)).toMatchObject({ state: "active", comment: "kept" });
  });

  it("that Alertmanager refuses are told in its own words, also one that it does not know; what is no Alertmanager, or away, is told as such", async () => {
    const client = openAlertmanager(alertmanager.url);
    await expect(client.silence({ matchers, startsAt: Date.now() - 2 * hour, endsAt: Date.now() - hour, createdBy: "a", comment: "b" })).rejects.toMatchObject({ code: "invalid", say: expect.stringMatching(/end time can't be in the past/) });
    await expect(client.silence({ matchers: [{ name: "alertname", value: "(", isRegex: true, isEqual: true }], startsAt: Date.now(), endsAt: Date.now() + hour, createdBy: "a", comment: "b" })).rejects.toMatchObject({ code: "invalid", say: expect.stringMatching(/invalid regular expression/) });
    await expect(client.expire("00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({ code: "invalid" });
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
    await expect(openAlertmanager(alertmanager.url).silences(leaving.signal)).rejects.toMatchObject({ code: "gone" });
  });
});
