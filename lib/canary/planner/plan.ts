// Before a rollout: what can this judge notice with so much traffic for so long, and how long must a step be held.
import { type Crossed, type ExpectedLook, crossing, mixed } from "./crossing";
import { minutesText, percentText } from "../judge/words";

export interface Traffic {
  /** Requests per second of the whole service. */
  rps: number;
  /** Share of bad events in the baseline, as in 0.001. */
  baselineShare: number;
}

export interface Judging {
  /** The metric's own FAIL line and PASS line as natural logarithms. */
  logFailLine?: number;
  logPassLine?: number;
  tolerated?: number;
  margin?: number;
  phi?: number;
  lookMinutes?: number;
}

export interface Step { share: number; minutes: number }

export const usualPower = 0.8;
/** Longer is "never" for a rollout. */
export const longestMinutes = 14 * 24 * 60;
const lineOf20 = Math.log(20);

/** Events of both versions in a minute, over what their clustering takes away. */
function eventsPerMinute({ rps, baselineShare }: Traffic, { share, ratio, phi }: { share: number; ratio: number; phi: number }): number {
  return (60 * rps * (baselineShare * (1 - share) + Math.min(1, baselineShare * ratio) * share)) / Math.max(1, phi);
}

/** Looks that see less than one event are put together, and many looks are thinned in the distance, where one more or less changes nothing. */
function schedule(traffic: Traffic, steps: readonly Step[], { ratio, judging }: { ratio: number; judging: Judging }): ExpectedLook[] {
  const { phi = 1, lookMinutes = 1 } = judging;
  const looks: ExpectedLook[] = [];
  for (const { share, minutes } of steps) {
    const pace = eventsPerMinute(traffic, { share, ratio, phi });
    for (let done = 0; done < minutes - 1e-9; ) {
      const least = Math.max(lookMinutes, pace > 0 ? 1 / pace : minutes);
      const length = Math.min(minutes - done, least * 2 ** Math.floor(looks.length / 150));
      looks.push({ minutes: length, events: pace * length, share });
      done += length;
    }
  }
  return looks;
}

/** The last step held on for as long as chance may bring more events than are expected. */
function beyond(traffic: Traffic, steps: readonly Step[], { ratio, judging }: { ratio: number; judging: Judging }): { looks: ExpectedLook[]; expected: number } {
  const asked = schedule(traffic, steps, { ratio, judging });
  const expected = asked.reduce((sum, { events }) => sum + events, 0);
  const last = steps.at(-1);
  const pace = last ? eventsPerMinute(traffic, { share: last.share, ratio, phi: judging.phi ?? 1 }) : 0;
  const more = last && pace > 0 ? schedule(traffic, [{ share: last.share, minutes: (6 * Math.sqrt(expected) + 6) / pace }], { ratio, judging }) : [];
  return { looks: [...asked, ...more], expected };
}

export interface PlanQuestion { traffic: Traffic; steps: readonly Step[]; ratio: number; judging?: Judging }

function ask(side: "fail" | "pass", { logFailLine = lineOf20, logPassLine = lineOf20, tolerated = 1, margin = 1.5 }: Judging) {
  return side === "fail" ? { side, line: logFailLine, doubted: tolerated } : { side, line: logPassLine, doubted: margin };
}

/** The chance that a canary with this true ratio has failed (or passed) by the end of the steps. */
export function planPower({ traffic, steps, ratio, judging = {} }: PlanQuestion, side: "fail" | "pass" = "fail"): number {
  const { looks, expected } = beyond(traffic, steps, { ratio, judging });
  return expected > 0 ? mixed(crossing({ looks, ratio, ...ask(side, judging) }), expected) : 0;
}

export interface HoldQuestion { traffic: Traffic; share: number; ratio: number; judging?: Judging; power?: number }

/** How long a step must be held until the verdict has fallen with this power; null: not within two weeks. */
export function minutesToNotice({ traffic, share, ratio, judging = {}, power = usualPower }: HoldQuestion, side: "fail" | "pass" = "fail"): number | null {
  const pace = eventsPerMinute(traffic, { share, ratio, phi: judging.phi ?? 1 });
  if (!(pace > 0)) return null;
  const looks = schedule(traffic, [{ share, minutes: longestMinutes }], { ratio, judging });
  const crossed = crossing({ looks, ratio, ...ask(side, judging), enough: power + (1 - power) / 2 });
  return firstLook(crossed, pace, power);
}

function firstLook(crossed: readonly Crossed[], pace: number, power: number): number | null {
  const reaches = (minutes: number): boolean => mixed(crossed, pace * minutes) >= power;
  const last = crossed.at(-1);
  if (!last || last.chance < power) return null;
  let [low, high] = [0, last.minutes];
  if (!reaches(high)) return null;
  while (high - low > Math.max(0.5, high / 500)) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}

/** The smallest true ratio that these steps notice with this power; null: not even a hundredfold. */
export function noticeableRatio({ traffic, steps, judging = {} }: Omit<PlanQuestion, "ratio">, power = usualPower): number | null {
  const tolerated = judging.tolerated ?? 1;
  const most = Math.min(100 * tolerated, 1 / traffic.baselineShare);
  const notices = (ratio: number): boolean => planPower({ traffic, steps, ratio, judging }) >= power;
  if (!notices(most)) return null;
  let [low, high] = [Math.log(tolerated), Math.log(most)];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (notices(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

const wordsOf: Record<number, string> = { 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve" };

export function foldText(ratio: number): string {
  if (ratio < 1.95) return `${ratio.toFixed(1)}×`;
  const whole = Math.round(ratio);
  return ratio < 4 && Math.abs(ratio - whole) > 0.1 ? `${ratio.toFixed(1)}×` : `${wordsOf[whole] ?? String(whole)}-fold`;
}

/** "a ten-fold", "an eleven-fold", "an 80-fold". */
function withArticle(words: string): string {
  return `${/^(eight|eleven|8|1[18](\D|$))/.test(words) ? "an" : "a"} ${words}`;
}

export interface SentenceQuestion { traffic: Traffic; step: Step; hold: { share: number; ratio: number }; judging?: Judging }

/** What the step on the table can notice, and what it would take to notice `hold.ratio`. */
export function planSentence({ traffic, step, hold, judging = {} }: SentenceQuestion): string {
  const seen = noticeableRatio({ traffic, steps: [step], judging });
  const needed = minutesToNotice({ traffic, share: hold.share, ratio: hold.ratio, judging });
  const now = `${minutesText(step.minutes)} at ${percentText(step.share)}`.replace(/ min /, step.minutes === 1 ? " minute " : " minutes ");
  const first = seen === null ? `${now} can notice nothing below a hundred-fold error rate` : `${now} can only notice about ${withArticle(foldText(seen))} error rate`;
  const times = `${Number(hold.ratio.toFixed(2))}×`;
  const second = needed === null ? `at ${percentText(hold.share)} there is too little traffic to notice ${times} within two weeks` : `hold ${percentText(hold.share)} for about ${minutesText(needed).replace(/ min$/, needed === 1 ? " minute" : " minutes")} to notice ${times}`;
  return `${first}; ${second}.`;
}

/** The margin at which a step costs at most this many bad events more than the baseline would. */
export function marginWithin(budgetEvents: number, { traffic: { rps, baselineShare }, step: { share, minutes } }: { traffic: Traffic; step: Step }): number {
  return 1 + budgetEvents / (share * rps * minutes * 60 * baselineShare);
}
