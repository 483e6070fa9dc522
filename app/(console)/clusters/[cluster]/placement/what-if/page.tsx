// What would happen if a node, a tier or replicas came or went.
import type { Metadata } from "next";
import { WhatIfPage } from "@/components/placement/what-if/what-if-page";

export const metadata: Metadata = { title: "What if" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <WhatIfPage cluster={decodeURIComponent(cluster)} />;
}
