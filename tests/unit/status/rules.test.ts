// The rules of the status page: what state conditions fold to, what a day was like, what the one sentence says, and what never stands on a public page.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { badge } from "@/lib/status/badge";
import { atomFeed, xml } from "@/lib/status/feeds";
import { fold, withIncident, type Conditions } from "@/lib/status/fold";
import { dayMs, historyOf, look, type Standing } from "@/lib/status/history";
import type { ServiceLine, TierLines } from "@/lib/status/model";
import { alertsOf } from "@/lib/status/observed";
import { forEverybody } from "@/lib/status/public-text";
import { queueLine } from "@/lib/status/queue-line";
import { suggestions } from "@/lib/status/suggestion";
import { verdictOf } from "@/lib/status/verdict";

const well: Conditions = { blind: "", replicas: { wanted: 3, ready: 3, keepsData: false }, rolling: false, maintenance: null, alerts: [], probes: [] };
const replicas = (ready: number, wanted: number, keepsData = false) => ({ ...well, replicas: { wanted, ready, keepsData } });
const failing = { title: "from outside", results: [{ ok: false, say: "answered 503" }, { ok: false, say: "answered 503" }] };

describe("conditions fold to one state and its reason", () => {
  it.each([
    ["all ready", well, "operational", ""],
    ["one of three missing", replicas(2, 3), "degraded", "2 of 3 ready"],
    ["below half", replicas(1, 3), "partial", "1 of 3 ready"],
    ["below the quorum of what keeps data", replicas(2, 4, true), "partial", "2 of 4 ready"],
    ["none", replicas(0, 3), "major", "None of 3 ready"],
    ["scaled to nothing on purpose", replicas(0, 0), "operational", "Scaled to nothing"],
    ["a quarter away during a rollout", { ...replicas(3, 4), rolling: true }, "operational", ""],
    ["half away during a rollout", { ...replicas(2, 4), rolling: true }, "degraded", "2 of 4 ready"],
    ["the cluster does not answer", { ...replicas(0, 3), blind: "No news" }, "unknown", "No news"],
    ["maintenance over everything", { ...replicas(0, 3), maintenance: "Upgrade" }, "maintenance", "Upgrade"],
    ["a critical alert", { ...well, alerts: [{ name: "HighErrorRate", severity: "critical", summary: "8 % errors" }] }, "partial", "8 % errors"],
    ["a warning", { ...well, alerts: [{ name: "Slow", severity: "warning", summary: "" }] }, "degraded", "Slow"],
    ["an alert without weight", { ...well, alerts: [{ name: "Watchdog", severity: "none", summary: "" }] }, "operational", ""],
    ["a probe that failed once", { ...well, probes: [{ title: "x", results: [{ ok: false, say: "" }, { ok: true, say: "" }] }] }, "operational", ""],
    ["its only probe failed twice", { ...well, probes: [failing] }, "major", "from outside: answered 503"],
    ["one probe of two failed twice", { ...well, probes: [failing, { title: "y", results: [{ ok: true, say: "" }] }] }, "partial", "from outside: answered 503"],
    ["blind, but a probe tells", { ...well, blind: "No news", probes: [failing] }, "major", "from outside: answered 503"],
    ["only probed, and not yet", { ...well, replicas: null, probes: [{ title: "s3", results: [] }] }, "unknown", "Not probed yet"],
    ["only probed, and well", { ...well, replicas: null, probes: [{ title: "s3", results: [{ ok: true, say: "" }] }] }, "operational", ""],
  ] as const)("%s", (_, conditions, state, reason) => {
    expect(fold(conditions)).toEqual({ state, reason });
  });

  it("an incident that people wrote weighs on its services, and heals nothing", () => {
    expect(withIncident({ state: "operational", reason: "" }, { impact: "critical", title: "Payments fail" })).toEqual({ state: "major", reason: "Payments fail" });
    expect(withIncident({ state: "major", reason: "None of 2 ready" }, { impact: "minor", title: "x" })).toEqual({ state: "major", reason: "None of 2 ready" });
    expect(withIncident({ state: "unknown", reason: "No news" }, { impact: "major", title: "x" }).state).toBe("unknown");
  });
});

describe("states over time", () => {
  const start = Date.UTC(2026, 10, 24, 12);
  it("a new state is believed at its second sight, and counts from its first", () => {
    let standing: Standing | null = look(null, { state: "operational", reason: "" }, start).standing;
    const first = look(standing, { state: "major", reason: "gone" }, start + 10_000);
    expect(first).toMatchObject({ standing: { state: "operational" }, closed: [] });
    const flap = look(first.standing, { state: "operational", reason: "" }, start + 20_000);
    expect(flap).toMatchObject({ standing: { state: "operational", doubt: null }, closed: [] });
    standing = look(flap.standing, { state: "major", reason: "gone" }, start + 30_000).standing;
    expect(look(standing, { state: "major", reason: "gone" }, start + 40_000)).toMatchObject({ standing: { state: "major", from: start + 30_000 }, closed: [{ state: "operational", from: start, to: start + 30_000 }] });
  });

  it("time in which nobody looked is unknown, not up and not down", () => {
    const standing = look(null, { state: "operational", reason: "" }, start).standing;
    const later = look(standing, { state: "operational", reason: "" }, start + 9 * 3_600_000);
    expect(later.closed).toEqual([{ state: "operational", reason: "", from: start, to: start }, { state: "unknown", reason: "The console did not look", from: start, to: start + 9 * 3_600_000 }]);
  });

  it("uptime is floored, leaves unknown and maintenance out, weighs partly down by half, and says how much was watched", () => {
    const now = Date.UTC(2026, 10, 24);
    const at = (days: number, ms = 0) => now - days * dayMs + ms;
    const { uptime, coverage, days, marks } = historyOf([
      { state: "operational", reason: "", from: at(10), to: at(5) },
      { state: "unknown", reason: "The console did not look", from: at(5), to: at(4) },
      { state: "major", reason: "none ready", from: at(4), to: at(4, 3_600_000) },
      { state: "partial", reason: "", from: at(4, 3_600_000), to: at(4, 2 * 3_600_000) },
      { state: "maintenance", reason: "Upgrade", from: at(4, 2 * 3_600_000), to: at(4, 4 * 3_600_000) },
      { state: "operational", reason: "", from: at(4, 4 * 3_600_000), to: null },
    ], now);
    const counted = 9 * 24 - 2;
    expect(uptime).toBe(Math.floor(((counted - 1.5) / counted) * 10_000) / 100);
    expect(coverage).toBe(90);
    expect(days).toHaveLength(90);
    expect(days.slice(-11)).toBe("uuuuuxmuuu-");
    expect(marks.find(({ say }) => say.startsWith("down 60 min"))).toMatchObject({ say: "down 60 min (none ready), partly down 60 min, in maintenance 2 h (Upgrade)" });
    expect(historyOf([{ state: "operational", reason: "", from: at(90), to: at(0, -400) }, { state: "major", reason: "", from: at(0, -400), to: null }], now).uptime).toBe(99.99);
    expect(historyOf([], now)).toMatchObject({ uptime: null, coverage: null, days: "-".repeat(90) });
  });
});

const line = (name: string, more: Partial<ServiceLine> = {}): ServiceLine => ({ id: `x/${name}`, name, state: "operational", word: "Up", reason: "", since: null, version: "1.0", deployedAt: null, deployedAs: "", rollout: null, days: "", marks: [], uptime: null, coverage: null, ...more });
const told = (tier: 1 | 2 | 3 | 4, ...services: ServiceLine[]): TierLines => ({ tier, name: "", say: "", services });
const verdict = (tiers: TierLines[], more: Partial<Parameters<typeof verdictOf>[0]> = {}) => verdictOf({ tiers, incidents: [], maintenance: [], now: 0, queuesSay: "", ...more });

describe("the one sentence", () => {
  it("says that all is well, and what rolls out", () => {
    const rolling = line("batch-worker", { rollout: { from: "2.4.0", to: "2.4.1", ready: 2, of: 3, since: null } });
    expect(verdict([told(2, line("auth-api")), told(3, rolling)])).toEqual({ indicator: "none", say: "All services are up. batch-worker is rolling out 2.4.1 (2 of 3).", more: [] });
  });
  it("names what is down, and does not call the platform's trouble an outage", () => {
    expect(verdict([told(2, line("auth-api", { state: "major" }), line("users-api"))])).toMatchObject({ indicator: "major", say: "auth-api is down." });
    expect(verdict([told(1, line("Prometheus", { state: "major" })), told(2, line("auth-api"))])).toMatchObject({ indicator: "none", say: "All services are up.", more: ["Of the platform, Prometheus is not well; services run without it."] });
  });
  it("claims nothing where nothing is known", () => {
    expect(verdict([told(2, line("a", { state: "unknown" }))])).toMatchObject({ indicator: "unknown", say: "Nothing is known of the services right now." });
    expect(verdict([told(2, line("a", { state: "unknown" }), line("b"))])).toMatchObject({ say: "Nothing is known of a." });
  });
});

describe("what is for everybody", () => {
  const names = { nodes: new Set(["k8s-worker-2"]), pods: new Set(["auth-api-7d9f8b6c5-x2x9p"]) };
  it.each([
    ["10.0.1.50:5672 refused", "(an address) refused"], ["k8s-worker-2 not ready", "(a node) not ready"], ["pod auth-api-7d9f8b6c5-x2x9p crashed", "pod (a pod) crashed"],
    ["i-0abc1234def567890 gone", "(an id) gone"], ["password=hunter2", "(a secret)"], ["amqp://user:pw@rabbit:5672 lost", "(an address) lost"], ["AKIAIOSFODNN7EXAMPLE", "(a secret)"],
    ["fe80:0:0:0:1:2:3:4", "(an address)"], ["dial [fd00:ec2::254]:80: refused", "dial [(an address)]:80: refused"], ["::1 and fe80::", "(an address) and (an address)"], ["1:2:3:4::5", "(an address)"],
    ["::ffff:10.0.1.50", "::ffff:(an address)"], ["std::vector at 12:30:15 in stage :: two", "std::vector at 12:30:15 in stage :: two"],
    ["8 % errors for 5 min on auth-api 3.12.0", "8 % errors for 5 min on auth-api 3.12.0"],
  ])("%s", (text, clean) => expect(forEverybody(text, names)).toBe(clean));

  it("badges and feeds hold no markup of others", () => {
    const evil = line('<script>alert(1)</script>"&', { version: "1]]>" });
    expect(badge(evil)).not.toMatch(/<script|"&"|]]>/);
    expect(xml("a\u0000<b>'\"&")).toBe("a&#60;b&#62;&#39;&#34;&#38;");
    const feed = atomFeed({ version: 1, cluster: "prod", title: "P <&>", at: 0, from: "", to: "", verdict: { indicator: "none", say: "", more: [] }, tiers: [], queues: [], queuesSay: "", incidents: [{ id: "i", number: 1, title: "<x>", impact: "minor", status: "investigating", services: [], startedAt: 0, resolvedAt: null, postMortem: "", updates: [{ id: "u", at: 0, status: "investigating", body: "]]><script>" }] }], resolved: [], maintenance: [], freezes: [], changes: [], coverage: null }, "https://c");
    expect(feed).toContain("<id>urn:quarterdeck:incident-update:u</id>");
    expect(feed).not.toMatch(/<script|<x>/);
  });

  it("the page wears the console's tokens", () => {
    const [globals, page] = ["app/globals.css", "public/status.css"].map((file) => readFileSync(file, "utf8"));
    for (const scheme of ["dark", "light"]) {
      const block = new RegExp(`:root\\[data-mantine-color-scheme="${scheme}"\\] \\{[^}]*\\}`);
      expect(block.exec(page ?? "")?.[0]).toBe(block.exec(globals ?? "")?.[0]);
    }
  });
});

it("alerts meet the service they name, by workload or pod, and no other", () => {
  const alert = (labels: Record<string, string>) => ({ name: "A", severity: "critical", summary: "", labels });
  const of = (labels: Record<string, string>) => alertsOf({ id: "auth/auth-api", name: "auth-api" }, [alert(labels)]).length;
  expect([of({ service: "auth-api" }), of({ namespace: "auth", deployment: "auth-api" }), of({ namespace: "auth", pod: "auth-api-7d9f8b6c5-x2x9p" })]).toEqual([1, 1, 1]);
  expect([of({ namespace: "users", deployment: "auth-api" }), of({ namespace: "auth", pod: "auth-api-worker-7d9f-x2x9p-z" }), of({ node: "n" })]).toEqual([0, 0, 0]);
});

it("an incident is suggested once per alert with all services that it names, and for each rollout that failed", () => {
  const alert = { name: "HighErrorRate", severity: "critical", summary: "8 % errors", labels: {} };
  expect(suggestions([{ id: "a/x", name: "x", alerts: [alert] }, { id: "a/y", name: "y", alerts: [alert, { ...alert, name: "Slow", severity: "warning" }] }], [{ service: "a/x", revision: 7, version: "2.0" }])).toEqual([
    { cause: "alert:HighErrorRate", title: "x: 8 % errors", impact: "major", on: ["a/x", "a/y"] },
    { cause: "rollout:a/x@7", title: "x: the rollout of 2.0 failed", impact: "minor", on: ["a/x"] },
  ]);
});

it("a queue is told against its warning level, with where it goes", () => {
  const facts = { name: "q.batch", consumers: 3, warnAt: 500, stepMs: 300_000 };
  expect(queueLine({ ...facts, waiting: 412, points: [...Array.from({ length: 60 }, () => 0), 612, 580, 540, 500, 450, 412] })).toMatchObject({ state: "was-over", say: expect.stringMatching(/^falling, empty in about \d+ min$/) });
  expect(queueLine({ ...facts, waiting: 3, points: Array.from({ length: 70 }, () => 3) })).toMatchObject({ state: "fine", say: "steady" });
  expect(queueLine({ ...facts, waiting: 700, points: [0, 0, 100, 300, 500, 700] })).toMatchObject({ state: "over", say: expect.stringMatching(/^rising/) });
});
