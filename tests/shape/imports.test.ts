// The import rules hold, and each of them catches what it is for.
import { describe, expect, it } from "vitest";
import { refusal, serverFiles } from "./import-rules";
import { isCode, listFiles, readSource } from "./tree";

const sources = listFiles().filter((file) => isCode(file) && /^(app|components|lib|infra|proxy|instrumentation)/.test(file)).map(readSource);
for (const { file, imports } of sources) if (imports.some(({ to }) => to === "server-only")) serverFiles.add(file.replace(/\.tsx?$/, ""));

describe("imports", () => {
  it("run only downwards, and stay where the design allows them", () => {
    const wrong = sources.flatMap(({ imports }) => imports.flatMap((one) => (refusal(one) ? [`${one.from} → ${one.to}: ${refusal(one)}`] : [])));
    expect(wrong).toEqual([]);
  });

  it("make no loop by values", () => {
    expect(firstLoop(new Map(sources.map(({ file, imports }) => [file.replace(/\.(ts|tsx|mjs)$/, ""), imports.filter(({ typeOnly }) => !typeOnly).map(({ to }) => to)])))).toBeNull();
  });

  const broken: [from: string, to: string, typeOnly?: boolean][] = [
    ["lib/base/http.ts", "lib/jobs/model"], ["lib/adapters/kubernetes/watch.ts", "lib/placement/model"], ["lib/placement/explain.ts", "lib/canary/model"],
    ["lib/placement/explain.ts", "lib/placement/service/live"], ["lib/placement/explain.ts", "lib/adapters/kubernetes/client"], ["lib/placement/explain.ts", "node:fs"],
    ["lib/deployments/model.ts", "lib/provisioning/model"], ["lib/placement/service/live.ts", "components/ui/panel"], ["lib/clusters/service.ts", "infra/sandbox/world"],
    ["lib/placement/steps/evict.ts", "lib/adapters/kubernetes/client"], ["lib/adapters/aws/door.ts", "lib/adapters/kubernetes/client"],
    ["components/placement/map/map.tsx", "lib/placement/service/live"], ["components/placement/map/map.tsx", "lib/adapters/kubernetes/objects"], ["components/ui/panel.tsx", "app/layout"], ["components/ui/panel.tsx", "node:path"],
    ["components/ui/panel.tsx", "lib/base/env"], ["app/api/live/route.ts", "lib/adapters/kubernetes/cluster"], ["app/api/live/route.ts", "lib/access/verb"], ["app/page.tsx", "infra/dev/start"],
    ["infra/sandbox/world.ts", "lib/base/errors"], ["lib/placement/service/pods.ts", "@kubernetes/client-node"], ["lib/clusters/service.ts", "@aws-sdk/client-ec2"], ["lib/jobs/service.ts", "pg"],
    ["components/shell/shell.tsx", "better-auth/react"], ["lib/placement/model.ts", "react"], ["lib/metrics/window.ts", "@codemirror/state"], ["lib/jobs/model.ts", "lib/garage/model"],
  ];
  it.each(broken)("%s may not import %s", (from, to) => {
    expect(refusal({ from, to, typeOnly: false })).not.toBeNull();
  });

  it.each([["lib/placement/explain.ts", "lib/adapters/kubernetes/objects"], ["components/jobs/job.tsx", "lib/jobs/service"]])("types alone may pass from %s to %s", (from, to) => {
    expect(refusal({ from, to, typeOnly: true })).toBeNull();
  });

  it("a loop is found where there is one", () => {
    expect(firstLoop(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["a"]]]))).not.toBeNull();
  });
});

function firstLoop(graph: Map<string, string[]>): string[] | null {
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, trail: string[]): string[] | null => {
    if (state.get(file) === "done" || !graph.has(file)) return null;
    if (state.get(file) === "open") return [...trail.slice(trail.indexOf(file)), file];
    state.set(file, "open");
    for (const next of graph.get(file) ?? []) {
      const loop = visit(next, [...trail, file]);
      if (loop) return loop;
    }
    state.set(file, "done");
    return null;
  };
  for (const file of graph.keys()) {
    const loop = visit(file, []);
    if (loop) return loop;
  }
  return null;
}
