// A node as the blueprint wants it: Ready, and with its pool's labels and taints, which are set on the living node where they differ.
import { z } from "zod";
import type { KubernetesClient, PatchOperation } from "@/lib/adapters/kubernetes/client";
import { canonical } from "../canonical";
import { nodeReadiness, type Readiness } from "../add-ons/readiness";
import type { WantedFields } from "../graph/model";
import { isOwnTaint } from "../plan/compare";

const liveNode = z.object({
  metadata: z.object({ resourceVersion: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  spec: z.object({ taints: z.array(z.record(z.string(), z.unknown())).optional() }).optional(),
});
const recorded = z.object({ labels: z.record(z.string(), z.string()) });

/** What is to be patched; none when the node is as it is wanted. `before`: the labels that we gave it last. */
export function settingsPatch(node: unknown, { labels, taints }: Pick<WantedFields["node"], "labels" | "taints">, before: Readonly<Record<string, string>>): PatchOperation[] {
  const { metadata, spec } = liveNode.parse(node);
  const has = metadata.labels ?? {};
  const pointer = (key: string): string => `/metadata/labels/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const given = Object.entries(labels).filter(([key, value]) => has[key] !== value).map(([key, value]): PatchOperation => ({ op: "add", path: pointer(key), value }));
  const taken = Object.keys(before).filter((key) => !(key in labels) && key in has).map((key): PatchOperation => ({ op: "remove", path: pointer(key) }));
  const now = spec?.taints ?? [];
  const wanted = taints.map(({ key, value, effect }) => ({ key, effect, ...(value === "" ? {} : { value }) }));
  const same = (list: readonly object[]): string => canonical(list.map(canonical).toSorted());
  const retaint = same(now.filter(isOwnTaint).map(({ key, value, effect }) => ({ key, effect, ...(value === undefined || value === "" ? {} : { value }) }))) !== same(wanted);
  const all: PatchOperation[] = [...given, ...taken, ...(retaint ? [{ op: "add" as const, path: "/spec/taints", value: [...now.filter((taint) => !isOwnTaint(taint)), ...wanted] }] : [])];
  // Taints are one list: whoever changed it since it was read keeps the change, and the patch is made anew.
  return all.length === 0 ? [] : [{ op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion }, ...all];
}

/** Ready when its kubelet says so and it has what its pool gives it. `log` hears what was set. */
export async function settleNode(client: KubernetesClient, wanted: WantedFields["node"], { before, guard, log }: { before: unknown; guard: () => void; log: (say: string) => void }): Promise<Readiness> {
  const ref = { apiVersion: "v1", kind: "Node", namespace: "", name: wanted.nodeName };
  const node = await client.find(ref);
  const readiness = nodeReadiness(node);
  if (!readiness.ready) return readiness;
  const operations = settingsPatch(node, wanted, recorded.safeParse(before).data?.labels ?? {});
  if (operations.length === 0) return readiness;
  guard();
  const { outcome } = await client.patch({ ref, operations });
  if (outcome === "moved") return { ready: false, say: "was changed by somebody else in this moment; it is looked at again" };
  log(`${wanted.nodeName}: ${operations.slice(1).map(({ op, path }) => `${op === "remove" ? "took" : "set"} ${path.replace("/metadata/labels/", "the label ").replace("/spec/taints", "the taints").replaceAll("~1", "/")}`).join(", ")}.`);
  return readiness;
}
