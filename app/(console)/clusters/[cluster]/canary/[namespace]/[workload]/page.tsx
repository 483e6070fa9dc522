// One canary whole.
import type { Metadata } from "next";
import { CanaryPage } from "@/components/canary/one/canary-page";

interface Where { params: Promise<{ cluster: string; namespace: string; workload: string }> }

export async function generateMetadata({ params }: Where): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).workload)} · Canary` };
}

export default async function Page({ params }: Where) {
  const { cluster, namespace, workload } = await params;
  return <CanaryPage cluster={decodeURIComponent(cluster)} namespace={decodeURIComponent(namespace)} workload={decodeURIComponent(workload)} />;
}
