// The machines of a cluster on AWS: instances with their disks and addresses, and the key that opens them where one is wanted.
import { isControlPlane, type Machine } from "../machines";
import type { Blueprint, Pins } from "../model";
import { subnetName } from "./network";
import type { Resource } from "./model";
import { makeResource, refTo, type Shared } from "./resource";

export const controlPlaneAddress = "api";

interface Ground { blueprint: Blueprint; pins: Pins; shared: Shared; rules: readonly Resource[] }

export function instancesOf(machines: readonly Machine[], ground: Ground): Resource[] {
  const { blueprint, shared } = ground;
  const first = machines.find(isControlPlane);
  return [
    ...(blueprint.access.publicKey === "" ? [] : [makeResource(shared)(["key-pair", "admin"], { keyName: `${blueprint.name}-admin`, publicKey: blueprint.access.publicKey })]),
    makeResource(shared)(["elastic-ip", controlPlaneAddress], { domain: "vpc" }),
    ...machines.map((machine) => instanceOf(machine, ground)),
    ...(first ? [makeResource(shared)(["elastic-ip-association", controlPlaneAddress], { address: refTo("elastic-ip", controlPlaneAddress), instance: refTo("instance", first.name) })] : []),
  ];
}

function instanceOf(machine: Machine, { blueprint, pins, shared, rules }: Ground): Resource {
  const group = isControlPlane(machine) ? "control-plane" : "worker";
  const ways = [machine.zone, ...machine.elsewhere].map((zone) => refTo("route-table-association", subnetName(zone)).ref);
  const open = rules.filter(({ kind, id }) => kind === "security-group-rule" && id.startsWith(`security-group-rule/${group}-`)).map(({ id }) => id);
  const powers = rules.filter(({ kind, id }) => kind === "iam-role-policy" && id.startsWith(`iam-role-policy/${group}-`)).map(({ id }) => id);
  return makeResource(shared)(["instance", machine.name], {
    imageId: pins.imageId,
    instanceType: machine.pool.instanceType,
    zone: machine.zone,
    subnet: refTo("subnet", subnetName(machine.zone)),
    elsewhere: machine.elsewhere.map((zone) => ({ zone, subnet: refTo("subnet", subnetName(zone)) })),
    securityGroups: [refTo("security-group", group)],
    profile: refTo("instance-profile", group),
    keyPair: blueprint.access.publicKey === "" ? null : refTo("key-pair", "admin"),
    rootDevice: pins.rootDevice,
    rootVolumeGib: machine.pool.rootVolumeGib,
    rootVolumeType: "gp3",
    rootVolumeEncrypted: true,
    spot: machine.pool.spot,
    // One hop: a pod, which is a second, does not reach the machine's credentials.
    metadataTokens: "required",
    metadataHopLimit: 1,
  }, {
    machine: { name: machine.name, tier: machine.tier },
    // A machine that boots needs its way out, its rules and its powers; the control plane also its address, which stands in its certificate.
    after: [...ways, ...open, ...powers, "route/internet", "ssm-parameter/join", ...(isControlPlane(machine) ? [`elastic-ip/${controlPlaneAddress}`] : [])],
  });
}
