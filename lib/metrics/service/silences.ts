// Silences of the Alertmanager that is configured for a cluster: listed, made with a reason and an end, ended. Its address never comes from a request.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { openAlertmanager, type AlertmanagerClient } from "@/lib/adapters/prometheus/alertmanager";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { connectionFor, connections } from "@/lib/clusters/connections";
import { addressFor } from "../companions";
import { inOrder, matcherText, wantedSilence } from "../silences";

const cluster = z.string().min(1).max(63);

/** Where what stands beside Prometheus is for a cluster, as the environment says; null where it says nothing. */
export function companionOf(setting: string | undefined, slug: string): string | null {
  connectionFor(slug);
  return addressFor(setting ?? "", { cluster: slug, isFirst: connections().find(({ source }) => source === "environment")?.slug === slug });
}

function alertmanagerOf(slug: string): AlertmanagerClient {
  const address = companionOf(env().ALERTMANAGER_URL, slug);
  if (address === null) throw new AppError("unavailable", `No Alertmanager is known for ${slug}. Set ALERTMANAGER_URL, as ${slug}=<address>.`);
  return openAlertmanager(address);
}

/** `known`: null where no Alertmanager is configured; that is no trouble. */
export const silenceList = feed({
  name: "metrics.silences",
  permission: "cluster.read",
  input: z.object({ cluster }),
  run: async (ctx, { cluster: slug }) => {
    if (companionOf(env().ALERTMANAGER_URL, slug) === null) return { known: null };
    return { known: inOrder((await alertmanagerOf(slug).silences(ctx.signal)).map((one) => ({ ...one, matchers: [...one.matchers] }))) };
  },
});

export const makeSilence = verb({
  name: "alert.silence",
  permission: "alert.silence",
  input: wantedSilence.extend({ cluster }),
  target: ({ cluster: slug, matchers }) => ({ kind: "alert", name: matchers.map(matcherText).join(",").slice(0, 200), cluster: slug }),
  run: async (ctx, { cluster: slug, matchers, minutes, reason }) => {
    const startsAt = Date.now();
    return { id: await alertmanagerOf(slug).silence({ matchers, startsAt, endsAt: startsAt + minutes * 60_000, createdBy: ctx.actor.name, comment: reason }, ctx.signal) };
  },
});

export const expireSilence = verb({
  name: "alert.unsilence",
  permission: "alert.silence",
  input: z.object({ cluster, id: z.string().regex(/^[0-9a-zA-Z-]{1,64}$/, "not a silence's id") }),
  target: ({ cluster: slug, id }) => ({ kind: "silence", name: id, cluster: slug }),
  run: async (ctx, { cluster: slug, id }) => alertmanagerOf(slug).expire(id, ctx.signal),
});
