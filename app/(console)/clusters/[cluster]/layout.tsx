// What all pages of one cluster share: its name in the title.
import type { Metadata } from "next";
import type { ReactNode } from "react";

export async function generateMetadata({ params }: { params: Promise<{ cluster: string }> }): Promise<Metadata> {
  const { cluster } = await params;
  const slug = decodeURIComponent(cluster);
  return { title: { default: slug, template: `%s · ${slug} · Quarterdeck` } };
}

export default function ClusterLayout({ children }: { children: ReactNode }) {
  return children;
}
