// What becomes of an instance: pending, running, stopping, shutting down, gone; and what it takes with it.
// Sources: "Amazon EC2 instance state changes", "Preserve data when an instance is terminated", EC2 User Guide.
import { roleOfProfile, type Cloud } from "../cloud.ts";
import type { BootOrder } from "../hypervisor.ts";
import { kinds, remove } from "../kinds.ts";
import type { Address, Instance } from "../state.ts";
import { publicAddressFor } from "./public-addresses.ts";

/** A terminated instance is shown for about an hour (source: "Terminate Amazon EC2 instances"). */
const shownAfterEndMs = 3600_000;

/** Lets the time that has passed have its effect; called before every action. */
export function settle(cloud: Cloud): void {
  const now = cloud.clock.nowMs();
  for (const instance of Object.values(cloud.state.instance)) {
    if (instance.untilMs === null || instance.untilMs > now || !instance.machineGone) continue;
    if (instance.state === "pending") become(instance, "running");
    else if (instance.state === "stopping") become(instance, "stopped");
    else if (instance.state === "shutting-down") end(cloud, instance);
    else if (instance.state === "terminated") remove(cloud, kinds.instance, instance.id);
  }
  for (const card of Object.values(cloud.state.networkInterface)) if (card.goneAtMs !== null && card.goneAtMs <= now) remove(cloud, kinds.networkInterface, card.id);
}

function become(instance: Instance, state: Instance["state"]): void {
  instance.state = state;
  instance.untilMs = null;
}

function end(cloud: Cloud, instance: Instance): void {
  instance.state = "terminated";
  instance.untilMs = cloud.clock.nowMs() + shownAfterEndMs;
  for (const volume of Object.values(cloud.state.volume)) {
    if (volume.attachment?.instanceId !== instance.id) continue;
    if (volume.attachment.deleteOnTermination) remove(cloud, kinds.volume, volume.id);
    else volume.attachment = null;
  }
  for (const one of Object.values(cloud.state.networkInterface)) {
    if (one.attachment?.instanceId !== instance.id) continue;
    if (one.attachment.deleteOnTermination) remove(cloud, kinds.networkInterface, one.id);
    else one.attachment = null;
  }
}

/** The elastic address that an instance has by its interface. */
export function elasticOf({ state }: Cloud, instance: Instance): Address | undefined {
  return Object.values(state.address).find(({ interfaceId }) => interfaceId !== null && interfaceId === instance.interfaceId);
}

export function bootOrderOf({ state }: Cloud, instance: Instance): BootOrder {
  return {
    instanceId: instance.id, vpcId: instance.vpcId, subnetId: instance.subnetId, subnetCidr: state.subnet[instance.subnetId]?.cidr ?? "", privateIp: instance.privateIp, zone: instance.zone,
    instanceType: instance.instanceType, userData: instance.userData, roleName: roleOfProfile(state, instance.profile)?.name ?? null, tags: instance.tags,
  };
}

export function beginEnd(cloud: Cloud, instance: Instance): void {
  if (instance.state === "terminated" || instance.state === "shutting-down") return;
  instance.state = "shutting-down";
  instance.untilMs = cloud.clock.nowMs() + cloud.settings.shuttingDownMs;
  instance.stateReason = { code: "Client.UserInitiatedShutdown", message: "Client.UserInitiatedShutdown: User initiated shutdown" };
  const address = elasticOf(cloud, instance);
  if (address) unmap(cloud, address);
  withoutMachine(cloud, instance, cloud.hypervisor?.terminate(instance.id));
}

export function beginStop(cloud: Cloud, instance: Instance): void {
  instance.state = "stopping";
  instance.untilMs = cloud.clock.nowMs() + cloud.settings.stoppingMs;
  instance.stateReason = { code: "Client.UserInitiatedShutdown", message: "Client.UserInitiatedShutdown: User initiated shutdown" };
  const card = cloud.state.networkInterface[instance.interfaceId];
  if (card) card.publicIp = null;
  withoutMachine(cloud, instance, cloud.hypervisor?.stop(instance.id));
}

/** The promise outlives a restore, so the instance is looked up again when it is kept. */
function withoutMachine(cloud: Cloud, { id }: Instance, gone: Promise<void> | undefined): void {
  const set = (value: boolean): void => {
    const instance = cloud.state.instance[id];
    if (instance) instance.machineGone = value;
  };
  if (!gone) return;
  set(false);
  void gone.catch(() => undefined).then(() => set(true));
}

/** Machines live in the sandbox's process: after its restart they are off, and nobody ends what was being ended. */
export function loseMachines({ state }: Cloud): void {
  for (const instance of Object.values(state.instance)) {
    instance.machineGone = true;
    if (!instance.hasMachine || instance.state === "terminated" || instance.state === "shutting-down") continue;
    become(instance, "stopped");
    instance.stateReason = { code: "Server.InternalError", message: "Server.InternalError: the host of the instance was restarted" };
  }
}

export function beginStart(cloud: Cloud, instance: Instance): void {
  instance.state = "pending";
  instance.untilMs = cloud.clock.nowMs() + cloud.settings.pendingMs;
  instance.stateReason = null;
  instance.launchedAtMs = cloud.clock.nowMs();
  const card = cloud.state.networkInterface[instance.interfaceId];
  if (card && cloud.state.subnet[instance.subnetId]?.mapPublicIp && !elasticOf(cloud, instance)) card.publicIp = publicAddressFor(cloud);
  cloud.hypervisor?.start(instance.id);
}

export function map(cloud: Cloud, address: Address, { interfaceId, instanceId, associationId }: { interfaceId: string; instanceId: string | null; associationId: string }): void {
  Object.assign(address, { interfaceId, instanceId, associationId });
  const card = cloud.state.networkInterface[interfaceId];
  if (card) card.publicIp = null;
  cloud.hypervisor?.mapAddress(address.publicIp, instanceId);
}

export function unmap(cloud: Cloud, address: Address): void {
  Object.assign(address, { interfaceId: null, instanceId: null, associationId: null });
  cloud.hypervisor?.mapAddress(address.publicIp, null);
}
