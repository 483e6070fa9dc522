"use client";
// Where we are, read from the address: cluster / page / part.
import Link from "next/link";
import { usePathname } from "next/navigation";
import css from "./breadcrumbs.module.css";

const words: Record<string, string> = { placement: "Placement", table: "Table", drift: "Drift", "what-if": "What-if", jobs: "Jobs", audit: "Audit", access: "Access", clusters: "Clusters" };

export function Breadcrumbs() {
  const crumbs = toCrumbs(usePathname());
  return (
    <nav aria-label="Where you are" className={css.crumbs}>
      <ol>
        {crumbs.map(({ label, href }, index) => (
          <li key={href} data-far={index < crumbs.length - 1 || undefined}>
            {index < crumbs.length - 1 ? <Link href={href}>{label}</Link> : <span aria-current="location">{label}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
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
  return crumbs;
}
