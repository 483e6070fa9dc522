// How the cluster that is looked at was built; one that was only connected has no blueprint, and the page says so.
import { ProvisionedPage } from "@/components/provisioning/cluster/cluster-page";

export const metadata = { title: "Provisioning" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const name = decodeURIComponent((await params).cluster);
  return <ProvisionedPage key={name} name={name} />;
}
