// The way of a request into the cluster: name, load balancer, rules, Service, NodePort, pods.
import type { Metadata } from "next";
import { RoutesPage } from "@/components/routes/routes-page";

export const metadata: Metadata = { title: "Routes" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <RoutesPage cluster={decodeURIComponent(cluster)} />;
}
