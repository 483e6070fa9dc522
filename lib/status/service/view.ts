// What everybody reads: the snapshot of a page, asked of the database once in a moment for all who view, and never of a cluster.
import "server-only";
import { z } from "zod";
import type { Published } from "@/lib/access/endpoint";
import { env } from "@/lib/base/env";
import { AppError, causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { clusterSlug } from "@/lib/clusters/model";
import { database, keep } from "@/lib/runtime";
import { asStale } from "../assemble";
import { badge } from "../badge";
import { atomFeed, jsonFeed } from "../feeds";
import type { StatusDocument } from "../model";
import { publishedPages } from "./settings";

const keptMs = 2000;
/** A page that nobody wrote for this long is told as what it is: of then. */
const staleAfterMs = 60_000;

/** `json`: the document as it is sent, encoded once for all who ask. */
export interface Snapshot { document: StatusDocument; json: Uint8Array<ArrayBuffer>; etag: string; stale: boolean; open: boolean }
interface Kept { readAt: number; row: Promise<Row | null>; last: Row | null; told: Snapshot | null }
interface Row { at: number; etag: string; document: string }

const memos = (): Map<string, Kept> => keep("status.snapshots", () => new Map<string, Kept>());

async function rowOf(cluster: string): Promise<Row | null> {
  const memo = memos().get(cluster) ?? { readAt: 0, row: Promise.resolve(null), last: null, told: null };
  memos().set(cluster, memo);
  if (Date.now() - memo.readAt < keptMs) return memo.row;
  memo.readAt = Date.now();
  memo.row = database().statusSnapshot.findUnique({ where: { cluster } }).then(
    (found) => (memo.last = found && { at: found.at.getTime(), etag: found.etag, document: found.document }),
    (cause: unknown) => {
      log.warn({ cluster, cause: causeText(cause) }, "the status page could not be read; what was read last is shown");
      return memo.last;
    },
  );
  return memo.row;
}

/** The document was written by this console as this type. */
function documentOf(text: string): StatusDocument {
  return JSON.parse(text) as StatusDocument;
}

const unknownPage = (cluster: string) => new AppError("not-found", `No status page is published as ${cluster}. Ask an operator, or look at the list under /status.`);

async function snapshotOf(cluster: string): Promise<Snapshot> {
  const settings = (await publishedPages()).get(cluster);
  if (!settings?.published) throw unknownPage(cluster);
  const row = await rowOf(cluster);
  if (!row) throw new AppError("unavailable", "The status page is being written for the first time. Try again in a few seconds.");
  const stale = Date.now() - row.at > staleAfterMs;
  const etag = `"${row.etag}${stale ? "-stale" : ""}"`;
  const open = settings.audience === "public";
  const memo = memos().get(cluster);
  if (memo?.told?.etag === etag && memo.told.open === open) return memo.told;
  const document = stale ? asStale(documentOf(row.document)) : documentOf(row.document);
  const told: Snapshot = { document, json: new TextEncoder().encode(stale ? JSON.stringify(document) : row.document), etag, stale, open };
  if (memo) memo.told = told;
  return told;
}

const slug = z.string().max(80).transform((text) => text.replace(/\.json$/, "")).pipe(clusterSlug);
const pageInput = z.object({ slug });

/** One page in every form: document, JSON, feeds, badges. Whether there is one is told only to whom it would be shown. */
export const statusPage: Published<z.infer<typeof pageInput>, Snapshot> = {
  name: "status.view",
  input: pageInput,
  isOpen: ({ slug: cluster }) => isOpen(cluster),
  run: ({ slug: cluster }) => snapshotOf(cluster),
};

async function isOpen(cluster: string): Promise<boolean> {
  const settings = (await publishedPages()).get(cluster);
  return settings?.published === true && settings.audience === "public";
}

const formInput = z.object({ slug, rest: z.array(z.string().max(300)).min(1).max(3) });

export interface Form { body: string; type: string; etag: string; open: boolean }

/** The page as a feed, or one of its services as a badge. */
export const statusForm: Published<z.infer<typeof formInput>, Form> = {
  name: "status.view",
  input: formInput,
  isOpen: ({ slug: cluster }) => isOpen(cluster),
  run: async ({ slug: cluster, rest }) => {
    const { document, etag, open } = await snapshotOf(cluster);
    const [first = "", ...service] = rest;
    const form = (body: string, type: string): Form => ({ body, type, etag: `${etag.slice(0, -1)}-${first}-${service.join(".")}"`, open });
    const base = new URL(env().QUARTERDECK_URL).origin;
    if (first === "feed.atom" && service.length === 0) return form(atomFeed(document, base), "application/atom+xml; charset=utf-8");
    if (first === "feed.json" && service.length === 0) return form(jsonFeed(document, base), "application/feed+json; charset=utf-8");
    const id = service.join("/").replace(/\.svg$/, "");
    const found = first === "badge" ? document.tiers.flatMap(({ services }) => services).find((one) => one.id === id) : undefined;
    if (!found) throw new AppError("not-found", `There is nothing of the page ${cluster} at this address. It has feed.atom, feed.json, and badge/<namespace>/<service>.svg for each service that it shows.`);
    return form(badge(found), "image/svg+xml; charset=utf-8");
  },
};

export interface Listed { cluster: string; title: string; say: string; indicator: string; at: number }

async function listed(open: boolean): Promise<Listed[]> {
  const pages = [...(await publishedPages())].filter(([, { published, audience }]) => published && (!open || audience === "public"));
  const found = await Promise.all(pages.map(async ([cluster]) => snapshotOf(cluster).catch(() => null)));
  return found.flatMap((one) => (one ? [{ cluster: one.document.cluster, title: one.document.title, say: one.document.verdict.say, indicator: one.document.verdict.indicator, at: one.document.at }] : []));
}

/** The pages that are open to everybody; where none is, the list of all for whoever is signed in. */
export const statusList: Published<Record<string, never>, { pages: Listed[]; all: boolean }> = {
  name: "status.list",
  input: z.object({}),
  isOpen: async () => [...(await publishedPages()).values()].some(({ published, audience }) => published && audience === "public"),
  run: async () => {
    const open = await listed(true);
    return open.length > 0 ? { pages: open, all: false } : { pages: await listed(false), all: true };
  },
};
