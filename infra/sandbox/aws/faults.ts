// What goes wrong by order: which call, when, how, how often or how probably; the dice are seeded.

export type Point = "before-effect" | "after-effect";

export interface Fault {
  /** An action's name, "*" for any, "write:*" or "read:*" for all of a sort. */
  action: string;
  at: Point;
  /** The reply is lost and the connection with it; nothing is ever answered; or this error is. */
  does: "lose-reply" | "hang" | { code: string; message?: string; status?: number };
  /** How many calls that fit pass unharmed first. */
  skip?: number;
  /** How often it strikes; once when absent, for ever when 0. */
  times?: number;
  /** Of each fitting call; always when absent. */
  probability?: number;
  /** Only calls whose parameters hold these words in any value. */
  containing?: string;
}

export interface Ordered extends Fault { id: number; struck: number; seen: number }

export interface FaultState { seed: number; next: number; orders: Ordered[] }

export function newFaults(seed = 1): FaultState {
  return { seed, next: 1, orders: [] };
}

export function orderFault(faults: FaultState, fault: Fault): number {
  const id = faults.next;
  faults.next += 1;
  faults.orders.push({ ...fault, id, struck: 0, seen: 0 });
  return id;
}

/** mulberry32: small, good enough, and goes on where a saved state left it. */
function dice(faults: FaultState): number {
  faults.seed = (faults.seed + 0x6d2b79f5) | 0;
  let t = faults.seed;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

export const isRead = (action: string): boolean => /^(Describe|Get|List|Simulate|Decode)/.test(action);

function fits({ action: wanted, containing }: Fault, action: string, values: readonly string[]): boolean {
  const named = wanted === action || wanted === "*" || (wanted === "write:*" && !isRead(action)) || (wanted === "read:*" && isRead(action));
  return named && (containing === undefined || values.some((value) => value.includes(containing)));
}

/** The order that strikes this call, if one does; each is decided once per call, at the point it is for. */
export function strike(faults: FaultState, at: Point, { action, values }: { action: string; values: readonly string[] }): Ordered | null {
  for (const order of faults.orders) {
    if (order.at !== at || !fits(order, action, values)) continue;
    const times = order.times ?? 1;
    if (times !== 0 && order.struck >= times) continue;
    order.seen += 1;
    if (order.seen <= (order.skip ?? 0)) continue;
    if (order.probability !== undefined && dice(faults) >= order.probability) continue;
    order.struck += 1;
    return order;
  }
  return null;
}
