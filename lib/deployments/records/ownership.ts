// Who keeps a workload as it is: an Application of Argo CD that would put it back, and the ways that are open to change it.
import "server-only";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/cluster";
import { claimsOf } from "../rules/actor";
import { application } from "../rules/application";

export interface Ownership {
  application: string | null;
  /** It would put back what is changed here. */
  healsItself: boolean;
  /** The entry of Argo CD's history that was in force at the wanted time; null: none, or a rollback by Argo CD is refused while it syncs by itself. */
  entry: { id: number; revision: string } | null;
  say: string;
}

const applicationRef = (name: string) => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd", name });

/** The Application that keeps a workload, by the workload's own word. */
export const applicationNamed = (raw: unknown): string | null => claimsOf({ workload: raw, template: null, templateBefore: null, before: null, isNewest: true }).application;

/** As Argo CD has it; null where it cannot be read. */
export const readApplication = (client: Pick<KubernetesClient, "find">, name: string): Promise<unknown> => client.find(applicationRef(name)).catch(() => null);

export async function ownershipOf(client: Pick<KubernetesClient, "find">, raw: unknown, wantedAt: number | null): Promise<Ownership> {
  const name = applicationNamed(raw);
  if (!name) return { application: null, healsItself: false, entry: null, say: "" };
  const parsed = application.safeParse(await readApplication(client, name));
  if (!parsed.success) return { application: name, healsItself: true, entry: null, say: `Argo CD's Application ${name} keeps it as Git says; change Git too, or it comes back.` };
  const automated = parsed.data.spec.syncPolicy?.automated;
  const syncs = automated != null && automated.enabled;
  const history = (parsed.data.status?.history ?? []).toSorted((a, b) => Date.parse(a.deployedAt) - Date.parse(b.deployedAt));
  const entry = wantedAt === null || syncs ? undefined : history.findLast(({ deployedAt }) => Date.parse(deployedAt) <= wantedAt);
  const say = syncs
    ? `Argo CD's Application ${name} syncs by itself${automated.selfHeal ? " and heals" : ""}: what is changed here comes back with the next sync. Revert in Git too, now.`
    : `Argo CD's Application ${name} keeps it as Git says and will show it as out of sync until Git follows.`;
  return { application: name, healsItself: syncs, entry: entry ? { id: entry.id, revision: entry.revision } : null, say };
}

/** Argo CD's own rollback: a sync of an earlier revision, which it carries out itself. */
export async function rollBackApplication(client: Pick<KubernetesClient, "patch">, name: string, { revision, by }: { revision: string; by: string }): Promise<"asked" | "moved"> {
  const operation = { initiatedBy: { username: by }, info: [{ name: "Reason", value: "rolled back from Quarterdeck" }], sync: { revision, prune: false, syncStrategy: { apply: {} } } };
  const outcome = await client.patch({ ref: applicationRef(name), operations: [{ op: "add", path: "/operation", value: operation }] });
  return outcome.outcome === "patched" ? "asked" : "moved";
}
