// What stands beside Prometheus: versions and what they can, Alertmanager's silences, Grafana; addresses come from settings alone.
import { describe, expect, it } from "vitest";
import { openPrometheus, type Way } from "@/lib/adapters/prometheus/client";
import { addressFor, grafanaLink } from "@/lib/metrics/companions";
import { featuresOf } from "@/lib/metrics/features";
import { holds, inOrder, matchersOf, matcherText, wantedSilence, type Silence } from "@/lib/metrics/silences";

describe("a Prometheus of a version", () => {
  it("3.x cuts answers itself and leaves the left end of a range out; 2.x does neither, and it is said", () => {
    expect(featuresOf("3.13.5")).toMatchObject({ cutsQueries: true, cutsNames: true, anyNames: true, leftOpen: true, remarks: [] });
    const old = featuresOf("2.53.1");
    expect(old).toMatchObject({ cutsQueries: false, cutsNames: true, anyNames: false, leftOpen: false });
    expect(old.remarks).toEqual([expect.stringContaining("sends every series"), expect.stringContaining("counts both ends of a range")]);
    expect(featuresOf("3.1.0").remarks).toHaveLength(1);
    expect(featuresOf("2.37.0").remarks[0]).toContain("older than 2.40");
  });

  it("that is not understood is asked as an old one", () => {
    expect(featuresOf("main-2026")).toMatchObject({ cutsQueries: false, remarks: [expect.stringContaining("not understood")] });
  });

  const answering = (body: object, status = 200): Way => () => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));

  it("2.x or 3.x answers alike: infos are read where there are some, and their lack is none", async () => {
    const data = { resultType: "vector", result: [{ metric: { job: "a" }, value: [1_800_000_000, "1"] }] };
    const old = await openPrometheus(answering({ status: "success", data })).query("up");
    const young = await openPrometheus(answering({ status: "success", data, infos: ["metric might not be a counter"] })).query("up");
    expect(old.series).toEqual(young.series);
    expect([old.infos, young.infos]).toEqual([[], ["metric might not be a counter"]]);
  });

  it("refuses a question of a million series kindly: what is too much, and what would do", async () => {
    const refusing = openPrometheus(answering({ status: "error", errorType: "execution", error: "query processing would load too many samples into memory in query execution" }, 422));
    await expect(refusing.query("{__name__=~\".+\"}")).rejects.toMatchObject({ code: "too-many", say: expect.stringContaining("Name fewer series with matchers") });
  });
});

describe("addresses beside Prometheus", () => {
  it("are one for the first cluster, or one for each by name, and nothing else", () => {
    expect(addressFor("https://am.example/", { cluster: "prod", isFirst: true })).toBe("https://am.example");
    expect(addressFor("https://am.example", { cluster: "other", isFirst: false })).toBeNull();
    expect(addressFor("prod=https://a.example, other=http://b.example:9093", { cluster: "other", isFirst: false })).toBe("http://b.example:9093");
    expect(addressFor("prod=https://a.example", { cluster: "other", isFirst: true })).toBeNull();
    expect(addressFor("file:///etc/passwd", { cluster: "prod", isFirst: true })).toBeNull();
    expect(addressFor("", { cluster: "prod", isFirst: true })).toBeNull();
  });

  it("lead to Grafana's explorer with the same question and time", () => {
    const link = new URL(grafanaLink("https://g.example/grafana", { expression: 'up{job="a"}', start: 1000.4, end: 2000.2 }));
    expect(link.pathname).toBe("/grafana/explore");
    expect(JSON.parse(link.searchParams.get("panes") ?? "")).toMatchObject({ q: { queries: [{ expr: 'up{job="a"}' }], range: { from: "1000", to: "2001" } } });
  });
});

describe("silences", () => {
  const one = (id: string, state: Silence["state"], endsAt: number): Silence => ({ id, state, matchers: [], startsAt: 0, endsAt, createdBy: "", comment: "" });

  it("of an alert name all of its labels, so that no other is held back", () => {
    const matchers = matchersOf("TargetDown", { job: "auth-api", namespace: "auth" });
    expect(matchers.map(matcherText).join(" ")).toBe('alertname="TargetDown" job="auth-api" namespace="auth"');
    expect(holds(matchers, "TargetDown", { job: "auth-api", namespace: "auth", severity: "critical" })).toBe(true);
    expect(holds(matchers, "TargetDown", { job: "auth-api", namespace: "waste" })).toBe(false);
    expect(holds([{ name: "job", value: "auth.*", isRegex: true, isEqual: true }], "X", { job: "auth-api" })).toBe(true);
    expect(holds([{ name: "job", value: "auth", isRegex: true, isEqual: true }], "X", { job: "auth-api" })).toBe(false);
    expect(holds([{ name: "job", value: "(", isRegex: true, isEqual: true }], "X", { job: "(" })).toBe(false);
    expect(holds([{ name: "job", value: "a", isRegex: false, isEqual: false }], "X", {})).toBe(true);
  });

  it("are made with a reason and an end, and never for everything", () => {
    const matchers = matchersOf("X", {});
    expect(wantedSilence.safeParse({ matchers, minutes: 30, reason: "drill" }).success).toBe(true);
    expect(wantedSilence.safeParse({ matchers, minutes: 30, reason: " " }).success).toBe(false);
    expect(wantedSilence.safeParse({ matchers, minutes: 0, reason: "drill" }).success).toBe(false);
    expect(wantedSilence.safeParse({ matchers: [{ name: "a", value: ".*", isRegex: true, isEqual: true }], minutes: 30, reason: "drill" }).success).toBe(false);
    expect(wantedSilence.safeParse({ matchers: [{ name: "a-b", value: "x" }], minutes: 30, reason: "drill" }).success).toBe(false);
  });

  it("that hold come first, those ending next first, and of those that are over only the latest", () => {
    const all = [one("old", "expired", 10), one("new", "expired", 50), one("later", "active", 900), one("sooner", "active", 500), one("comes", "pending", 100)];
    expect(inOrder(all, 1).map(({ id }) => id)).toEqual(["sooner", "later", "comes", "new"]);
  });
});
