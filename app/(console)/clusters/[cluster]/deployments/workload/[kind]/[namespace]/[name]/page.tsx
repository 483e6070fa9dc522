// One workload with its revisions.
import type { Metadata } from "next";
import { WorkloadPage } from "@/components/deployments/workload-page";

export const metadata: Metadata = { title: "Workload" };

export default async function Page({ params }: { params: Promise<{ cluster: string; kind: string; namespace: string; name: string }> }) {
  const { cluster, kind, namespace, name } = await params;
  return <WorkloadPage key={`${kind}/${namespace}/${name}`} cluster={decodeURIComponent(cluster)} of={{ kind: decodeURIComponent(kind), namespace: decodeURIComponent(namespace), name: decodeURIComponent(name) }} />;
}
