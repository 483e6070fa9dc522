// What Prometheus alerts about, and by which rules.
import type { Metadata } from "next";
import { AlertsPage } from "@/components/metrics/watch/alerts-page";

export const metadata: Metadata = { title: "Alerts" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <AlertsPage cluster={decodeURIComponent(cluster)} />;
}
