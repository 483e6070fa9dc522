// Builds that met no deployment, and the senders of webhooks.
import type { Metadata } from "next";
import { BuildsPage } from "@/components/deployments/builds-page";

export const metadata: Metadata = { title: "Builds and webhooks" };

export default function Page() {
  return <BuildsPage />;
}
