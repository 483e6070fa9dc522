// The diagnosis of every connected cluster, as long as the server runs.
import "server-only";
import { systemClock } from "@/lib/base/clock";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { connections, connectionFor } from "@/lib/clusters/connections";
import { offerTopics } from "@/lib/notices/service";
import { keep } from "@/lib/runtime";
import { openWatch, type Watch } from "./service/watch";
import { forgetOld } from "./store";

const everyMs = 5_000;
const forgetEveryMs = 6 * 3_600_000;

const watches = (): Map<string, { handle: unknown; watch: Promise<Watch> }> => keep("diagnostics.watches", () => new Map());

/** The watch of a cluster, opened on first demand and anew when the cluster was connected anew. */
export function watchOf(slug: string): Promise<Watch> {
  const handle = connectionFor(slug);
  const known = watches().get(slug);
  if (known?.handle === handle) return known.watch;
  void known?.watch.then((one) => one.close(), () => undefined);
  const watch = openWatch(slug);
  watches().set(slug, { handle, watch });
  watch.catch(() => watches().delete(slug));
  return watch;
}

/** Offers `health:<slug>`: word that the findings have changed. */
export function offerHealthTopics(): void {
  offerTopics({ prefix: "health", permission: "cluster.read", open: async (slug) => (await watchOf(slug)).topic });
}

/** Runs until the signal. A look that fails is logged and does not keep the others from being made. */
export function startDiagnosis(signal: AbortSignal): void {
  void (async () => {
    let forgotAt = 0;
    while (!signal.aborted) {
      const slugs = connections().map(({ slug }) => slug);
      for (const [slug, { watch }] of watches()) {
        if (slugs.includes(slug)) continue;
        watches().delete(slug);
        void watch.then((one) => one.close(), () => undefined);
      }
      await Promise.all(slugs.map((slug) => watchOf(slug).then((watch) => watch.look(Date.now())).catch((cause: unknown) => log.warn({ cluster: slug, cause: causeText(cause) }, "a look at a cluster failed"))));
      if (Date.now() - forgotAt > forgetEveryMs) {
        forgotAt = Date.now();
        await forgetOld(forgotAt).catch((cause: unknown) => log.warn({ cause: causeText(cause) }, "old findings could not be forgotten"));
      }
      await systemClock.sleep(everyMs, signal);
    }
  })();
}
