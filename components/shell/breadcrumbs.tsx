"use client";
// Where we are, read from the address: cluster / page / part.
import Link from "next/link";
import { usePathname } from "next/navigation";
import css from "./breadcrumbs.module.css";
import { toCrumbs } from "./crumbs";

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
