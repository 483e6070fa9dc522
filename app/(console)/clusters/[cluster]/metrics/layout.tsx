// What all parts of Metrics stand in.
import type { ReactNode } from "react";
import { MetricsFrame } from "@/components/metrics/metrics-frame";

export default async function MetricsLayout({ children, params }: { children: ReactNode; params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <MetricsFrame cluster={decodeURIComponent(cluster)}>{children}</MetricsFrame>;
}
