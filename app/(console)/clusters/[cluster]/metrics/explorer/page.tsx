// Free questions to Prometheus.
import type { Metadata } from "next";
import { ExplorerPage } from "@/components/metrics/explorer/explorer-page";

export const metadata: Metadata = { title: "Explorer" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <ExplorerPage cluster={decodeURIComponent(cluster)} />;
}
