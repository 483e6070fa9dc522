// Where an address lies: its parts as words with their own addresses.

const words: Record<string, string> = { placement: "Placement", table: "Table", drift: "Drift", "what-if": "What-if", policy: "Tier policy", jobs: "Jobs", audit: "Audit", access: "Access", clusters: "Clusters", provisioning: "Provisioning", new: "New cluster", edit: "Change", review: "Review", metrics: "Metrics", explorer: "Explorer", alerts: "Alerts", targets: "Targets", tier: "Tier", canary: "Canary", history: "History", planner: "Planner", deployments: "Deployments", builds: "Builds", dora: "DORA", routes: "Routes", health: "Health", catalogue: "Catalogue", status: "Status" };

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
  const innermost = innermostOf(parts);
  return innermost === null ? crumbs : [...crumbs, { label: innermost, href: part ? `/${parts.map(encodeURIComponent).join("/")}` : `${base}/${page}/#` }];
}

/** What is told of a domain's page below it: its last part, but for those that are a place only with the part before. Null: the domain alone. */
function innermostOf([, , page, part, next, ...deeper]: readonly string[]): string | null {
  if (!part) return page === "placement" ? "Map" : null;
  if (page === "metrics" && part === "tier") return `Tier ${next ?? ""}`;
  if (page === "canary" && next) return `${part}/${next}`;
  const last = deeper.at(-1) ?? next ?? part;
  return words[last] ?? last;
}
