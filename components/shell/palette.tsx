"use client";
// ⌘K: every page, node, pod, workload and action by its name.
import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useMantineColorScheme } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { usePlacement } from "../placement/queries";
import { findActions, type Found } from "./palette-search";
import css from "./palette.module.css";
import { useMe } from "./queries";

const shown = 40;

export function Palette({ cluster }: { cluster: string }) {
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const { store } = usePlacement(cluster);
  const permissions = useMe().data?.permissions ?? [];
  const { toggleColorScheme } = useMantineColorScheme();
  const router = useRouter();
  const found = open ? findActions({ query, cluster, store, permissions, limit: shown }) : [];
  const run = (action: Found) => (action.does === "theme" ? toggleColorScheme() : router.push(action.href));
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      shortcut={["mod + K"]}
      tagsToIgnore={[]}
      scrollable
      maxHeight={420}
      radius={6}
      overlayProps={{ backgroundOpacity: 0.5, blur: 0 }}
      attributes={{ content: { "aria-label": "Go to" } }}
      size={600}
    >
      <Spotlight.Search placeholder="Pages, nodes, pods, workloads, actions" leftSection={<IconSearch size={16} aria-hidden />} aria-label="Search" />
      <Spotlight.ActionsList>
        {found.map((action) => (
          <Spotlight.Action key={action.id} onClick={() => run(action)} aria-label={`${action.group}: ${action.label}`} className={css.action}>
            <span className={css.group}>{action.group}</span>
            <span className={css.label} data-mono={action.mono || undefined}>{action.label}</span>
            <span className={css.detail}>{action.detail}</span>
          </Spotlight.Action>
        ))}
        {found.length === 0 && <Spotlight.Empty>Nothing is called “{query}”.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
