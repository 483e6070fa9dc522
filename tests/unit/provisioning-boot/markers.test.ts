// How a boot stands by what its serial console shows.
import { describe, expect, it } from "vitest";
import { bootOutcome, toBootMarkers } from "@/lib/provisioning/boot/markers";

describe("a serial console", () => {
  it("tells the steps in their order, whatever stands between them", () => {
    expect(toBootMarkers("x\nquarterdeck: step=system state=begun\nnoise\n[1.0] quarterdeck: step=system state=done\n")).toEqual([
      { step: "system", state: "begun", code: null, line: null }, { step: "system", state: "done", code: null, line: null },
    ]);
  });

  it.each([
    ["nothing yet", "", { outcome: "booting", step: "start" }],
    ["a step under way", "quarterdeck: step=packages state=begun", { outcome: "booting", step: "packages" }],
    ["the line at which it failed", "quarterdeck: step=join state=begun\nquarterdeck: step=join state=failed code=1 line=125", { outcome: "failed", step: "join", line: 125 }],
    ["the end", "quarterdeck: step=boot state=done", { outcome: "booted" }],
  ])("tells %s", (_, text, outcome) => {
    expect(bootOutcome(text)).toEqual(outcome);
  });
});
