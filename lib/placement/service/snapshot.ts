// The first data of a viewer of a cluster, encoded once for all who ask at the same number; the server compresses it on its way.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { liveView } from "./live";

export const clusterInput = z.object({ cluster: z.string().min(1).max(63) });

export const placementSnapshot = feed({
  name: "placement.snapshot",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }) => {
    const { snapshot } = await liveView(cluster);
    return new Response(snapshot(), { headers: { "content-type": "application/json", "cache-control": "private, no-store" } });
  },
});
