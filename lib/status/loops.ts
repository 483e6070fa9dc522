// What runs for the status page as long as the server: the page of each cluster written every few seconds, probes, outgoing news; by one replica of several.
import "server-only";
import { systemClock } from "@/lib/base/clock";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { connections } from "@/lib/clusters/connections";
import { deliverDue } from "./loops/deliver";
import { holdLoop, leaveLoop } from "./loops/lease";
import { forgetOldResults, probeDue } from "./loops/probe";
import { forgetOldIntervals } from "./loops/standings";
import { forgetMemories, writePage } from "./loops/write-page";

export const turnMs = 10_000;
const leaseMs = 25_000;
const tidyEveryMs = 3_600_000;
const name = "status";

/** Runs until the signal. */
export function startStatusLoop(signal: AbortSignal): void {
  void run(crypto.randomUUID(), signal);
}

async function run(owner: string, signal: AbortSignal): Promise<void> {
  let leading = false;
  let tidiedAt = 0;
  const said = new Map<string, string>();
  const complain = (what: string, cause: unknown): void => {
    const text = causeText(cause);
    if (said.get(what) !== text) log.warn({ what, cause: text }, "the status page could not be written");
    said.set(what, text);
  };
  while (!signal.aborted) {
    const begun = Date.now();
    const mine = await holdLoop(name, owner, leaseMs).catch((cause: unknown) => {
      complain("lease", cause);
      return false;
    });
    if (mine && !leading) forgetMemories();
    leading = mine;
    if (mine) await probeDue(begun, signal).catch((cause: unknown) => complain("probes", cause));
    if (mine) for (const { slug } of connections()) if (!signal.aborted) await writePage(slug, Date.now()).then(() => said.delete(slug), (cause: unknown) => complain(slug, cause));
    if (mine) await deliverDue(Date.now()).catch((cause: unknown) => complain("webhooks", cause));
    if (mine && begun - tidiedAt > tidyEveryMs) {
      tidiedAt = begun;
      await Promise.all([forgetOldIntervals(begun), forgetOldResults(begun)]).catch((cause: unknown) => complain("what is old", cause));
    }
    await systemClock.sleep(Math.max(1000, turnMs - (Date.now() - begun)), signal);
  }
  if (leading) await leaveLoop(name, owner).catch(() => undefined);
}
