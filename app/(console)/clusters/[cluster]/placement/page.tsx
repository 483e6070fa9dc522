// Where everything runs: the map of a cluster.
import type { Metadata } from "next";
import { MapPage } from "@/components/placement/map/map-page";

export const metadata: Metadata = { title: "Placement map" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <MapPage cluster={decodeURIComponent(cluster)} />;
}
