// DORA's measures of a cluster's services.
import type { Metadata } from "next";
import { DoraPage } from "@/components/deployments/dora-page";

export const metadata: Metadata = { title: "DORA" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <DoraPage cluster={decodeURIComponent(cluster)} />;
}
