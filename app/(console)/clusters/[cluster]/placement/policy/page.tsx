// Which labels make a tier, and which workloads belong to which.
import type { Metadata } from "next";
import { PolicyPage } from "@/components/placement/policy/policy-page";

export const metadata: Metadata = { title: "Tier policy" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <PolicyPage cluster={decodeURIComponent(cluster)} />;
}
