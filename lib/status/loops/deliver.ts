// Sends news to webhooks until each was taken: signed, with growing waits, given up after a day; what is to be sent stands in the database.
import "server-only";
import { createHmac } from "node:crypto";
import { decrypt } from "@/lib/access/secret";
import { goHttp, type Going } from "@/lib/adapters/outgoing/go";
import { backoffMs } from "@/lib/base/backoff";
import { causeText } from "@/lib/base/errors";
import { database } from "@/lib/runtime";

const timeoutMs = 10_000;
const backoff = { baseMs: 5_000, capMs: 3_600_000 };
const mostAttempts = 30;
const atOnce = 20;

/** Over the time and the body, so that an old message cannot be sent again as a new one. */
export const signatureOf = (secret: string, at: string, body: string): string => `sha256=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`;

/** Sends what is due. A receiver knows a message that it gets twice by its delivery number. */
export async function deliverDue(now: number, going: Partial<Going> = {}): Promise<void> {
  const due = await database().newsDelivery.findMany({ where: { deliveredAt: null, gaveUpAt: null, nextAt: { lte: new Date(now) }, hook: { removedAt: null } }, include: { hook: true }, orderBy: { id: "asc" }, take: atOnce });
  for (const { id, event, body, attempt, hook } of due) {
    const at = String(Math.floor(now / 1000));
    const went = await Promise.resolve().then(() => {
      const [address, secret] = [decrypt("status-hook", hook.id, hook.address), decrypt("status-hook", hook.id, hook.secret)];
      const headers = { "content-type": "application/json", "x-quarterdeck-delivery": id.toString(), "x-quarterdeck-event": event.split(" ")[0] ?? "", "x-quarterdeck-timestamp": at, "x-quarterdeck-signature": signatureOf(secret, at, body) };
      return goHttp(address, { timeoutMs, ...going, method: "POST", headers, body });
    }).catch((cause: unknown) => ({ ok: false, status: 0, tookMs: 0, say: causeText(cause) }));
    const tried = attempt + 1;
    const taken = went.status >= 200 && went.status < 300;
    await database().newsDelivery.update({
      where: { id },
      data: { attempt: tried, say: went.say.slice(0, 300), ...(taken ? { deliveredAt: new Date(now) } : tried >= mostAttempts ? { gaveUpAt: new Date(now) } : { nextAt: new Date(now + backoffMs(backoff, attempt, Math.random())) }) },
    });
  }
}
