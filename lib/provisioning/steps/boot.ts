// From machines that run to a cluster that is connected: the boot as the serial console tells it, then the administrator's kubeconfig, which is read once and removed.
import { z } from "zod";
import type { Outcome, StepDefinition } from "@/lib/jobs/step";
import { bootOutcome, toBootMarkers, type BootMarker } from "../boot/markers";
import { kubeconfigParameter } from "../graph/identity";
import type { Resource, ResourceOf } from "../graph/model";
import { answered, handOf, paced, patiently, times, type Ctx, type ProvisionTools } from "./tools";

const minutes = (value: number): number => value * 60_000;
const told = z.object({ told: z.number() });

export const bootName = (machine: string): string => `boot/${machine}`;

export function bootStep(instance: ResourceOf<"instance">): StepDefinition<ProvisionTools> {
  const { name, id, machine } = instance;
  return {
    name: bootName(name), title: `Boot ${name}`, needs: [id], lane: "machines", alike: "boot", chain: name, expectMs: minutes(4), patience: { ms: minutes(30), then: "failed" },
    ...(machine ? { tier: machine.tier } : {}),
    check: () => Promise.resolve(null),
    run: answered((ctx) => watchBoot(ctx, instance)),
  };
}

async function watchBoot(ctx: Ctx, { id, name }: ResourceOf<"instance">): Promise<Outcome> {
  const { aws, cluster, ledger } = ctx.tools;
  const instanceId = (await ledger.living(cluster)).find(({ resource }) => resource === id)?.awsId;
  if (!instanceId) return { is: "failed", code: "vanished", userError: true, say: `${name} is not there any more. Retry the step that starts it.` };
  const text = await aws.consoleOutput(instanceId, ctx.signal);
  await tell(ctx, toBootMarkers(text));
  const how = bootOutcome(text);
  if (how.outcome === "booted") return { is: "done", say: `${name} has booted.` };
  if (how.outcome === "failed") {
    for (const line of text.trimEnd().split("\n").slice(-20)) ctx.log(line, "error");
    return { is: "failed", code: "boot", userError: false, say: `${name} broke off in the step ${how.step} of its boot${how.line === null ? "" : `, at line ${how.line} of its script`}. The last lines of its console are in the log; replace the machine when the reason is mended.` };
  }
  return { is: "waiting", afterMs: paced(ctx, 2 * times.lookAgainMs), say: `${name} boots: ${how.step}.` };
}

/** Each marker once, also when another process read the first of them. */
async function tell(ctx: Ctx, markers: readonly BootMarker[]): Promise<void> {
  const before = told.safeParse(ctx.progress?.memory).data?.told ?? 0;
  // The console keeps only its last 64 kB: what is shorter than before has lost its beginning.
  const fresh = markers.slice(Math.min(before, markers.length));
  if (fresh.length === 0) return;
  for (const { step, state, line } of fresh) ctx.log(`${step}: ${state}${line === null ? "" : ` at line ${line}`}`, state === "failed" ? "error" : "info");
  await ctx.save({ done: markers.filter(({ state }) => state === "done").length, total: Math.max(1, markers.filter(({ state }) => state === "begun").length), items: [], memory: { told: markers.length } });
}

export function controlPlaneStep(resource: ResourceOf<"control-plane">, needs: readonly string[]): StepDefinition<ProvisionTools> {
  return {
    name: resource.id, title: "Connect the console to the cluster", needs, lane: "cluster", expectMs: minutes(1), patience: { ms: minutes(15), then: "failed" },
    check: answered(async ({ tools }): Promise<Outcome | null> => ((await tools.ledger.living(tools.cluster)).some((entry) => entry.resource === resource.id && entry.state === "READY") ? { is: "done", say: "The console is connected." } : null)),
    run: answered((ctx) => connect(ctx, resource)),
  };
}

/** Connected first, then written down, then removed: a process that ends between two of these is followed by one that goes on. */
async function connect(ctx: Ctx, resource: ResourceOf<"control-plane">): Promise<Outcome> {
  const { aws, cluster, ledger } = ctx.tools;
  const name = kubeconfigParameter(cluster);
  const hand = handOf(ctx, resource.id);
  const known = (await ledger.living(cluster)).find((entry) => entry.resource === resource.id);
  if (!known) {
    const kubeconfig = await aws.parameterValue(name, ctx.signal);
    if (kubeconfig === null) return { is: "waiting", afterMs: paced(ctx, 2 * times.lookAgainMs), say: "Waiting for the control plane to hand over the administrator's kubeconfig." };
    ctx.assertOwner();
    await ctx.tools.connect(kubeconfig);
    await ledger.adopt(hand, { cluster, resource: resource.id, kind: resource.kind, fields: resource.wanted, awsId: resource.wanted.endpoint });
  }
  await patiently(ctx, { verb: "remove", doing: "remove the kubeconfig from AWS" }, (by) => aws.deleteParameters([name], by));
  const entry = (await ledger.living(cluster)).find((one) => one.resource === resource.id);
  if (entry) await ledger.move(hand, entry.intent, { state: "READY", say: "" });
  return { is: "done", say: `The console is connected to ${cluster}; its kubeconfig is on AWS no longer.` };
}

/** What follows the machines: every boot, and the connection once the control plane has booted. */
export function bootSteps(resources: readonly Resource[]): StepDefinition<ProvisionTools>[] {
  const boots = resources.flatMap((resource) => (resource.kind === "instance" ? [bootStep(resource)] : []));
  const connects = resources.flatMap((resource) => (resource.kind === "control-plane" ? [controlPlaneStep(resource, [bootName(resource.wanted.instance.ref.split("/")[1] ?? ""), resource.wanted.address.ref])] : []));
  return [...boots, ...connects];
}
