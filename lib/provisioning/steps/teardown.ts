// The job that takes a cluster apart, by what is there and not by what was planned: half-made clusters go too. It ends with a statement of what is left.
import type { JobKind, Outcome, StepDefinition } from "@/lib/jobs/step";
import { jobKind } from "@/lib/jobs/step";
import { leftOvers, type LeftOver } from "../left-over";
import { teardownInput, type TeardownInput } from "../model";
import { nothingInside, provisionKey, type Statement } from "./build";
import type { Inside, InsideTools } from "./inside";
import { orderlySteps, wasSilent } from "./orderly";
import { removalStep } from "./remove";
import { dataVolumes, removals } from "./teardown-parts";
import { answered, handOf, paced, times, type Ctx, type ProvisionTools } from "./tools";

export function teardownSteps({ volumes }: Pick<TeardownInput, "volumes">, softMs?: number): StepDefinition<InsideTools>[] {
  const parts = removals(volumes === "keep");
  const first = orderlySteps(volumes === "keep", softMs);
  const after = first.map(({ name }) => name);
  // Controllers live on the machines: what they can still remove themselves they remove before those go.
  const steps = parts.map((part) => removalStep(part.name === "machines" ? { ...part, needs: after } : part));
  return [...first, ...steps, sweepStep(parts.map(({ name }) => name), volumes === "keep")];
}

/** AWS may list late what it made early: a look by tag over everything, after everything. */
function sweepStep(needs: readonly string[], keepVolumes: boolean): StepDefinition<ProvisionTools> {
  return {
    name: "sweep", title: "Look for anything that is left", needs, expectMs: 5_000,
    check: () => Promise.resolve(null),
    run: answered(async (ctx): Promise<Outcome> => {
      const kept = new Set(keepVolumes ? (await dataVolumes(ctx)).map(({ id }) => id) : []);
      const left = (await leftOvers({ aws: ctx.tools.aws, cluster: ctx.tools.cluster, signal: ctx.signal })).filter(({ id }) => !kept.has(id));
      if (left.length > 0) return stillThere(ctx, left);
      // Only a cluster that we connected ourselves is forgotten: another of the same name is somebody's.
      const connected = (await ctx.tools.ledger.living(ctx.tools.cluster)).some(({ kind }) => kind === "control-plane");
      if (connected) await ctx.tools.disconnect();
      await closeBook(ctx);
      return { is: "done", say: kept.size > 0 ? `Only the volumes that were to be kept are left: ${[...kept].join(", ")}.` : "Nothing of the cluster is left on AWS." };
    }),
  };
}

function stillThere(ctx: Ctx, left: readonly LeftOver[]): Outcome {
  const names = left.map(({ id, what }) => `${id} (${what})`).join(", ");
  if (ctx.attemptMs() < paced(ctx, times.unknownMs)) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `AWS still lists ${names}.` };
  return { is: "failed", code: "left-over", userError: false, say: `${names} came to light after the rest was gone. Retry the steps that remove it.` };
}

/** Suspects are over too: AWS does not list what they may have made, long after. */
async function closeBook(ctx: Ctx): Promise<void> {
  const { ledger, cluster } = ctx.tools;
  for (const entry of [...(await ledger.living(cluster)), ...(await ledger.suspects(cluster))]) {
    await ledger.move(handOf(ctx, "sweep"), entry.intent, { state: "DELETED", say: "Not there at the end of the teardown." });
  }
}

export interface TeardownKind {
  tools(input: TeardownInput): ProvisionTools;
  /** The way into the cluster; left out, there is none. */
  inside?(input: TeardownInput): Inside;
  statement: Statement;
  /** How long controllers in the cluster are waited for; ten minutes when left out. */
  softMs?: number;
}

export function teardownKindOver({ tools, inside, statement, softMs }: TeardownKind): JobKind {
  return jobKind<TeardownInput, InsideTools>({
    kind: "cluster.teardown",
    input: teardownInput,
    title: ({ cluster }) => `Tear down ${cluster}`,
    key: ({ cluster }) => provisionKey(cluster),
    cluster: ({ cluster }) => cluster,
    tools: (input) => ({ ...tools(input), inside: inside?.(input) ?? nothingInside }),
    steps: (input) => teardownSteps(input, softMs),
    afterFailure: "ask",
    stopped: async (input) => `Stopped. ${await statement(input)}`,
    succeeded: async (input, progress) => `${wasSilent(progress) ? "The cluster did not answer, so what its controllers had made was removed by tag alone. " : ""}${await statement(input)}`,
  });
}
