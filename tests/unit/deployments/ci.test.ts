// Guarantees of reading what CI sends: only shapes that are known, in any order, with nothing that a browser should not follow.
import { describe, expect, it } from "vitest";
import { heardArgoCd } from "@/lib/deployments/rules/argocd";
import { heardReport, isNewer, keysOfBuild, report } from "@/lib/deployments/rules/ci-event";
import { heardGithub } from "@/lib/deployments/rules/github";
import { fold, median, type ServiceFigures } from "@/lib/deployments/rules/dora";
import { lineDiff } from "@/components/deployments/line-diff";

const sha = "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567";
const run = { repository: { full_name: "org/batch-worker" }, workflow_run: { id: 7, run_number: 1873, head_sha: sha, head_branch: "v2.4.1", status: "completed", conclusion: "success", html_url: "https://github.com/org/x/actions/runs/7", actor: { login: "kim" }, run_started_at: "2026-11-26T06:00:00Z", created_at: "2026-11-26T06:00:00Z", updated_at: "2026-11-26T06:05:00Z" } };

describe("GitHub", () => {
  it("tells of a build by its run, with the keys of its commit and its tag", () => {
    expect(heardGithub("workflow_run", run)?.events[0]).toMatchObject({ kind: "build", label: "build 1873", state: "succeeded", actor: "kim", commit: sha, keys: ["commit:1a2b3c4", "tag:batch-worker:2.4.1"] });
  });
  it("that calls an older deployment inactive tells of no failure, and it changes nothing", () => {
    const said = heardGithub("deployment_status", { repository: { full_name: "o/r" }, deployment: { id: 1, sha, created_at: "2026-11-26T06:00:00Z" }, deployment_status: { state: "inactive", created_at: "2026-11-26T07:00:00Z" } });
    expect(said?.events[0]?.state).toBe("inactive");
    expect(isNewer({ saidAt: 0, state: "succeeded" }, { saidAt: 9, state: "inactive" })).toBe(false);
  });
  it("tells of pushed commits with their times", () => expect(heardGithub("push", { repository: { full_name: "o/r" }, ref: "refs/heads/main", after: sha, commits: [{ id: sha, timestamp: "2026-11-26T09:00:00+09:00", message: "fix: x\n\nmore" }] })?.commits).toEqual([{ repository: "o/r", sha, committedAt: Date.parse("2026-11-26T00:00:00Z"), author: "", title: "fix: x" }]));
  it("is refused where a field has not its shape, and not read where the event is unknown", () => {
    expect(() => heardGithub("push", { repository: {}, ref: 5 })).toThrow();
    expect(() => heardGithub("workflow_run", { ...run, workflow_run: { ...run.workflow_run, head_sha: "'; drop" } })).toThrow();
    expect(heardGithub("star", {})).toBeNull();
  });
  it("cannot bring an address that runs code", () => expect(heardGithub("workflow_run", { ...run, workflow_run: { ...run.workflow_run, html_url: "javascript:alert(1)" } })?.events[0]?.url).toBeNull());
});

describe("of two words about one thing", () => {
  it("the later counts, an end is not taken back by a beginning, whatever comes first", () => {
    expect(isNewer({ saidAt: 5, state: "running" }, { saidAt: 9, state: "succeeded" })).toBe(true);
    expect(isNewer({ saidAt: 9, state: "succeeded" }, { saidAt: 5, state: "running" })).toBe(false);
    expect(isNewer({ saidAt: 5, state: "succeeded" }, { saidAt: 9, state: "running" })).toBe(false);
    expect(isNewer({ saidAt: 5, state: "failed" }, { saidAt: 9, state: "succeeded" })).toBe(true);
  });
});

it("a build is found by image, digest, commit and version tag, never by a branch", () => {
  expect(keysOfBuild({ repository: "org/web", commit: sha, ref: "refs/heads/main", images: ["ghcr.io/org/web:1.2.3@sha256:ab"] })).toEqual(["digest:sha256:ab", "image:ghcr.io/org/web:1.2.3", "tag:web:1.2.3", "commit:1a2b3c4"]);
});

it("Argo CD's sync is met by its images, not by the commit of the manifests", () => {
  expect(heardArgoCd({ application: "web", revision: sha, phase: "Succeeded", startedAt: "2026-11-26T06:00:00Z", finishedAt: "", images: ["r/web:1.0.1"] }, 5).events[0]).toMatchObject({ state: "succeeded", keys: ["image:r/web:1.0.1", "tag:web:1.0.1"], finishedAt: null });
  expect(() => heardArgoCd({ revision: 1 }, 5)).toThrow();
});

it("a plain report needs an id and a state, and nothing else", () => {
  expect(heardReport(report.parse({ externalId: "42", state: "running" }), 5).events[0]).toMatchObject({ externalId: "ci/42", saidAt: 5, label: "42" });
  expect(report.safeParse({ externalId: "42", state: "done" }).success).toBe(false);
});

describe("DORA's median", () => {
  const service = (name: string, leadMs: number | null): ServiceFigures => ({ namespace: "n", name, tier: 2, deployments: 1, perWeek: 1, failed: 0, failRate: null, leadMs, leadKnown: 0, leadAsked: 0, leadDropped: 0, restoreMs: null, restored: 0, open: 0, rework: 0, reworkRate: null });
  it("is of the services, each once, and not given for fewer than five", () => {
    expect(fold([service("a", 1), service("b", 2), service("c", 3), service("d", 4)], "leadMs")).toMatchObject({ median: null, dots: { length: 4 } });
    expect(fold([1, 2, 3, 4, 100, null].map((value, at) => service(`s${at}`, value)), "leadMs")).toMatchObject({ median: 3, dots: { length: 5 } });
    expect([median([]), median([1, 2])]).toEqual([null, 1.5]);
  });
  it("of what has no denominator is nothing, not 0", () => expect(fold([service("a", null)], "failRate")).toEqual({ median: null, dots: [] }));
});

it("a line diff keeps what is alike and tells the rest, and gives back both texts", () => {
  const [before, after] = [["a", "b", "c", "d"], ["a", "x", "c", "d", "e"]];
  const lines = lineDiff(before, after);
  expect(lines.map(({ sign, text }) => `${sign}${text}`)).toEqual([" a", "-b", "+x", " c", " d", "+e"]);
  expect(lines.filter(({ sign }) => sign !== "+").map(({ text }) => text)).toEqual(before);
  expect(lines.filter(({ sign }) => sign !== "-").map(({ text }) => text)).toEqual(after);
});
