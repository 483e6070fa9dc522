// Where the cluster is not as it was declared.
import type { Metadata } from "next";
import { DriftPage } from "@/components/placement/drift/drift-page";

export const metadata: Metadata = { title: "Drift" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <DriftPage cluster={decodeURIComponent(cluster)} />;
}
