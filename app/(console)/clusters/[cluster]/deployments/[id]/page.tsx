// One deployment.
import type { Metadata } from "next";
import { RecordPage } from "@/components/deployments/record-page";

export const metadata: Metadata = { title: "Deployment" };

export default async function Page({ params }: { params: Promise<{ cluster: string; id: string }> }) {
  const { cluster, id } = await params;
  return <RecordPage key={id} cluster={decodeURIComponent(cluster)} id={decodeURIComponent(id)} />;
}
