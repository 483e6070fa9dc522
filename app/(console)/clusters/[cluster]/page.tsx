// Overview of one cluster: what needs attention, the four tiers, what moves.
import { Overview } from "@/components/overview/overview";

export const metadata = { title: "Overview" };

export default async function OverviewPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <Overview cluster={decodeURIComponent(cluster)} />;
}
