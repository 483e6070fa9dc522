// The first data of a viewer of a cluster, compressed once for all who ask at the same number.
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
    const body = await (await liveView(cluster)).snapshot();
    return new Response(new Uint8Array(body), {
      headers: { "content-type": "application/json", "content-encoding": "gzip", "cache-control": "no-store", vary: "cookie" },
    });
  },
});
