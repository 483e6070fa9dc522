// What stands inside the cluster and is seen by its API: the control plane that answers, the network between pods, nodes, add-ons.
import { homesOf } from "../add-ons/placement";
import { addOnNeeds } from "../blueprint";
import { isControlPlane, type Machine } from "../machines";
import type { Blueprint } from "../model";
import { controlPlaneAddress } from "./machines";
import type { Resource } from "./model";
import { makeResource, refTo, type Shared } from "./resource";

/** A name that nodes resolve to the control plane's private address: traffic to the public one would match no security group. */
export const controlPlaneEndpoint = (cluster: string): string => `api.${cluster}.quarterdeck.internal`;

export function inClusterOf(blueprint: Blueprint, machines: readonly Machine[], shared: Shared): Resource[] {
  const { network, cni, addOns, kubernetesVersion, name } = blueprint;
  const first = machines.find(isControlPlane);
  if (!first) return [];
  return [
    makeResource(shared)(["control-plane", "main"], {
      instance: refTo("instance", first.name), address: refTo("elastic-ip-association", controlPlaneAddress),
      kubernetesVersion, endpoint: controlPlaneEndpoint(name), podCidr: network.podCidr, serviceCidr: network.serviceCidr,
    }, { machine: { name: first.name, tier: first.tier } }),
    makeResource(shared)(["cni", cni.name], { ...cni, podCidr: network.podCidr }, { after: ["control-plane/main"] }),
    ...machines.map((machine) => makeResource(shared)(["node", machine.name], {
      instance: refTo("instance", machine.name), nodeName: machine.name, labels: machine.pool.labels, taints: machine.pool.taints,
    }, { after: [`cni/${cni.name}`], machine: { name: machine.name, tier: machine.tier } })),
    ...addOns.chosen.map((chosen) => {
      // Pods become ready only where they may run.
      const homes = homesOf(chosen, blueprint);
      return makeResource(shared)(["add-on", chosen], { name: chosen, mirror: addOns.mirror }, {
        after: [`cni/${cni.name}`, ...homes.map((machine) => `node/${machine.name}`), ...(addOnNeeds[chosen] ?? []).map((needed) => `add-on/${needed}`)],
      });
    }),
  ];
}
