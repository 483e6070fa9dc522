// What is wrong with the cluster now, worst first.
import type { Metadata } from "next";
import { HealthPage } from "@/components/diagnostics/health-page";

export const metadata: Metadata = { title: "Health" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <HealthPage cluster={decodeURIComponent(cluster)} />;
}
