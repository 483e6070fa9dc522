// Canaries in flight, and how the last ones ended.
import type { Metadata } from "next";
import { CanariesPage } from "@/components/canary/canaries-page";

export const metadata: Metadata = { title: "Canary" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <CanariesPage cluster={decodeURIComponent(cluster)} />;
}
