// News for the webhooks of a page, put down in the same transaction as what they tell, so that neither is without the other.
import "server-only";
import type { Transaction } from "@/lib/adapters/database/client";

export interface News { event: string; kind: "incident" | "maintenance"; title: string; status: string; impact: string; body: string; services: string[] }

export async function tellHooks(tx: Transaction, cluster: string, { event, ...news }: News): Promise<void> {
  const hooks = await tx.statusHook.findMany({ where: { cluster, removedAt: null }, select: { id: true } });
  const body = JSON.stringify({ version: 1, cluster, at: new Date().toISOString(), ...news });
  if (hooks.length > 0) await tx.newsDelivery.createMany({ data: hooks.map(({ id }) => ({ hookId: id, event, body })), skipDuplicates: true });
}
