// What the parts of Health share.
import type { ReactNode } from "react";
import { HealthFrame } from "@/components/diagnostics/health-frame";

export default async function HealthLayout({ params, children }: { params: Promise<{ cluster: string }>; children: ReactNode }) {
  const { cluster } = await params;
  return <HealthFrame cluster={decodeURIComponent(cluster)}>{children}</HealthFrame>;
}
