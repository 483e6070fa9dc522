// Nodes, pods, workloads and events as tables: everything that the map shows, in words and figures.
import { Suspense } from "react";
import { TablePage } from "@/components/placement/table/table-page";

export const metadata = { title: "Placement table" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return (
    <Suspense>
      <TablePage cluster={decodeURIComponent(cluster)} />
    </Suspense>
  );
}
