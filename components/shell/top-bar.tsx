"use client";
// The bar: where we are, the way to everything else (⌘K), how fresh the picture is, theme, who is signed in.
import { UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { Bell } from "../notices/bell";
import { FreshnessChip } from "../placement/freshness";
import { KeyHint } from "../ui/key-hint";
import { Breadcrumbs } from "./breadcrumbs";
import { ThemeToggle } from "./theme-toggle";
import css from "./top-bar.module.css";
import { UserMenu } from "./user-menu";

export function TopBar({ cluster, onMenu }: { cluster: string; onMenu: () => void }) {
  return (
    <header className={css.bar}>
      <UnstyledButton className={css.menu} onClick={onMenu} aria-label="Open navigation">
        <IconMenu2 size={18} />
      </UnstyledButton>
      <Breadcrumbs />
      <UnstyledButton className={css.search} onClick={spotlight.open} aria-label="Search nodes, pods, actions">
        <IconSearch size={14} aria-hidden />
        <span className={css.searchText}>Search nodes, pods, actions</span>
        <span className={css.key}><KeyHint>⌘K</KeyHint></span>
      </UnstyledButton>
      {cluster && <FreshnessChip cluster={cluster} />}
      <Bell />
      <ThemeToggle />
      <UserMenu />
    </header>
  );
}
