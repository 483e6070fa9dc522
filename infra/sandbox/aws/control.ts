// Orders to the imitation over its own address, for who has the token: faults, settings, time, snapshots, and the log of requests.
import { timingSafeEqual } from "node:crypto";
import { isObject, listAt, numberAt, parseJson, textAt, at, type Json, type JsonObject } from "../json.ts";
import type { Desk } from "./dispatch.ts";
import { orderFault, type Fault } from "./faults.ts";
import type { Settings } from "./settings.ts";
import { asSnapshot, putBack, takeSnapshot } from "./store.ts";

export const controlPath = "/_control";

export function mayControl(given: string | string[] | undefined, token: string): boolean {
  if (typeof given !== "string" || token === "") return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export interface Outcome { status: number; body: unknown }

type Order = (desk: Desk, order: JsonObject) => unknown;

const orders: Record<string, Order> = {
  fault: ({ faults }, order) => ({ id: orderFault(faults, faultOf(at(order, "fault"))) }),
  "clear-faults": ({ faults }) => {
    faults.orders = [];
    return {};
  },
  "seed-faults": ({ faults }, order) => {
    faults.seed = numberAt(order, "seed");
    return {};
  },
  faults: ({ faults }) => ({ faults: faults.orders }),
  settings: ({ cloud }, order) => {
    const given = at(order, "settings");
    if (isObject(given)) Object.assign(cloud.settings, checkedSettings(cloud.settings, given));
    return { settings: cloud.settings };
  },
  pass: ({ cloud }, order) => {
    cloud.aheadMs += numberAt(order, "ms");
    return { nowMs: cloud.clock.nowMs() };
  },
  "user-policy": (desk, order) => {
    const document = at(order, "document");
    desk.cloud.state.userPolicy = document === null || document === undefined ? null : typeof document === "string" ? document : JSON.stringify(document);
    desk.changed();
    return {};
  },
  save: ({ cloud, faults }) => ({ snapshot: takeSnapshot(cloud, faults) }),
  restore: (desk, order) => {
    const snapshot = asSnapshot(at(order, "snapshot"));
    if (!snapshot) throw new Error("That is no snapshot.");
    putBack(desk.cloud, desk.faults, snapshot);
    desk.changed();
    return {};
  },
  log: ({ log }, order) => ({ entries: log.entries.filter(({ number }) => number > numberAt(order, "after")) }),
};

/** Only settings that there are, and of their own kind; so a slip of the pen is found out. */
function checkedSettings(now: Settings, given: JsonObject): JsonObject {
  const known: Record<string, unknown> = { ...now };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name) || typeof known[name] !== typeof value) throw new Error(`There is no setting ${name} of that kind. There are: ${Object.keys(known).join(", ")}.`);
  }
  return given;
}

export function faultOf(json: Json | undefined): Fault {
  const [action, point, does] = [textAt(json, "action"), textAt(json, "at"), at(json, "does")];
  if (action === "" || (point !== "before-effect" && point !== "after-effect")) throw new Error("A fault is {action, at: before-effect or after-effect, does: lose-reply, hang or {code}}.");
  const error = isObject(does) ? { code: textAt(does, "code"), ...(textAt(does, "message") === "" ? {} : { message: textAt(does, "message") }), status: numberAt(does, "status") || 400 } : null;
  if (does !== "lose-reply" && does !== "hang" && (error === null || error.code === "")) throw new Error("A fault does lose-reply, hang, or {code, message?, status?}.");
  const numbers = Object.fromEntries((["skip", "times", "probability"] as const).flatMap((name) => typeof at(json, name) === "number" ? [[name, numberAt(json, name)]] : []));
  return { action, at: point, does: error ?? (does === "hang" ? "hang" : "lose-reply"), ...numbers, ...(textAt(json, "containing") === "" ? {} : { containing: textAt(json, "containing") }) };
}

/** One order, or several in a list, all or the first that fails. */
export function control(desk: Desk, body: string): Outcome {
  try {
    const given = parseJson(body);
    const list = Array.isArray(given) ? listAt(given) : [given];
    const done = list.map((order) => {
      const name = textAt(order, "do");
      const carryOut = Object.hasOwn(orders, name) ? orders[name] : undefined;
      if (!carryOut || !isObject(order)) throw new Error(`There is no order ${name}. There are: ${Object.keys(orders).join(", ")}.`);
      return carryOut(desk, order);
    });
    return { status: 200, body: Array.isArray(given) ? done : done[0] };
  } catch (error) {
    return { status: 422, body: { say: error instanceof Error ? error.message : String(error) } };
  }
}
