// Gives an order to the sandbox that runs in a folder.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, numberAt, parseJson, textAt } from "./json.ts";
import { ordersHeader, type Outcome } from "./report.ts";

/** Throws when no sandbox runs there; what it says of an order it cannot carry out is an outcome. */
export async function giveOrder(home: string, order: string, args: readonly string[] = []): Promise<Outcome> {
  const path = join(home, "orders.json");
  if (!existsSync(path)) throw new Error(`No sandbox runs in ${home}.`);
  const door = parseJson(readFileSync(path, "utf8"));
  const answer = await fetch(`http://127.0.0.1:${numberAt(door, "port")}/orders`, {
    method: "POST", headers: { [ordersHeader]: textAt(door, "token"), "content-type": "application/json" }, body: JSON.stringify({ order, args }),
  });
  const outcome = parseJson(await answer.text());
  return { ok: answer.ok, say: isObject(outcome) ? textAt(outcome, "say") : "" };
}
