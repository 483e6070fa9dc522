// Where an address lies: its parts as words with their own addresses.

const words: Record<string, string> = { placement: "Placement", table: "Table", drift: "Drift", "what-if": "What-if", policy: "Tier policy", jobs: "Jobs", audit: "Audit", access: "Access", clusters: "Clusters", provisioning: "Provisioning", new: "New cluster", edit: "Change", review: "Review", metrics: "Metrics", explorer: "Explorer", alerts: "Alerts", targets: "Targets", tier: "Tier", canary: "Canary", history: "History", planner: "Planner", deployments: "Deployments", builds: "Builds", dora: "DORA", routes: "Routes", health: "Health", catalogue: "Catalogue", status: "Status" };

/** Domains of which one page more is told, whatever it lies under. */
const named: readonly string[] = ["canary", "deployments", "health"];

/** "/clusters/a/canary/shop/web/analysis" → shop/web; else the last part. */
function innermost(parts: readonly string[]): string {
  const last = parts[2] === "canary" && parts.length > 4 ? parts.slice(3, 5).join("/") : (parts.at(-1) ?? "");
  return words[last] ?? last;
}

interface Crumb { label: string; href: string }

/** "/clusters/a/placement" → a / Placement / Map; other pages → their words. */
export function toCrumbs(path: string): Crumb[] {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const [first, slug, page, part] = parts;
  if (first !== "clusters" || !slug) return parts.map((word, index) => ({ label: words[word] ?? word, href: `/${parts.slice(0, index + 1).map(encodeURIComponent).join("/")}` }));
  const base = `/clusters/${encodeURIComponent(slug)}`;
  const crumbs = [{ label: slug, href: base }];
  if (!page) return [...crumbs, { label: "Overview", href: `${base}#` }];
  crumbs.push({ label: words[page] ?? page, href: `${base}/${page}` });
  if (page === "placement") crumbs.push({ label: part ? (words[part] ?? part) : "Map", href: `${base}/${page}/${part ?? "#"}` });
  if (named.includes(page) && part) crumbs.push({ label: innermost(parts), href: `/${parts.map(encodeURIComponent).join("/")}` });
  if (page === "metrics" && part) crumbs.push({ label: part === "tier" ? `Tier ${parts[4] ?? ""}` : (words[part] ?? part), href: `${base}/${page}/${part}/${parts[4] ?? ""}` });
  return crumbs;
}
