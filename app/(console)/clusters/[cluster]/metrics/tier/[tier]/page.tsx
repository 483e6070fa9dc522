// A tier's dashboard.
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DashboardPage } from "@/components/metrics/dashboard/dashboard-page";
import { tiers } from "@/lib/placement/model";

export const metadata: Metadata = { title: "Metrics" };

export default async function Page({ params }: { params: Promise<{ cluster: string; tier: string }> }) {
  const { cluster, tier: text } = await params;
  const tier = tiers.find((one) => String(one) === text);
  if (!tier) notFound();
  return <DashboardPage cluster={decodeURIComponent(cluster)} tier={tier} />;
}
