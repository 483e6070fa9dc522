// What a canary's step can notice, before it is made.
import type { Metadata } from "next";
import { PlannerPage } from "@/components/canary/planner-page";

export const metadata: Metadata = { title: "Canary planner" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <PlannerPage cluster={decodeURIComponent(cluster)} />;
}
