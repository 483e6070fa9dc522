// What is measured when a workload gets a new version.
import type { Metadata } from "next";
import { AnalysisPage } from "@/components/canary/analysis/analysis-page";

interface Where { params: Promise<{ cluster: string; namespace: string; workload: string }> }

export async function generateMetadata({ params }: Where): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).workload)} · Canary` };
}

export default async function Page({ params }: Where) {
  const { cluster, namespace, workload } = await params;
  return <AnalysisPage cluster={decodeURIComponent(cluster)} namespace={decodeURIComponent(namespace)} workload={decodeURIComponent(workload)} />;
}
