// One blueprint and what stands of it.
import { ProvisionedPage } from "@/components/provisioning/cluster/cluster-page";

export async function generateMetadata({ params }: { params: Promise<{ blueprint: string }> }) {
  return { title: decodeURIComponent((await params).blueprint) };
}

export default async function Page({ params }: { params: Promise<{ blueprint: string }> }) {
  const name = decodeURIComponent((await params).blueprint);
  return <ProvisionedPage key={name} name={name} />;
}
