// The live stream as its readers rely on it: a snapshot with a number, what came after, and honest word when the API server is silent.
import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { findProgram } from "../../infra/sandbox/programs";
import type { Frame } from "../../lib/base/sse";
import { session, type Session } from "./api";
import { order } from "./browser";

const slug = "sesac-prod";
const topic = `placement:${slug}`;
const state = (frame: Frame): string => (frame.event === "fresh" ? JSON.parse(frame.data).freshness.state : "");

let operator: Session;

beforeAll(async () => {
  operator = session("operator");
  const watching = await operator.stream(`/api/live?topic=${topic}`);
  await watching.until((frame) => state(frame) === "live");
  watching.close();
});

describe("the live stream", () => {
  it("carries a changed pod to a viewer who holds a snapshot, in at most 2 kB", async () => {
    const snapshot = await (await operator.get(`/api/clusters/${slug}/placement`)).json();
    const stream = await operator.stream(`/api/live?topic=${topic}`, { "last-event-id": snapshot.at });
    execFileSync((await findProgram("kubectl")) ?? "kubectl", ["--kubeconfig", inject("kubeconfigPath"), "-n", "users", "rollout", "restart", "deployment/users-api"]);
    const change = await stream.until((frame) => frame.event === "change" && frame.data.includes("users-api"));
    expect(change.data.length).toBeLessThanOrEqual(2048);
    expect(change.id).toMatch(/^[0-9a-f]+\.\d+$/);
    stream.close();
  });

  it("resumes where the viewer left: nothing twice, no snapshot", async () => {
    const first = await operator.stream(`/api/live?topic=${topic}`);
    const hello = JSON.parse((await first.until(({ event }) => event === "hello")).data);
    first.close();
    const second = await operator.stream(`/api/live?topic=${topic}`, { "last-event-id": `${hello.process}.${hello.n}` });
    await second.until(({ event }) => event === "fresh");
    expect(second.frames.filter(({ event }) => event === "again")).toEqual([]);
    second.close();
  });

  it("says again to a viewer whose number is of another process", async () => {
    const stream = await operator.stream(`/api/live?topic=${topic}`, { "last-event-id": "deadbeef.7" });
    expect(JSON.parse((await stream.until(({ event }) => event === "again")).data)).toEqual({ topic });
    stream.close();
  });

  it("says stale when the API server stalls, keeps the picture, and live again when it returns", async () => {
    const before = await (await operator.get(`/api/clusters/${slug}/placement`)).json();
    const stream = await operator.stream(`/api/live?topic=${topic}`);
    await stream.until((frame) => state(frame) === "live");
    await order("pause-api", ["6s"]);
    const stale = await stream.until((frame) => state(frame) === "stale");
    expect(JSON.parse(stale.data).freshness.staleSince).toBeGreaterThan(0);
    const during = await (await operator.get(`/api/clusters/${slug}/placement`)).json();
    expect(JSON.stringify(during.tables).length).toBeGreaterThan(JSON.stringify(before.tables).length / 2);
    const from = stream.frames.length;
    await stream.until((frame) => stream.frames.indexOf(frame) >= from && state(frame) === "live");
    stream.close();
  });

  it("refuses a topic that nobody may follow without signing in, and one that does not exist with its name", async () => {
    const nobody = await fetch(`${(await operator.get("/api/healthz")).url.replace("/api/healthz", "")}/api/live?topic=${topic}`);
    expect(nobody.status).toBe(401);
    const wrong = await operator.get("/api/live?topic=placement:no-such-cluster");
    expect(wrong.status).toBe(404);
    expect((await wrong.json()).error.say).toContain("no-such-cluster");
  });
});
