// The clusters that the console is connected to.
import { ClustersPage } from "@/components/clusters/clusters-page";

export const metadata = { title: "Clusters" };

export default function Page() {
  return <ClustersPage />;
}
