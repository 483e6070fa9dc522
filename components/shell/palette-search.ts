// Finds what the palette offers for some words: names that begin with them first, then names that hold them.
import type { Permission } from "@/lib/access/model";
import { filterParam } from "../placement/address";
import type { PlacementStore } from "../placement/store";
import { clusterPages, consolePages, innerPages } from "./nav-items";

export interface Found {
  id: string;
  group: "Page" | "Action" | "Node" | "Workload" | "Pod";
  label: string;
  detail: string;
  mono: boolean;
  does: "go" | "theme";
  href: string;
}

interface Search { query: string; cluster: string; store: PlacementStore; permissions: readonly Permission[]; limit: number }

export function findActions({ query, cluster, store, permissions, limit }: Search): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { rank: number; what: Found }[] = [];
  for (const what of offers(cluster, store, permissions)) {
    const rank = rankOf(what, words);
    if (rank !== null) found.push({ rank, what });
    if (words.length === 0 && found.length >= limit) break;
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, limit).map(({ what }) => what);
}

/** 0 begins with the first word, 1 holds all of them; null does not match. */
function rankOf({ label, group }: Found, words: readonly string[]): number | null {
  const [first] = words;
  if (first === undefined) return 0;
  const text = `${label} ${group}`.toLowerCase();
  if (!words.every((word) => text.includes(word))) return null;
  return text.startsWith(first) || text.includes(`/${first}`) ? 0 : 1;
}

function* offers(cluster: string, { tables }: PlacementStore, permissions: readonly Permission[]): Iterable<Found> {
  const slug = encodeURIComponent(cluster);
  const pages = [...(cluster ? [...clusterPages, ...innerPages] : []), ...consolePages].filter(({ needs }) => !needs || permissions.includes(needs));
  for (const { label, href } of pages) yield { id: `page/${label}`, group: "Page", label, detail: "", mono: false, does: "go", href: href(slug) };
  yield { id: "action/theme", group: "Action", label: "Turn dark and light over", detail: "", mono: false, does: "theme", href: "" };
  if (!cluster) return;
  const base = `/clusters/${slug}/placement`;
  const filter = (label: string, text: string): Found => ({ id: `action/${label}`, group: "Action", label, detail: text, mono: false, does: "go", href: `${base}?${filterParam}=${encodeURIComponent(text)}` });
  yield filter("Show pending pods", "status:pending");
  yield filter("Show failed pods", "status:failed");
  yield filter("Show pods off their tier", "drift:true");
  if (permissions.includes("node.drain")) {
    for (const { name } of tables.nodes.values()) yield { id: `drain/${name}`, group: "Action", label: `Drain ${name}`, detail: "with preview", mono: false, does: "go", href: `${base}?node=${encodeURIComponent(name)}` };
  }
  for (const { name, tier } of tables.nodes.values()) yield { id: `node/${name}`, group: "Node", label: name, detail: tier === null ? "no tier" : `tier ${tier}`, mono: true, does: "go", href: `${base}?node=${encodeURIComponent(name)}` };
  for (const { key, kind, namespace, name } of tables.workloads.values()) yield { id: `workload/${key}`, group: "Workload", label: `${namespace}/${name}`, detail: kind, mono: true, does: "go", href: `${base}/table?view=workloads&${filterParam}=${encodeURIComponent(`workload:${name}`)}` };
  for (const { key, state, reason } of tables.pods.values()) yield { id: `pod/${key}`, group: "Pod", label: key, detail: reason || state, mono: true, does: "go", href: `${base}?pod=${encodeURIComponent(key)}` };
}
