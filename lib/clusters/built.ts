// Clusters that the console built itself: their kubeconfig is kept like an uploaded one, and forgotten when they are taken apart.
import "server-only";
import { encrypt } from "@/lib/access/secret";
import { chooseContext, parseKubeconfig } from "@/lib/adapters/kubernetes/kubeconfig";
import { database } from "@/lib/runtime";
import { connectStored } from "./loops";

/** Only what is allowed of a kubeconfig, with the chosen context as its current one. */
export function usable(kubeconfig: string, wanted: string | undefined): { text: string; server: string } {
  const parsed = parseKubeconfig(kubeconfig, { trusted: false });
  const context = chooseContext(parsed, wanted);
  const safe: unknown = JSON.parse(parsed.safe);
  return { text: JSON.stringify({ ...Object(safe), "current-context": context.name }), server: context.server };
}

/** The same again changes nothing but the kubeconfig. */
export async function connectBuilt(slug: string, kubeconfig: string): Promise<void> {
  const { text, server } = usable(kubeconfig, undefined);
  const kept = { source: "uploaded", server, kubeconfig: encrypt("kubeconfig", slug, text) } as const;
  await database().cluster.upsert({ where: { slug }, create: { slug, title: slug, ...kept }, update: kept });
  await connectStored();
}

export async function forgetBuilt(slug: string): Promise<void> {
  await database().cluster.deleteMany({ where: { slug, source: "uploaded" } });
  await connectStored();
}
