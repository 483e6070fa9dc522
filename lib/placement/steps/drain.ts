// The job that empties a node: look, cordon, evict; by eviction and never by delete.
import { findConnection } from "@/lib/clusters/connections";
import { jobKind, type JobKind } from "@/lib/jobs/step";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { cordonStep, lookStep } from "./cordon";
import { drainInput, type DrainInput, type DrainTools } from "./drain-tools";
import { count, evictStep } from "./evict";

/** One node of a cluster at a time: what the preview promises counts on the room that a second drain would take as well. */
export const drainKey = ({ cluster }: Pick<DrainInput, "cluster">): string => `node.drain/${cluster}`;

/** `open` gives the cluster of a slug, null while there is no connection. */
export function drainKindOver(open: (slug: string) => ClusterHandle | null): JobKind {
  return jobKind<DrainInput, DrainTools>({
    kind: "node.drain",
    input: drainInput,
    title: ({ node, cluster }) => `Drain ${node} of ${cluster}`,
    key: (input) => drainKey(input),
    cluster: ({ cluster }) => cluster,
    tools: ({ cluster }) => ({ cluster: () => open(cluster), now: () => Date.now() }),
    afterFailure: "end",
    steps: (input) => [lookStep(input), cordonStep(input), evictStep(input)],
    stopped({ node }, progress) {
      if (!progress.has("cordon")) return "Stopped before anything was changed.";
      const evict = progress.get("evict");
      const moved = evict ? `${evict.done} of ${count(evict.total)} had left` : "no pod had been moved";
      return `Stopped: ${moved}. ${node} stays cordoned; uncordon it to let pods onto it again.`;
    },
    succeeded: ({ node }, progress) => `${node} is empty: ${count(progress.get("evict")?.total ?? 0)} moved. It stays cordoned.`,
  });
}

/** Right after a start the clusters are not opened yet; the drain waits for them, up to its deadline. */
export const drainKind = drainKindOver((slug) => findConnection(slug)?.handle ?? null);
