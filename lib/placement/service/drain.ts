// Emptying a node: what it would do, and the job that does it.
import "server-only";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { connectionFor } from "@/lib/clusters/connections";
import { jobDatabase } from "@/lib/jobs/database";
import { findJob } from "@/lib/jobs/queries";
import { enqueue } from "@/lib/jobs/store";
import { previewDrain } from "../drain-preview";
import { missingConsent, sortOut } from "../leaving";
import { drainKind } from "../steps/drain";
import { drainInput } from "../steps/drain-tools";
import { nodeInput } from "./nodes";

export const drainPreview = feed({
  name: "node.drain-preview",
  permission: "cluster.read",
  input: nodeInput,
  run: async (_ctx, { cluster, node }) => {
    const preview = previewDrain(connectionFor(cluster), node);
    if (!preview) throw new AppError("not-found", `${cluster} has no node ${node} now.`);
    return preview;
  },
});

function alreadyDraining(node: string, { id, input }: { id: string; input: unknown }): string {
  const other = drainInput.safeParse(input).data?.node ?? "a node";
  if (other === node) return `${id} is draining ${node} already. Follow it, or cancel it first.`;
  return `${id} is draining ${other} of this cluster. Its pods need the room that those of ${node} would take, so one node is drained at a time. Wait for it, or cancel it first.`;
}

export const startDrain = verb({
  name: "node.drain",
  permission: "node.drain",
  input: drainInput,
  target: ({ cluster, node }) => ({ cluster, kind: "node", name: node }),
  run: async (ctx, input) => {
    const handle = connectionFor(input.cluster);
    if (!handle.store("Node").get(input.node)) throw new AppError("not-found", `${input.cluster} has no node ${input.node} now.`);
    const missing = missingConsent(sortOut(handle.store("Pod").by("node", input.node), input.consent));
    if (missing) throw new AppError("conflict", missing);
    const prepared = drainKind.prepare(input);
    const { started, id } = await enqueue(jobDatabase(), { kind: drainKind.kind, prepared, startedBy: ctx.actor.name, exclusive: true });
    if (!started) throw new AppError("conflict", alreadyDraining(input.node, await findJob(jobDatabase(), id)));
    return { job: id };
  },
});
