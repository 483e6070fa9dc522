// How likely the sequential judge's evidence has crossed its line by each look: computed from the chances themselves, not from a fixed-sample formula.
import { Likelihood, type Term, logNotWorse, logWorse } from "../judge/engine";

/** What is expected between two looks: events of both versions together, and the canary's share of the exposure. */
export interface ExpectedLook { minutes: number; events: number; share: number }

export interface CrossingQuestion {
  looks: readonly ExpectedLook[];
  /** True rate of the canary over the baseline's. */
  ratio: number;
  side: "fail" | "pass";
  /** What the side doubts: the tolerated ratio for FAIL, the margin for PASS. */
  doubted: number;
  /** The line, as a natural logarithm. */
  line: number;
  /** Enough is known once this much of the chance has crossed. */
  enough?: number;
}

export interface Crossed { minutes: number; events: number; chance: number }

/** Chances smaller than this are dropped. */
const dust = 1e-12;

/**
 * The canary's events are a walk: of `n` events each is the canary's with the same chance, and the walk ends where the evidence crosses. Events are taken at
 * their expected number here; that they come by chance is mixed in afterwards.
 */
export function crossing({ looks, ratio, side, doubted, line, enough = 1 }: CrossingQuestion): Crossed[] {
  const out: Crossed[] = [];
  const terms: Term[] = [];
  let walk: Walk = { from: 0, chances: Float64Array.of(1) };
  let [minutes, wanted, events, chance, bound] = [0, 0, 0, 0, side === "fail" ? 0 : -1];
  for (const look of looks) {
    minutes += look.minutes;
    wanted += look.events;
    const fresh = Math.round(wanted) - events;
    if (fresh < 1) continue;
    events += fresh;
    const last = terms.at(-1);
    if (last?.share === look.share) last.events += fresh;
    else terms.push({ events: fresh, canaryEvents: 0, share: look.share });
    walk = convolved(walk, binomial(fresh, (look.share * ratio) / (1 - look.share + look.share * ratio)));
    bound = boundary({ terms, events, side, doubted, line }, bound);
    const split = absorb(walk, side, bound);
    walk = split.walk;
    chance += split.absorbed;
    out.push({ minutes, events, chance });
    if (chance >= enough) break;
  }
  return out;
}

interface BoundaryQuestion { terms: readonly Term[]; events: number; side: "fail" | "pass"; doubted: number; line: number }

/** The fewest canary events that fail, or the most that pass (-1: none do); sought from the last look's bound on. */
function boundary({ terms, events, side, doubted, line }: BoundaryQuestion, last: number): number {
  const crossed = (canary: number): boolean => {
    const likelihood = new Likelihood(terms.map((term) => ({ ...term, canaryEvents: (canary * term.events) / events })));
    return (side === "fail" ? logWorse(likelihood, doubted) : logNotWorse(likelihood, doubted)) >= line;
  };
  const sign = side === "fail" ? 1 : -1;
  const inside = (count: number): number => Math.min(Math.max(count, 0), events);
  if (!crossed(side === "fail" ? events : 0)) return side === "fail" ? events + 1 : -1;
  let step = 1;
  let at = inside(last);
  const toCross = crossed(at) ? -1 : 1;
  while (crossed(at) === (toCross < 0)) {
    const next = inside(at + sign * toCross * step);
    if (next === at) return at;
    at = next;
    step *= 2;
  }
  let [no, yes] = toCross > 0 ? [inside(at - sign * (step / 2)), at] : [at, inside(at + sign * (step / 2))];
  while (Math.abs(yes - no) > 1) {
    const middle = Math.trunc((yes + no) / 2);
    if (crossed(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** Chances of each number of canary events from `from` on. */
interface Walk { from: number; chances: Float64Array }

function binomial(count: number, p: number): Walk {
  const mode = Math.min(count, Math.floor((count + 1) * p));
  const odds = p / (1 - p);
  const chances = new Float64Array(count + 1);
  chances[mode] = 1;
  let all = 1;
  for (let k = mode + 1, value = 1; k <= count && value > dust; k += 1) all += chances[k] = value *= ((count - k + 1) / k) * odds;
  for (let k = mode - 1, value = 1; k >= 0 && value > dust; k -= 1) all += chances[k] = value *= ((k + 1) / (count - k)) / odds;
  return trimmed({ from: 0, chances: chances.map((value) => value / all) });
}

function convolved(a: Walk, b: Walk): Walk {
  const chances = new Float64Array(a.chances.length + b.chances.length - 1);
  a.chances.forEach((x, i) => b.chances.forEach((y, j) => (chances[i + j] = (chances[i + j] ?? 0) + x * y)));
  return trimmed({ from: a.from + b.from, chances });
}

function trimmed({ from, chances }: Walk): Walk {
  const first = chances.findIndex((value) => value > dust);
  const last = chances.findLastIndex((value) => value > dust);
  return first < 0 ? { from, chances: new Float64Array(1) } : { from: from + first, chances: chances.slice(first, last + 1) };
}

function absorb({ from, chances }: Walk, side: "fail" | "pass", bound: number): { walk: Walk; absorbed: number } {
  let absorbed = 0;
  const left = chances.map((value, i) => {
    const over = side === "fail" ? from + i >= bound : from + i <= bound;
    if (over) absorbed += value;
    return over ? 0 : value;
  });
  return { walk: trimmed({ from, chances: left }), absorbed };
}

/** The chance at `expected` events when their number is Poisson's: between looks it is drawn straight. */
export function mixed(crossed: readonly Crossed[], expected: number): number {
  const spread = Math.sqrt(expected);
  const [from, to] = [Math.max(0, Math.floor(expected - 6 * spread)), Math.ceil(expected + 6 * spread) + 6];
  let [sum, all] = [0, 0];
  for (let n = from; n <= to; n += Math.max(1, Math.floor(spread / 20))) {
    const weight = Math.exp(n * Math.log(expected) - expected - logFactorial(n));
    all += weight;
    sum += weight * chanceAt(crossed, n);
  }
  return all > 0 ? sum / all : 0;
}

function logFactorial(n: number): number {
  return n < 2 ? 0 : (n + 0.5) * Math.log(n) - n + 0.918938533204673 + 1 / (12 * n) - 1 / (360 * n ** 3);
}

function chanceAt(crossed: readonly Crossed[], events: number): number {
  const above = crossed.findIndex((one) => one.events >= events);
  const [low, high] = [above > 0 ? crossed[above - 1] : above < 0 ? crossed.at(-1) : undefined, above < 0 ? undefined : crossed[above]];
  if (high === undefined) return low?.chance ?? 0;
  const start = low ?? { events: 0, chance: 0 };
  return start.chance + ((high.chance - start.chance) * (events - start.events)) / (high.events - start.events);
}
