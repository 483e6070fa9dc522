// The job that carries out one change of a living cluster: the steps of a build that the change touches, and no other.
import { jobKind, type JobKind, type Outcome, type StepDefinition } from "@/lib/jobs/step";
import { canonical } from "../canonical";
import { resourceGraph } from "../graph/build";
import type { Resource } from "../graph/model";
import { changeInput, type Blueprint, type ChangeInput } from "../model";
import { bootName } from "./boot";
import { buildSteps, provisionKey, stepOf, type Statement } from "./build";
import type { Inside, InsideTools } from "./inside";
import { answered, type ProvisionTools } from "./tools";

export interface Books {
  stored(cluster: string): Promise<{ blueprint: Blueprint; revision: number } | null>;
  /** Throws an AppError when somebody else has changed it since revision `over`. */
  store(blueprint: Blueprint, at: { by: string; over: number }): Promise<unknown>;
}
export type ChangeTools = InsideTools & { books: Books };

const recordName = "blueprint";

/** First of all: whatever happens to the job, the plan then tells what is missing. */
function recordStep({ cluster, blueprint, by, over }: ChangeInput): StepDefinition<ChangeTools> {
  return {
    name: recordName, title: "Write the change into the blueprint", needs: [], lane: "", expectMs: 500,
    check: async ({ tools }): Promise<Outcome | null> => (canonical((await tools.books.stored(cluster))?.blueprint ?? null) === canonical(blueprint) ? { is: "done", say: "The blueprint says so." } : null),
    run: (ctx) => answered(async (): Promise<Outcome> => {
      const known = await ctx.tools.books.stored(cluster);
      if (known?.revision !== over) return { is: "failed", code: "revision", userError: true, say: `Somebody changed the blueprint of ${cluster} after this change was agreed to: it is revision ${known?.revision ?? 0} and was ${over}. Nothing was done; look at the change again.` };
      ctx.assertOwner();
      await ctx.tools.books.store(blueprint, { by, over });
      return { is: "done", say: `Revision ${over + 1}.` };
    })(ctx),
  };
}

export function changeSteps(input: ChangeInput): StepDefinition<ChangeTools>[] {
  const touched = new Set(input.acts.filter(({ act }) => act !== "keep" && act !== "delete").map(({ id }) => id));
  const { resources } = resourceGraph(input.blueprint, input.pins);
  const stepsOf = (some: readonly Resource[]) => new Set(some.flatMap((resource) => [stepOf(resource), ...(resource.kind === "instance" ? [bootName(resource.name)] : [])]));
  const [all, mine] = [stepsOf(resources), stepsOf(resources.filter(({ id }) => touched.has(id)))];
  // What the change leaves as it is has no step: neither a look nor a repair.
  const steps = buildSteps(input, { boots: true, inside: true }).filter(({ name }) => mine.has(name) || !all.has(name));
  const names = new Set(steps.map(({ name }) => name));
  return [recordStep(input), ...steps.map((step) => ({ ...step, needs: [recordName, ...(step.needs ?? []).filter((need) => names.has(need))] }))];
}

export interface ChangeKind {
  tools(input: ChangeInput): ProvisionTools;
  inside(input: ChangeInput): Inside;
  books: Books;
  statement: Statement;
}

export function changeKindOver({ tools, inside, books, statement }: ChangeKind): JobKind {
  return jobKind<ChangeInput, ChangeTools>({
    kind: "cluster.change",
    input: changeInput,
    title: ({ title, cluster }) => `${title} ${cluster}`,
    key: ({ cluster }) => provisionKey(cluster),
    cluster: ({ cluster }) => cluster,
    tools: (input) => ({ ...tools(input), inside: inside(input), books }),
    steps: changeSteps,
    afterFailure: "ask",
    stopped: async (input) => `Stopped. What is missing shows as drift, and a build of the blueprint makes up for it. ${await statement(input)}`,
    succeeded: async (input) => `It is as the blueprint says. ${await statement(input)}`,
  });
}
