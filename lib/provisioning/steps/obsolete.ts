// Removes what the blueprint no longer has, once everything that it has is there.
import type { Outcome, StepDefinition } from "@/lib/jobs/step";
import { resourceKinds, tagKeys, type Found } from "../graph/model";
import { isMade, makerOf, type MadeKind } from "./makers/all";
import { answered, handOf, outcomeOf, paced, patiently, reactionTo, times, type Ctx, type ProvisionTools } from "./tools";

const name = "obsolete";

/** What needs others goes before them: the kinds from the last to the first. */
const order = resourceKinds.filter(isMade).toReversed();

export function obsoleteStep(ids: readonly string[], needs: readonly string[]): StepDefinition<ProvisionTools> {
  const kinds = order.filter((kind) => ids.some((id) => id.startsWith(`${kind}/`)));
  return {
    name, title: "Remove what the blueprint no longer has", needs, lane: "network",
    check: () => Promise.resolve(null),
    run: answered(async (ctx): Promise<Outcome> => {
      for (const kind of kinds) {
        const left = await removeKind(ctx, kind, ids);
        if (left) return left;
      }
      return { is: "done", say: `${ids.length} removed.` };
    }),
  };
}

/** Its resource tag, or its own id where somebody put it there by hand. */
const meant = (found: Found, ids: readonly string[]): boolean => ids.includes(found.tags[tagKeys.resource] ?? "") || ids.includes(`${found.kind}/${found.awsId}`);

async function removeKind(ctx: Ctx, kind: MadeKind, ids: readonly string[]): Promise<Outcome | null> {
  const { aws, cluster, ledger, look } = ctx.tools;
  const found = (await look(kind)).filter((one) => meant(one, ids));
  for (const one of found) {
    try {
      await makerOf(kind).remove({ aws, send: (doing, request) => patiently(ctx, { verb: "remove", doing }, request) }, one);
      ctx.log(`${one.awsId} goes: the blueprint no longer has it.`);
    } catch (thrown) {
      const reaction = reactionTo(ctx, thrown, { verb: "remove", doing: `remove ${one.awsId}` });
      if (reaction.move !== "done") return outcomeOf(ctx, reaction);
    }
  }
  const left = (await look(kind)).filter((one) => meant(one, ids));
  await ledger.gone(handOf(ctx, name), cluster, found.filter(({ awsId }) => !left.some((still) => still.awsId === awsId)).map(({ awsId }) => awsId));
  return left.length === 0 ? null : { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `Waiting until ${left.map(({ awsId }) => awsId).join(", ")} ${left.length === 1 ? "is" : "are"} gone.` };
}
