// What all parts of Canary stand in.
import type { ReactNode } from "react";
import { CanaryFrame } from "@/components/canary/canary-frame";

export default async function CanaryLayout({ children, params }: { children: ReactNode; params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <CanaryFrame cluster={decodeURIComponent(cluster)}>{children}</CanaryFrame>;
}
