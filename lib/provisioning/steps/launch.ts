// Where a machine is started: in its zone, or in the next that the plan allows when AWS has none left; and why one that started is gone.
import { z } from "zod";
import type { Outcome } from "@/lib/jobs/step";
import type { Resource } from "../graph/model";
import { react, type Reaction } from "../reactions";
import { launch, type Launch } from "./makers/machines";
import { paced, times, type Ctx } from "./tools";

type Ids = (ref: string) => string | null;

/** What a step remembers: until when each zone is not asked again. */
const memory = z.object({ soldOut: z.record(z.string(), z.number()) });

const remembered = (ctx: Ctx): Record<string, number> => memory.safeParse(ctx.progress?.memory).data?.soldOut ?? {};

export async function rememberSoldOut(ctx: Ctx, resource: Resource, fields: unknown): Promise<void> {
  const zone = launch.safeParse(fields).data?.zone;
  if (zone === undefined) return;
  const soldOut = { ...remembered(ctx), [zone]: Date.now() + paced(ctx, times.soldOutMs) };
  const items = Object.keys(soldOut).map((name) => ({ name: `${resource.name} in ${name}`, state: "waiting" as const, say: "none left" }));
  const saved = { done: 0, total: 1, items, memory: { soldOut } };
  await ctx.save(saved);
  ctx.progress = saved;
}

/** The next request for this machine, or what to wait for when every zone of the plan is sold out. */
export async function nextLaunch(ctx: Ctx, resource: Resource, idOf: Ids): Promise<Launch | Outcome> {
  if (resource.kind !== "instance") return { is: "failed", code: "internal", userError: false, say: `${resource.id} is no machine.` };
  const { wanted } = resource;
  const until = remembered(ctx);
  const choices = [{ zone: wanted.zone, subnet: wanted.subnet }, ...wanted.elsewhere];
  const place = choices.find(({ zone }) => (until[zone] ?? 0) <= Date.now());
  if (!place) {
    const soonest = Math.min(...choices.map(({ zone }) => until[zone] ?? 0));
    return { is: "waiting", afterMs: Math.max(paced(ctx, times.lookAgainMs), soonest - Date.now()), say: `AWS has no ${wanted.instanceType} left in ${choices.map(({ zone }) => zone).join(", ")}. It is asked again from time to time; or cancel, and change the type or the zones in the blueprint.` };
  }
  if (place.zone !== wanted.zone) ctx.log(`No ${wanted.instanceType} in ${wanted.zone} now; it is started in ${place.zone}, as the plan allows.`, "warn");
  const id = (ref: string): string => idOf(ref) ?? "";
  // The control plane needs its address before it boots: it stands in its certificate.
  const allocation = resource.needs.find((need) => need.startsWith("elastic-ip/"));
  const [address] = allocation === undefined ? [] : await ctx.tools.aws.addresses({ ids: [id(allocation)] }, ctx.signal);
  return {
    imageId: wanted.imageId, type: wanted.instanceType, subnetId: id(place.subnet.ref), groupIds: wanted.securityGroups.map(({ ref }) => id(ref)), instanceProfile: id(wanted.profile.ref),
    keyName: wanted.keyPair ? id(wanted.keyPair.ref) : "", userData: ctx.tools.userData(resource.name, { zone: place.zone, publicIp: address?.publicIp ?? "" }), rootDevice: wanted.rootDevice, rootGib: wanted.rootVolumeGib, spot: wanted.spot, publicIp: true, zone: place.zone,
  };
}

/** Why a machine that AWS took the request for is not there: null while it may still come to light. */
export async function whyGone(ctx: Ctx, instanceId: string): Promise<Reaction | null> {
  const [instance] = await ctx.tools.aws.instances({ ids: [instanceId] }, ctx.signal);
  if (!instance || (instance.state !== "terminated" && instance.state !== "shutting-down")) return null;
  const name = instance.stateReason.replace(/^(Server|Client)\./, "");
  if (name === "" || name === "UserInitiatedShutdown" || name === "InstanceInitiatedShutdown") {
    return { class: "gone", move: "stop", code: "vanished", say: `${instanceId} was terminated by somebody else. Retry the step to have it made anew.` };
  }
  return react({ name, message: `AWS ended ${instanceId} (${instance.stateReason})`, status: 400, requestId: "" }, { verb: "create", doing: `start ${instanceId}`, attempt: ctx.attempt });
}
