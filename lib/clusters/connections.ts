// What the console is connected to: one handle per cluster, kept for the life of the process.
import "server-only";
import type { ClusterAccess, ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { openCluster } from "@/lib/adapters/kubernetes/cluster";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";

export interface Connection {
  slug: string;
  title: string;
  source: "environment" | "uploaded";
  handle: ClusterHandle;
  /** Of what it was opened with; another digest means: open anew. */
  digest: string;
}

const open = (): Map<string, Connection> => keep("clusters.connections", () => new Map<string, Connection>());

export function connections(): Connection[] {
  return [...open().values()];
}

export function findConnection(slug: string): Connection | undefined {
  return open().get(slug);
}

/** The live handle of a cluster; throws AppError not-found. */
export function connectionFor(slug: string): ClusterHandle {
  const found = open().get(slug);
  if (found) return found.handle;
  const known = [...open().keys()];
  throw new AppError("not-found", `No cluster is connected as ${slug}. ${known.length > 0 ? `Connected: ${known.join(", ")}.` : "None is connected yet."}`);
}

export interface Wanted extends Omit<Connection, "handle"> { access: ClusterAccess }

/** Makes the open connections of one source those that are wanted: opens, re-opens what changed, closes what is gone. A slug taken by the other source stays with it. */
export async function reconcile(source: Connection["source"], wanted: readonly Wanted[]): Promise<void> {
  const slugs = new Set(wanted.map(({ slug }) => slug));
  const closing: Promise<void>[] = [];
  for (const [slug, known] of open()) {
    if (known.source !== source || slugs.has(slug)) continue;
    open().delete(slug);
    closing.push(known.handle.close());
  }
  for (const { access, ...one } of wanted) {
    const known = open().get(one.slug);
    if (known && known.source !== source) continue;
    if (known?.digest === one.digest) {
      known.title = one.title;
      continue;
    }
    if (known) closing.push(known.handle.close());
    open().set(one.slug, { ...one, handle: openCluster(access) });
  }
  await Promise.all(closing);
}

export async function closeAll(): Promise<void> {
  const all = connections();
  open().clear();
  await Promise.all(all.map(({ handle }) => handle.close()));
}
