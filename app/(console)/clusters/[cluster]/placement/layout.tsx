// Placement's frame around its four parts.
import type { ReactNode } from "react";
import { PlacementDrawer } from "@/components/placement/drawer/drawer";
import { PlacementFrame } from "@/components/placement/placement-frame";

export default async function PlacementLayout({ params, children }: { params: Promise<{ cluster: string }>; children: ReactNode }) {
  const { cluster } = await params;
  const slug = decodeURIComponent(cluster);
  return <PlacementFrame cluster={slug} drawer={<PlacementDrawer cluster={slug} />}>{children}</PlacementFrame>;
}
