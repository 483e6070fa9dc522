// What Prometheus scrapes.
import type { Metadata } from "next";
import { TargetsPage } from "@/components/metrics/watch/targets-page";

export const metadata: Metadata = { title: "Targets" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <TargetsPage cluster={decodeURIComponent(cluster)} />;
}
