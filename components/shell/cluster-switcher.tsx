"use client";
// Shows the cluster that is looked at with its version, and leads to the others.
import { Menu, UnstyledButton } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import Link from "next/link";
import css from "./cluster-switcher.module.css";
import { useClusters } from "./queries";

export function ClusterSwitcher({ cluster }: { cluster: string }) {
  const { data } = useClusters();
  const current = data?.clusters.find(({ slug }) => slug === cluster);
  return (
    <div className={css.box}>
      <Menu width={240} position="bottom-start" withinPortal>
        <Menu.Target>
          <UnstyledButton className={css.button} aria-label={`Cluster ${cluster || "none"}, switch`}>
            <span className={css.slug}>{cluster || "no cluster yet"}</span>
            <span className={css.version}>{current?.version ?? ""}</span>
            <IconSelector size={14} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Clusters</Menu.Label>
          {data?.clusters.map(({ slug, title, version, state }) => (
            <Menu.Item key={slug} component={Link} href={`/clusters/${encodeURIComponent(slug)}`} rightSection={<span className={css.version}>{version ?? state}</span>}>
              {title || slug}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item component={Link} href="/clusters">All clusters</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
