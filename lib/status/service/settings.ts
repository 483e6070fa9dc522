// What operators published, read at most once in a moment for all who view.
import "server-only";
import { log } from "@/lib/base/log";
import { database, keep } from "@/lib/runtime";
import { pageSettings, unpublished, type PageSettings } from "../model";

const keptMs = 2000;

interface Kept { at: number; pages: Promise<ReadonlyMap<string, PageSettings>> }

/** The settings of every page. While the database is away, what was read last. */
export function publishedPages(): Promise<ReadonlyMap<string, PageSettings>> {
  const kept = keep("status.pages", (): Kept => ({ at: 0, pages: Promise.resolve(new Map<string, PageSettings>()) }));
  if (Date.now() - kept.at < keptMs) return kept.pages;
  const before = kept.pages;
  kept.at = Date.now();
  kept.pages = readPages().catch((cause: unknown) => {
    log.warn({ cause }, "the settings of status pages could not be read; the last are used");
    return before;
  });
  return kept.pages;
}

/** After a change, everybody of this process sees it at once; other replicas within moments. */
export function forgetPages(): void {
  keep("status.pages", (): Kept => ({ at: 0, pages: Promise.resolve(new Map<string, PageSettings>()) })).at = 0;
}

export async function settingsOf(cluster: string): Promise<PageSettings> {
  return (await publishedPages()).get(cluster) ?? unpublished;
}

async function readPages(): Promise<ReadonlyMap<string, PageSettings>> {
  const rows = await database().statusPage.findMany();
  return new Map(rows.flatMap(({ cluster, published, audience, title, services, queues }) => {
    const parsed = pageSettings.safeParse({ published, audience, title, services, queues });
    if (!parsed.success) log.error({ cluster, cause: parsed.error.message }, "the stored settings of a status page do not fit their schema; it is not published");
    return parsed.success ? [[cluster, parsed.data] as const] : [];
  }));
}
