// Placement's frame around its four parts.
import type { ReactNode } from "react";
import { PlacementFrame } from "@/components/placement/placement-frame";

export default async function PlacementLayout({ params, children }: { params: Promise<{ cluster: string }>; children: ReactNode }) {
  const { cluster } = await params;
  return <PlacementFrame cluster={decodeURIComponent(cluster)}>{children}</PlacementFrame>;
}
