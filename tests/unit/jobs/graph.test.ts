// Guarantees of the order of steps: whatever the graph and whatever steps answer, each begins after its needs and ends once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, movesOf, orderTrouble, settleNeeds, type Standing } from "@/lib/jobs/graph";
import { stepIsOver } from "@/lib/jobs/model";

/** A graph without circles: each step may need any of those before it. */
const graph = fc.integer({ min: 1, max: 14 }).chain((size) =>
  fc.tuple(...Array.from({ length: size }, (_, at) => fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, at - 1) }), { maxLength: Math.min(at, 3) })))
    .chain((needs) => fc.shuffledSubarray(needs.map((of, at) => ({ name: `s${at}`, needs: of.map((need) => `s${need}`) })), { minLength: size })));

const answer = fc.constantFrom("done", "degraded", "skipped", "waiting", "retrying", "failed", "done", "done");
type Answer = "done" | "degraded" | "skipped" | "waiting" | "retrying" | "failed";

interface Played { begun: string[]; ended: string[]; stands: string; most: number; steps: Standing[] }

/** Plays a job in made-up time: steps return in a random order with random answers; after so many turns it is cancelled. */
function play(named: readonly { name: string; needs: readonly string[] }[], answers: readonly Answer[], { pick, parallel, cancelAfter }: { pick: readonly number[]; parallel: number; cancelAfter: number }): Played {
  const steps: Standing[] = named.map((step) => ({ ...step, status: "todo", dueAt: 0 }));
  const running = new Set<string>();
  const played: Played = { begun: [], ended: [], stands: "", most: 0, steps };
  let now = 0;
  let returned = 0;
  for (let turn = 0; turn < 2000; turn++) {
    const cancelled = turn >= cancelAfter;
    const moves = movesOf(steps, { now, running, parallel: cancelled ? 0 : parallel });
    for (const name of moves.start) {
      const step = steps.find((one) => one.name === name);
      expect(step?.needs.every((need) => stepIsOver(steps.find((one) => one.name === need)?.status ?? "todo")), `${name} before its needs`).toBe(true);
      expect(running.has(name) || stepIsOver(step?.status ?? "todo"), `${name} twice`).toBe(false);
      running.add(name);
      played.begun.push(name);
    }
    played.most = Math.max(played.most, running.size);
    played.stands = moves.stands;
    if (running.size === 0 && (cancelled || moves.stands !== "waits")) return played;
    if (running.size === 0) now = moves.dueAt ?? now;
    else {
      const name = [...running][(pick[returned % pick.length] ?? 0) % running.size] ?? "";
      const step = steps.find((one) => one.name === name);
      const said = answers[returned++] ?? "done";
      running.delete(name);
      if (step) Object.assign(step, { status: said, dueAt: said === "waiting" || said === "retrying" ? now + 10 : 0 });
      if (stepIsOver(said) || said === "failed") played.ended.push(name);
    }
  }
  throw new Error("the job never ended");
}

const pick = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });
const parallel = fc.integer({ min: 1, max: 5 });
/** Once they are used up, steps are done, so that no job goes on for ever. */
const answers = fc.array(answer, { maxLength: 40 });

describe("steps of a graph", () => {
  it("begin after their needs, run once to their end, never more than allowed; what depends on a failure never begins, the rest ends", () => {
    fc.assert(fc.property(graph, answers, pick, parallel, (steps, said, picks, most) => {
      const played = play(steps, said, { pick: picks, parallel: most, cancelAfter: Infinity });
      expect(played.most).toBeLessThanOrEqual(most);
      expect(new Set(played.ended).size).toBe(played.ended.length);
      const failed = new Set(played.steps.filter(({ status }) => status === "failed").map(({ name }) => name));
      const cut = new Set<string>();
      for (const { name, needs } of inOrder(steps)) if (needs.some((need) => failed.has(need) || cut.has(need))) cut.add(name);
      expect(played.stands).toBe(failed.size > 0 ? "stuck" : "over");
      for (const { name, status } of played.steps) {
        if (cut.has(name)) expect([name, status, played.begun.includes(name)]).toEqual([name, "todo", false]);
        else if (!failed.has(name)) expect(stepIsOver(status), name).toBe(true);
      }
    }), { numRuns: 400 });
  });

  it("after a cancel nothing begins, and what runs is waited for", () => {
    fc.assert(fc.property(graph, answers, pick, parallel, fc.nat(15), (steps, said, picks, most, cancelAfter) => {
      const to = play(steps, said, { pick: picks, parallel: most, cancelAfter });
      const uncut = play(steps, said, { pick: picks, parallel: most, cancelAfter: Infinity });
      expect(to.begun).toEqual(uncut.begun.slice(0, to.begun.length));
      expect(to.steps.some(({ status }) => status === "running")).toBe(false);
    }), { numRuns: 200 });
  });

  it("one that waits holds back only what needs it", () => {
    const steps: Standing[] = [
      { name: "slow", needs: [], status: "waiting", dueAt: 100 },
      { name: "free", needs: [], status: "todo", dueAt: 0 },
      { name: "after", needs: ["slow"], status: "todo", dueAt: 0 },
    ];
    expect(movesOf(steps, { now: 50, running: new Set(), parallel: 9 })).toEqual({ start: ["free"], stands: "runs", dueAt: 100 });
    expect(movesOf(steps, { now: 100, running: new Set(["free"]), parallel: 9 })).toEqual({ start: ["slow"], stands: "runs", dueAt: null });
  });

  it("without a word about needs they follow one another", () => {
    expect(settleNeeds([{ name: "a" }, { name: "b" }, { name: "c", needs: [] }, { name: "d" }]).map(({ needs }) => needs)).toEqual([[], ["a"], [], ["c"]]);
  });

  it("a name used twice, a need that is no step, and a circle are refused in words", () => {
    const step = (name: string, ...needs: string[]) => ({ name, needs });
    expect(orderTrouble([step("a"), step("a")])).toBe("two steps are named a");
    expect(orderTrouble([step("a", "b")])).toBe("a needs b, which is no step of this job");
    expect(orderTrouble([step("a"), step("b", "c", "a"), step("c", "b")])).toBe("these steps wait for each other: b, c");
    expect(orderTrouble([step("b", "a"), step("a")])).toBeNull();
  });
});
