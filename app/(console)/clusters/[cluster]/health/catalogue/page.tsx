// The catalogue of failures, searched by what people see.
import type { Metadata } from "next";
import { CataloguePage } from "@/components/diagnostics/catalogue-page";

export const metadata: Metadata = { title: "Health: catalogue" };

export default async function Page({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params;
  return <CataloguePage cluster={decodeURIComponent(cluster)} />;
}
