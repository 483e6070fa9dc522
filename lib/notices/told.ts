// Notices as they come: written by whoever has something to tell, heard here once per process, followed by every open page.
import "server-only";
import { listen } from "@/lib/adapters/database/listen";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { createChannel, type Channel, type Counter } from "@/lib/base/stream";
import { database } from "@/lib/runtime";
import { notice, type Notice } from "./model";

/** The payload is the notice's number. Sent by the trigger of migration 0003. */
const madeChannel = "quarterdeck_notice";

export async function recentNotices(limit: number): Promise<Notice[]> {
  const rows = await database().notice.findMany({ orderBy: { id: "desc" }, take: limit });
  return rows.map((row) => notice.parse({ ...row, at: row.at.getTime() }));
}

/** Hears of each new notice, as JSON, for as long as the process lives. */
export function openTold(counter: Counter): Channel<string | null> {
  const channel = createChannel<string | null>(counter, { maxChanges: 100, maxBytes: 128 * 1024, bytes: (text) => text?.length ?? 4 });
  const tell = async (id: number) => {
    const row = await database().notice.findUnique({ where: { id } });
    if (row) channel.publish(JSON.stringify({ ...row, at: row.at.getTime() }));
  };
  listen(madeChannel, (id) => void tell(Number(id)).catch((thrown: unknown) => log.warn({ notice: id, cause: causeText(thrown) }, "a notice could not be told")), { onReady: () => channel.publish(null) });
  return channel;
}
