// The console's side of the status page: incidents, maintenance, what is published.
import type { Metadata } from "next";
import { StatusOfficePage } from "@/components/status/office/office-page";

export const metadata: Metadata = { title: "Status page" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <StatusOfficePage cluster={decodeURIComponent(cluster)} />;
}
