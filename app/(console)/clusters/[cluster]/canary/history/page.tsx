// Every canary that was judged.
import type { Metadata } from "next";
import { HistoryPage } from "@/components/canary/history-page";

export const metadata: Metadata = { title: "Canary history" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <HistoryPage cluster={decodeURIComponent(cluster)} />;
}
