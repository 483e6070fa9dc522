// The first two steps of a drain: is it allowed as asked, and no new pods onto the node.
import { missingConsent, sortOut } from "../leaving";
import type { StepDefinition } from "@/lib/jobs/step";
import { believable, isWaiting, readCordon, type DrainInput, type DrainTools } from "./drain-tools";

/** Refuses before anything is changed. */
export function lookStep(input: DrainInput): StepDefinition<DrainTools> {
  return {
    name: "look",
    title: `Look at the pods of ${input.node}`,
    check: () => Promise.resolve(null),
    run(ctx) {
      const handle = believable(ctx.tools, input);
      if (isWaiting(handle)) return Promise.resolve(handle);
      if (!handle.store("Node").get(input.node)) {
        return Promise.resolve({ is: "failed", code: "not-found", userError: true, say: `${input.cluster} has no node ${input.node}; nothing was changed.` });
      }
      const leaving = sortOut(handle.store("Pod").by("node", input.node), input.consent);
      const missing = missingConsent(leaving);
      if (missing) return Promise.resolve({ is: "failed", code: "consent", userError: true, say: `Nothing was changed. ${missing}` });
      for (const { pod, why } of leaving.stays) ctx.log(`${pod.namespace}/${pod.name} stays: ${why}`);
      return Promise.resolve({ is: "done", say: `${leaving.goes.length} to move, ${leaving.stays.length} stay.` });
    },
  };
}

export function cordonStep(input: DrainInput): StepDefinition<DrainTools> {
  const saved = { done: 1, total: 1, items: [] };
  return {
    name: "cordon",
    title: `Cordon ${input.node}`,
    async check(ctx) {
      const cluster = ctx.tools.cluster();
      if (!cluster) return { is: "waiting", afterMs: 2000, say: `Waiting until the console is connected to ${input.cluster}.` };
      if (!readCordon(await cluster.client.read("Node", { namespace: "", name: input.node }))) return null;
      await ctx.save(saved);
      return { is: "skipped", say: `${input.node} is cordoned already.` };
    },
    async run(ctx) {
      ctx.assertOwner();
      await ctx.tools.cluster()?.client.cordon({ node: input.node, unschedulable: true });
      await ctx.save(saved);
      return { is: "done", say: `${input.node} takes no new pods.` };
    },
  };
}
