// The status document as text: whole without any script, escaped, and the same view for the same address.
import { expect, it } from "vitest";
import { StatusPageDocument } from "@/components/status/document/document";
import { assemble, asStale, type ServiceFacts } from "@/lib/status/assemble";
import { dayMs, historyOf } from "@/lib/status/history";
import type { Interval, ServiceState } from "@/lib/status/model";
import { drawn } from "@/app/status/to-html";

const now = Date.UTC(2026, 10, 24, 14, 6);
const back = (days: number, ms = 0) => now - days * dayMs + ms;

function service(id: string, tier: 1 | 2 | 3 | 4, version: string, hours: number, more: Partial<ServiceFacts> & { state?: ServiceState; reason?: string; worse?: Interval[] } = {}): ServiceFacts {
  const { state = "operational", reason = "", worse = [], ...rest } = more;
  const cuts = [...worse, { state: "unknown" as const, reason: "The console did not look", from: back(44), to: back(42) }].sort((a, b) => a.from - b.from);
  const intervals: Interval[] = [];
  let from = back(90);
  for (const cut of cuts) {
    intervals.push({ state: "operational", reason: "", from, to: cut.from }, cut);
    from = cut.to ?? now;
  }
  intervals.push({ state, reason, from, to: null });
  return { id, name: id.split("/")[1] ?? id, tier, version, at: now - hours * 3_600_000, as: "", rollout: null, standing: { state, reason, from, seenAt: now, doubt: null }, history: historyOf(intervals, now), ...rest };
}
const down = (days: number, ms: number, state: ServiceState = "major"): Interval => ({ state, reason: "None of 2 ready", from: back(days), to: back(days, ms) });

const document = assemble({
  cluster: "sesac-prod", title: "sesac-prod", now,
  services: [
    service("auth/auth-api", 2, "3.12.0", 3, { worse: [down(80, 3_600_000), down(28, 600_000, "degraded")] }), service("users/users-api", 2, "2.8.3", 4), service("locations/locations-api", 2, "1.19.2", 4), service("recycling/api-worker", 2, "2.4.0", 20, { worse: [down(12, 15_000_000)] }),
    service("waste/waste-api", 3, "4.1.0", 5, { worse: [down(2, 2_600_000)] }), service("waste/ai-worker", 3, "1.27.1", 20), service("waste/batch-worker", 3, "2.4.1", 0.13, { rollout: { from: "2.4.0", to: "2.4.1", ready: 2, of: 3, since: now - 480_000 } }),
    service("messaging/rabbitmq", 4, "3.13.7", 500, { worse: [down(22, 3_600_000, "maintenance")] }), service("default/postgresql", 4, "16.4", 860), service("default/redis", 4, "7.4.1", 1),
    service("cluster/api", 1, "1.36.3", 520, { name: "Kubernetes API" }), service("monitoring/prometheus", 1, "3.14.0", 3, { state: "major", reason: "Its one replica is not ready" }), service("monitoring/grafana", 1, '<b onclick="x">', 5, { name: "<script>alert(1)</script>" }),
  ],
  queues: [["q.api", 3, 2000], ["q.ai", 41, 1000], ["q.batch", 412, 500], ["q.sched", 0, 250], ["q.dlq", 7, 100]].map(([name, waiting, warnAt]) => ({ name: String(name), waiting: Number(waiting), warnAt: Number(warnAt), state: name === "q.batch" ? "was-over" : "fine", say: name === "q.batch" ? "falling, empty in about 22 min" : "steady", consumers: 3, points: Array.from({ length: 73 }, (_, n) => (name === "q.batch" && n > 40 ? 612 * Math.sin((n - 40) / 18) : Number(waiting))) })),
  queuesSay: "", freezes: [{ say: "Frozen: tiers 2, 3 from 22:00 UTC. Nightly freeze", until: now + 16 * 3_600_000 }],
  maintenance: [{ id: "m", title: "postgresql 16.4 → 16.6", body: "About 5 minutes read-only.", services: ["default/postgresql"], startsAt: now + 38 * 3_600_000, endsAt: now + 39 * 3_600_000 }],
  incidents: [
    { id: "i", number: 7, title: "Batch jobs finish late", impact: "minor", status: "monitoring", services: ["waste/batch-worker"], startedAt: now - 42 * 60_000, resolvedAt: null, postMortem: "", updates: [{ id: "c", at: now - 360_000, status: "monitoring", body: "2.4.1 reads images in pairs again. Backlog is falling from 612." }, { id: "b", at: now - 1_800_000, status: "identified", body: "2.4.0 opens one image at a time. Worker raised from 2 to 3; fix in build 1873." }, { id: "a", at: now - 2_520_000, status: "investigating", body: "q.batch passed 500 waiting jobs. Uploads and APIs are not affected." }] },
    { id: "r", number: 6, title: "waste-api uploads failed", impact: "major", status: "resolved", services: [], startedAt: now - dayMs, resolvedAt: now - dayMs + 44 * 60_000, postMortem: "Rolled back to 4.0.8.", updates: [] },
  ],
  changes: [{ at: now - 360_000, kind: "incident", mark: "plain", what: "Incident update: monitoring", say: "Batch jobs finish late" }, { at: now - 480_000, kind: "rollout", mark: "running", what: "batch-worker", say: "2.4.0 → 2.4.1, rolling, 2 of 3" }, { at: now - 3_000_000, kind: "rollout", mark: "good", what: "redis", say: "7.4.1, restart" }],
});
const choice = { mine: new Set(["auth/auth-api"]), onlyMine: false, words: "" };
const textOf = (key: string, stale = false, more: Partial<typeof choice> = {}) => new TextDecoder().decode(drawn(key, () => <StatusPageDocument document={stale ? asStale(document) : document} choice={{ ...choice, ...more }} now={now} stale={stale} />).body);

it("says everything in the document itself, and lets no text of others be markup", () => {
  const html = textOf("whole");
  for (const words of ["All services are up. batch-worker is rolling out 2.4.1 (2 of 3).", "Batch jobs finish late", "2.4.0 → 2.4.1", "Nightly freeze", "postgresql 16.4 → 16.6", "falling, empty in about 22 min", "Rolled back to 4.0.8."]) expect(html).toContain(words);
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect([...html.matchAll(/<script/g)]).toHaveLength(1);
  expect(html).not.toContain("<b onclick");
});

it("days are told in words beside the picture, unknown as its own kind", () => {
  expect(textOf("whole")).toMatch(/auth-api, last 90 days: \d+ days up, 1 day degraded, 1 day down, [23] days unknown/);
});

it("an old page says of when it is, first of all", () => {
  expect(textOf("stale", true)).toContain("<h1>Status unknown since 14:06 UTC.</h1>");
});

it("a filter leaves what was asked for, and says how to get more where nothing is", () => {
  const mine = textOf("mine", false, { onlyMine: true });
  expect([mine.includes('id="auth/auth-api"'), mine.includes('id="users/users-api"')]).toEqual([true, false]);
  expect(textOf("none", false, { words: "zzz" })).toContain("No service of that kind. Widen the filter.");
});
