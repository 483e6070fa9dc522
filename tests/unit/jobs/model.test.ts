// Guarantees of the job model: which status may follow which.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasEnded, holdsSlot, jobStatuses, mayFollow, mayPrecede } from "@/lib/jobs/model";

const status = fc.constantFrom(...jobStatuses);

describe("job statuses", () => {
  it("nothing follows an end but the second try of what a success went without, and only CANCELLED, SUCCEEDED and FAILED are ends", () => {
    expect(jobStatuses.filter(hasEnded)).toEqual(["CANCELLED", "SUCCEEDED", "FAILED"]);
    fc.assert(fc.property(status, status, (from, to) => !(hasEnded(from) && mayFollow(from, to)) || (from === "SUCCEEDED" && to === "RETRY_WAIT")));
  });

  it("CANCELLED is reached only from the queue or through CANCELLING, so a running step is never cut off by it", () => {
    expect(mayPrecede("CANCELLED")).toEqual(["QUEUED", "CANCELLING"]);
  });

  it("whatever has begun holds its slot until it ends", () => {
    for (const from of jobStatuses) expect(holdsSlot.includes(from), from).toBe(from !== "QUEUED" && !hasEnded(from));
  });

  it("every status but the first can be reached, and from each an end can be reached", () => {
    fc.assert(fc.property(status, (to) => to === "QUEUED" || mayPrecede(to).length > 0));
    const reaches = new Set(jobStatuses.filter(hasEnded));
    for (let grew = true; grew; ) {
      const before = reaches.size;
      for (const from of jobStatuses) if (jobStatuses.some((to) => reaches.has(to) && mayFollow(from, to))) reaches.add(from);
      grew = reaches.size > before;
    }
    expect(reaches.size).toBe(jobStatuses.length);
  });

  it("mayPrecede and mayFollow say the same", () => {
    fc.assert(fc.property(status, status, (from, to) => mayPrecede(to).includes(from) === mayFollow(from, to)));
  });
});
