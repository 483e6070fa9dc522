"use client";
// The map where a card per node can be read; beyond that, word of it and the way to the table, which holds every pod.
import { Button } from "@mantine/core";
import Link from "next/link";
import { type PlacementStore, useDerived } from "@/components/placement/queries";
import { StatePicture } from "@/components/ui/state-picture";
import { MapView } from "./map-view";

/** A card per node, a cell per pod, each an element of the page: more would make the browser stand still. */
const mostNodes = 300;
const nodesOf = (store: PlacementStore) => store.tables.nodes.size;

export function MapOrTable({ cluster, ...map }: { cluster: string } & Parameters<typeof MapView>[0]) {
  const nodes = useDerived(map.store, nodesOf);
  if (nodes <= mostNodes) return <MapView {...map} />;
  return (
    <StatePicture
      kind="empty"
      title={`${nodes.toLocaleString("en")} nodes are more than this map draws`}
      say={`A card per node is drawn for up to ${mostNodes} nodes. The table holds all of them, with the same filter.`}
      action={<Button component={Link} size="xs" variant="default" href={`/clusters/${encodeURIComponent(cluster)}/placement/table?view=nodes`}>Open the table</Button>}
    />
  );
}
