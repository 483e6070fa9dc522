// A node: everything about it, and whether it takes new pods.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { connectionFor } from "@/lib/clusters/connections";
import { maskSecrets } from "../mask";
import { clusterSlug, nodeName } from "../steps/drain-tools";
import { eventsAbout } from "./about";
import { instanceOf } from "./instance";

export const nodeInput = z.object({ cluster: clusterSlug, node: nodeName });
type NodeInput = z.infer<typeof nodeInput>;
const nodeTarget = ({ cluster, node }: NodeInput) => ({ cluster, kind: "node", name: node });

export const nodeDetails = feed({
  name: "node.get",
  permission: "cluster.read",
  input: nodeInput,
  run: async (_ctx, { cluster, node }) => {
    const handle = connectionFor(cluster);
    const [object, instance] = await Promise.all([handle.client.read("Node", { namespace: "", name: node }), instanceOf(handle.store("Node").get(node)?.providerId ?? "")]);
    return { object: maskSecrets(object), events: eventsAbout(handle, { kind: "Node", namespace: "", name: node }), instance };
  },
});

export const cordonNode = verb({
  name: "node.cordon",
  permission: "node.cordon",
  input: nodeInput,
  target: nodeTarget,
  run: (_ctx, input) => setUnschedulable(input, true),
});

export const uncordonNode = verb({
  name: "node.uncordon",
  permission: "node.cordon",
  input: nodeInput,
  target: nodeTarget,
  run: (_ctx, input) => setUnschedulable(input, false),
});

async function setUnschedulable({ cluster, node }: NodeInput, unschedulable: boolean): Promise<{ node: string; cordoned: boolean }> {
  await connectionFor(cluster).client.cordon({ node, unschedulable });
  return { node, cordoned: unschedulable };
}
