// The job that builds a cluster: a step per resource of the plan's graph (per group of rules or policies), each when what it needs is there.
import type { JobKind, Outcome, StepDefinition } from "@/lib/jobs/step";
import { jobKind } from "@/lib/jobs/step";
import type { ProgressItem, StepProgress } from "@/lib/jobs/model";
import { expectedMs } from "../durations";
import { resourceGraph } from "../graph/build";
import { inClusterKinds, type Resource, type ResourceKind } from "../graph/model";
import { buildInput, type Blueprint, type BuildInput, type ChangeInput, type PlanAct } from "../model";
import { bootSteps } from "./boot";
import { ensure, isThere } from "./ensure";
import { waitForMachine } from "./machine";
import { insideSteps, type Inside, type InsideTools } from "./inside";
import { joinStep, joinStepName } from "./join";
import { forgetName, leavingSteps } from "./leave";
import { obsoleteStep } from "./obsolete";
import { answered, type Ctx, type ProvisionTools } from "./tools";

/** Kinds of which many belong to one thing are one step: a group's rules, a role's policies. */
const grouped: Partial<Record<ResourceKind, (resource: Resource) => string>> = {
  "security-group-rule": ({ wanted }) => ("group" in wanted ? `security-group-rules/${wanted.group.ref.split("/")[1]}` : ""),
  "iam-role-policy": ({ wanted }) => ("role" in wanted && typeof wanted.role !== "string" ? `iam-role-policies/${wanted.role.ref.split("/")[1]}` : ""),
};

export const stepOf = (resource: Resource): string => grouped[resource.kind]?.(resource) ?? resource.id;

interface Group { name: string; resources: Resource[] }

export function groupsOf(resources: readonly Resource[]): Group[] {
  const groups = new Map<string, Group>();
  for (const resource of resources) {
    const name = stepOf(resource);
    const group = groups.get(name) ?? { name, resources: [] };
    group.resources.push(resource);
    groups.set(name, group);
  }
  return [...groups.values()];
}

const words: Partial<Record<ResourceKind, (name: string) => string>> = {
  "vpc": () => "Make the network", "internet-gateway": () => "Make the internet gateway", "subnet": (name) => `Make the subnet ${name}`, "route-table": () => "Make the route table", "route": () => "Make the route to the internet",
  "route-table-association": (name) => `Give ${name} its routes`, "security-group": (name) => `Make the security group ${name}`, "iam-role": (name) => `Make the role ${name}`, "instance-profile": (name) => `Make the instance profile ${name}`,
  "ssm-parameter": (name) => `Make the parameter ${name}`, "key-pair": (name) => `Import the key pair ${name}`, "instance": (name) => `Start ${name}`, "elastic-ip": (name) => `Allocate the address ${name}`, "elastic-ip-association": (name) => `Give the control plane the address ${name}`,
};

function titleOf({ name, resources: [first] }: Group): string {
  if (first?.kind === "security-group-rule") return `Set the rules of ${name.split("/")[1]}`;
  if (first?.kind === "iam-role-policy") return `Set what ${name.split("/")[1]} may do`;
  return first ? (words[first.kind]?.(first.name) ?? first.id) : name;
}

const lanes: Partial<Record<ResourceKind, string>> = {
  "security-group": "security", "security-group-rule": "security", "iam-role": "identity", "iam-role-policy": "identity", "instance-profile": "identity", "ssm-parameter": "identity", "key-pair": "identity", "instance": "machines", "elastic-ip": "machines", "elastic-ip-association": "machines",
};

/** What is made in seconds stands in one row of its lane, in the chart of the job; a machine has its own. */
const chains: Readonly<Record<string, string>> = { network: "vpc", security: "groups", identity: "roles", machines: "address" };

export type Work = Pick<BuildInput, "cluster" | "blueprint" | "pins" | "acts"> & { consent?: ChangeInput["consent"] };

/** `inside`: whether the cluster that the machines become is acted in too; `softMs`: how long an add-on is waited for. */
export function buildSteps(input: Work, { boots, inside, softMs }: { boots: boolean; inside: boolean; softMs?: number }): StepDefinition<InsideTools>[] {
  const { resources } = resourceGraph(input.blueprint, input.pins);
  const made = resources.filter(({ kind }) => !inClusterKinds.has(kind));
  const acts = new Map(input.acts.map(({ id, act }) => [id, act]));
  const steps = groupsOf(made).map((group) => stepFor(group, acts, new Map(made.map((resource) => [resource.id, stepOf(resource)]))));
  const joining = inside && acts.get("control-plane/main") === "keep" ? joiningOf(resources, acts) : [];
  const join = joining.length === 0 ? [] : [joinStep(["ssm-parameter/join"])];
  const within = inside ? insideSteps(input, { stepOf, ...(softMs === undefined ? {} : { softMs }) }) : [];
  const leaving = inside ? input.acts.filter(({ id, act }) => act === "delete" && id.startsWith("node/")).map(({ id }) => id.slice("node/".length)) : [];
  // A node leaves when those that come in its place are Ready, and its machine ends when it has left.
  const nodes = within.filter(({ name }) => name.startsWith("node/")).map(({ name }) => name);
  const departures = leaving.flatMap((node, at) => leavingSteps({ node, cluster: input.cluster, consent: input.consent ?? { emptyDir: false, bare: false }, needs: at === 0 ? nodes : [forgetName(leaving[at - 1] ?? "")] }));
  const obsolete = input.acts.filter(({ act }) => act === "delete").map(({ id }) => id);
  return [
    ...join, ...steps.map((step) => (joining.includes(step.name) ? { ...step, needs: [...(step.needs ?? []), joinStepName] } : step)),
    ...(boots ? bootSteps(resources) : []), ...within, ...departures,
    ...(obsolete.length === 0 ? [] : [obsoleteStep(obsolete, [...steps.map(({ name }) => name), ...leaving.map(forgetName)])]),
  ];
}

/** Machines that are made while the cluster lives, and join it. */
const joiningOf = (resources: readonly Resource[], acts: ReadonlyMap<string, PlanAct>): string[] => resources.filter(({ kind, id }) => kind === "instance" && ["create", "replace"].includes(acts.get(id) ?? "")).map(({ id }) => id);

function stepFor(group: Group, acts: ReadonlyMap<string, PlanAct>, stepOfId: ReadonlyMap<string, string>): StepDefinition<ProvisionTools> {
  const { name, resources } = group;
  const needs = new Set(resources.flatMap((resource) => resource.needs.flatMap((need) => stepOfId.get(need) ?? [])));
  needs.delete(name);
  const [first] = resources;
  const kind = first?.kind ?? "vpc";
  const tier = first?.machine?.tier;
  const lane = lanes[kind] ?? "network";
  const each = (ctx: Ctx) => resources.map((resource) => ({ ctx, step: name, resource, act: acts.get(resource.id) ?? "create" }));
  return {
    name, title: titleOf(group), needs: [...needs], lane, alike: kind, expectMs: expectedMs(kind) * resources.length,
    ...(tier === undefined ? {} : { tier }), chain: first?.machine?.name ?? chains[lane] ?? "",
    check: answered(async (ctx): Promise<Outcome | null> => {
      for (const one of each(ctx)) if (!(await isThere(one))) return null;
      return first?.kind === "instance" ? null : { is: "done", say: "It is as it should be." };
    }),
    run: answered(async (ctx): Promise<Outcome> => {
      for (const [at, one] of each(ctx).entries()) {
        const outcome = await ensure(one);
        if (outcome.is !== "done") return outcome;
        if (resources.length > 1) await ctx.save(progressOf(resources, at + 1));
      }
      return first?.kind === "instance" ? waitForMachine(ctx, first.id) : { is: "done", say: resources.length === 1 ? "" : `All ${resources.length} are as they should be.` };
    }),
  };
}

function progressOf(resources: readonly Resource[], done: number): StepProgress {
  return { done, total: resources.length, items: resources.map(({ name }, at): ProgressItem => ({ name, state: at < done ? "done" : "todo", say: "" })) };
}

/** What stands there now and what it costs, in a sentence. */
export type Statement = (input: { cluster: string; blueprint: Blueprint }) => Promise<string>;

export interface BuildKind {
  /** Whether machines boot into a cluster; without it the job ends when they run. */
  boots: boolean;
  tools(input: BuildInput): ProvisionTools;
  /** The way into the cluster that they become; left out, the job ends when the console is connected. */
  inside?(input: BuildInput): Inside;
  statement: Statement;
  /** After so long an add-on that is not Ready leaves its step degraded; ten minutes when left out. */
  softMs?: number;
}

export const provisionKey = (cluster: string): string => `cluster/${cluster}`;

/** A cluster that is not connected. */
export const nothingInside: Inside = { client: () => null, handle: () => null, fetch: () => Promise.resolve(""), mirror: "", digests: { settle: () => Promise.reject(new Error("There is no cluster.")), all: () => Promise.resolve([]) } };

export function buildKindOver({ boots, tools, inside, statement, softMs }: BuildKind): JobKind {
  return jobKind<BuildInput, InsideTools>({
    kind: "cluster.build",
    input: buildInput,
    title: ({ cluster }) => `Build ${cluster}`,
    key: ({ cluster }) => provisionKey(cluster),
    cluster: ({ cluster }) => cluster,
    tools: (input) => ({ ...tools(input), inside: inside?.(input) ?? nothingInside }),
    steps: (input) => buildSteps(input, { boots, inside: boots && inside !== undefined, ...(softMs === undefined ? {} : { softMs }) }),
    afterFailure: "ask",
    stopped: async (input) => `Stopped. ${await statement(input)}`,
    succeeded: async (input) => `${boots ? `${input.cluster} ${inside ? "is up" : "has booted"} and is connected` : `The machines of ${input.cluster} run`}. ${await statement(input)}`,
  });
}
