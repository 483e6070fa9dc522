// All blueprints and what stands of them.
import { BlueprintsPage } from "@/components/provisioning/blueprints-page";

export const metadata = { title: "Provisioning" };

export default function Page() {
  return <BlueprintsPage />;
}
