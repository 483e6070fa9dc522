// A blueprint's machine as what its boot script must know.
import { controlPlaneEndpoint } from "../graph/in-cluster";
import { parameterPath } from "../graph/identity";
import { isControlPlane, machinesOf } from "../machines";
import type { Blueprint } from "../model";
import type { BootInput } from "./input";

export interface BootPlace { zone: string; /** The cluster's elastic address; "" for a machine that does not carry it. */ publicIp: string }

export function bootInputOf(blueprint: Blueprint, machineName: string, place: BootPlace): BootInput {
  const machine = machinesOf(blueprint).find(({ name }) => name === machineName);
  if (!machine) throw new RangeError(`no machine of the blueprint is named ${machineName}`);
  return {
    role: isControlPlane(machine) ? "control-plane" : "worker",
    clusterName: blueprint.name, nodeName: machine.name, region: blueprint.region, zone: place.zone, instanceType: machine.pool.instanceType,
    kubernetesVersion: blueprint.kubernetesVersion, podCidr: blueprint.network.podCidr, serviceCidr: blueprint.network.serviceCidr,
    endpointName: controlPlaneEndpoint(blueprint.name), publicNames: place.publicIp === "" ? [] : [place.publicIp],
    labels: machine.pool.labels, taints: machine.pool.taints, parameterPath: parameterPath(blueprint.name),
  };
}
