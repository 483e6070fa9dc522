"use client";
// Takes the table along: its rows as tab-separated text, or the address of this very view.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCopy, IconLink } from "@tabler/icons-react";
import type { PlacementStore } from "../store";
import type { Column } from "./columns";
import type { ShownTable } from "./row-order";
import css from "./table-page.module.css";

const rowsMax = 10_000;

export function CopyView({ store, table, columns, keys }: { store: PlacementStore; table: ShownTable; columns: readonly Column[]; keys: readonly string[] }) {
  const rows = Math.min(keys.length, rowsMax);
  return (
    <span className={css.copy}>
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconCopy size={13} aria-hidden />} onClick={() => void copy(asText({ store, table, columns, keys: keys.slice(0, rowsMax) }), `${rows} rows copied`)}>Copy rows</Button>
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconLink size={13} aria-hidden />} onClick={() => void copy(window.location.href, "Link to this view copied")}>Copy link</Button>
    </span>
  );
}

export function asText({ store, table, columns, keys }: { store: PlacementStore; table: ShownTable; columns: readonly Column[]; keys: readonly string[] }): string {
  const lines = keys.flatMap((key) => {
    const row = store.tables[table].get(key);
    return row ? [columns.map(({ text }) => text(row).replaceAll(/[\t\r\n]+/g, " ")).join("\t")] : [];
  });
  return [columns.map(({ head }) => head).join("\t"), ...lines].join("\n");
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: done, autoClose: 1500 });
  } catch {
    notifications.show({ color: "red", title: "Not copied", message: "The browser did not allow it; it does so only over HTTPS or on localhost." });
  }
}
