// The way of requests into a cluster, as it is now.
import "server-only";
import { feed } from "@/lib/access/verb";
import { clusterInput } from "@/lib/placement/service/snapshot";
import { routesView } from "./live";

const firstWaitMs = 2_500;

/** The first to ask waits a moment for the world beside the cluster; nobody waits for it after. */
export const readRoutes = feed({
  name: "routes.read",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }) => {
    const view = await routesView(cluster);
    if (!view.world().amazon.known) await Promise.race([view.refresh(), new Promise((resolve) => setTimeout(resolve, firstWaitMs))]);
    return view.now();
  },
});
