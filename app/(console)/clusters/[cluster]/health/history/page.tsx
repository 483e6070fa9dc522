// What was wrong with the cluster and is over.
import type { Metadata } from "next";
import { HistoryPage } from "@/components/diagnostics/history-page";

export const metadata: Metadata = { title: "Health: history" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <HistoryPage cluster={decodeURIComponent(cluster)} />;
}
