// The turn that a scenario takes once its services are asked: its orders, given by itself as a person would give them.
import { carryOut } from "../orders.ts";
import type { Site } from "../site.ts";
import { scenarioOf } from "./index.ts";

/** Nobody waits for it: the world is up, and the turn is what then happens in it. What cannot be done is told where the traffic's state is. */
export function takeTurns(site: Site): void {
  const { turns } = scenarioOf(site.options.scenario ?? "seven-node");
  const take = async (): Promise<void> => {
    for (const [order, ...args] of turns) {
      const { ok, say } = await carryOut(site, order, args);
      site.board.set("traffic", { say: ok ? say : `${order} could not be done: ${say}` });
      if (!ok) return;
    }
  };
  void take();
}
