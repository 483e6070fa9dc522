// What happened on a time axis: what is outside of it is left out, what would stand on one another is one mark that tells all.
import { describe, expect, it } from "vitest";
import { markGroups, type ChartMark } from "@/components/chart/marks";
import { toMarks } from "@/components/metrics/marks";
import type { RunSummary } from "@/lib/canary/views";
import type { DeploymentMark } from "@/lib/deployments/model";

const mark = (at: number, more: Partial<ChartMark> = {}): ChartMark => ({ at, kind: "deployment", mood: "plain", say: `at ${at}`, ...more });

describe("marks on a chart", () => {
  it("inside the window alone are shown, from the left", () => {
    expect(markGroups([mark(900), mark(50), mark(1200), mark(-5)], { start: 0, end: 1000 }).map(({ at }) => at)).toEqual([50, 900]);
  });

  it("at one place are one, which tells each and looks as the worst of them", () => {
    const groups = markGroups([mark(100), mark(104, { mood: "bad" }), mark(108, { kind: "canary", mood: "good" }), mark(300)], { start: 0, end: 1000 });
    expect(groups).toEqual([{ at: 100, kind: "canary", mood: "bad", say: ["at 100", "at 104", "at 108"] }, { at: 300, kind: "deployment", mood: "plain", say: ["at 300"] }]);
  });

  const deployment = { id: "1", at: 100, finishedAt: null, kind: "Deployment", namespace: "auth", workload: "auth-api", tier: 2, version: "3f9c2ab", change: "release", outcome: "failed" } satisfies DeploymentMark;
  const run = (workload: string, more: Partial<RunSummary> = {}): RunSummary => ({
    cluster: "c", namespace: "auth", kind: "Rollout", workload, id: "1", canaryHash: "a", baselineHash: "b", canaryImage: "", baselineImage: "", word: "fail", sentence: "Worse.", minutes: 1,
    held: false, ended: true, state: "ended", outcome: "aborted", trouble: "", truth: "unknown", truthBy: "", startedAt: 200, endedAt: 400, lastAt: 400, everyMs: 1000, startedBy: "", ...more,
  });

  it("of a tier hold the canaries of its workloads and no others, each with its beginning and how it ended", () => {
    const marks = toMarks([deployment], [run("auth-api"), run("other-api")], { tier: 2 });
    expect(marks.map(({ at, mood, say }) => [at, mood, say])).toEqual([[100, "bad", "auth/auth-api: release 3f9c2ab, failed"], [200, "plain", "canary of auth/auth-api begins"], [400, "bad", "canary of auth/auth-api aborted: Worse."]]);
    expect(toMarks([], [run("other-api", { endedAt: null })], { tier: null })).toHaveLength(1);
  });
});
