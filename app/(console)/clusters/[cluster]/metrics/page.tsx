// Metrics begin with the tier that answers requests.
import { redirect } from "next/navigation";

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  redirect(`/clusters/${cluster}/metrics/tier/2`);
}
