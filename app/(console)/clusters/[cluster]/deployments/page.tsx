// All deployments of a cluster: DORA, the timeline by tier, the rows.
import type { Metadata } from "next";
import { DeploymentsPage } from "@/components/deployments/deployments-page";

export const metadata: Metadata = { title: "Deployments" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <DeploymentsPage cluster={decodeURIComponent(cluster)} />;
}
