"use client";
// The rail: whose cluster this is, the pages, and a foot that says how big the cluster is.
import Link from "next/link";
import { usePathname } from "next/navigation";
import { PlacementCount, PlacementFoot } from "../placement/rail-facts";
import { Brand } from "./brand";
import { ClusterSwitcher } from "./cluster-switcher";
import { clusterPages, consolePages, type NavItem } from "./nav-items";
import { useMe } from "./queries";
import css from "./rail.module.css";

export function Rail({ cluster, onNavigate }: { cluster: string; onNavigate: () => void }) {
  const permissions = useMe().data?.permissions ?? [];
  const open = consolePages.filter(({ needs }) => !needs || permissions.includes(needs));
  return (
    <nav className={css.rail} aria-label="Main">
      <Link href="/" className={css.brand} onClick={onNavigate}>
        <Brand /> Quarterdeck
      </Link>
      <ClusterSwitcher cluster={cluster} />
      <div className={css.nav}>
        {cluster && (
          <ul>
            {clusterPages.map((item) => (
              <RailLink key={item.label} item={item} cluster={cluster} onNavigate={onNavigate} />
            ))}
          </ul>
        )}
        <hr className={css.rule} />
        <ul>
          {open.map((item) => (
            <RailLink key={item.label} item={item} cluster={cluster} onNavigate={onNavigate} />
          ))}
        </ul>
      </div>
      {cluster && <PlacementFoot cluster={cluster} />}
    </nav>
  );
}

function RailLink({ item, cluster, onNavigate }: { item: NavItem; cluster: string; onNavigate: () => void }) {
  const path = usePathname();
  const href = item.href(encodeURIComponent(cluster));
  const current = path === href || (!item.exact && path.startsWith(`${href}/`));
  const Icon = item.icon;
  return (
    <li>
      <Link href={href} className={css.link} aria-current={current ? "page" : undefined} onClick={onNavigate}>
        <Icon size={16} stroke={1.7} aria-hidden />
        <span className={css.label}>{item.label}</span>
        {item.label === "Placement" && <PlacementCount cluster={cluster} />}
      </Link>
    </li>
  );
}
