// The account that the imitation serves: what exists in it, and who may ask.
import { createHash } from "node:crypto";
import type { Machine } from "../machines/catalogue.ts";
import type { Credential } from "./signature.ts";

/** Source: "InstanceState", EC2 API reference. */
export const instanceStates = { pending: 0, running: 16, "shutting-down": 32, terminated: 48, stopping: 64, stopped: 80 } as const;
export type InstanceState = keyof typeof instanceStates;

export interface Instance {
  instanceId: string;
  reservationId: string;
  imageId: string;
  state: InstanceState;
  instanceType: string;
  zone: string;
  privateIp: string;
  publicIp: string;
  subnetId: string;
  groups: { id: string; name: string }[];
  volumeId: string;
  interfaceId: string;
  launchedAt: string;
  tags: Record<string, string>;
}

export interface Account {
  accountId: string;
  region: string;
  vpcId: string;
  keyName: string;
  instanceProfile: string;
  credentials: readonly Credential[];
  instances: Map<string, Instance>;
}

/** No real key looks like this one, so that it can never reach a real account. */
export const sandboxCredential: Credential = { accessKeyId: "sandbox", secretAccessKey: "sandbox", userName: "quarterdeck" };

/** The example account of AWS' guides. */
const accountId = "123456789012";

function idOf(prefix: string, seed: string): string {
  return `${prefix}-0${createHash("sha256").update(`${prefix}/${seed}`).digest("hex").slice(0, 16)}`;
}

export function createAccount(machines: readonly Machine[], launchedAtMs: number): Account {
  const region = machines[0]?.region ?? "ap-northeast-2";
  const instances = machines.map((machine, index) => toInstance(machine, new Date(launchedAtMs + index * 4000)));
  return {
    accountId,
    region,
    vpcId: idOf("vpc", "prod-k8s-vpc"),
    keyName: "k8s-cluster-key",
    instanceProfile: "prod-k8s-node-profile",
    credentials: [sandboxCredential],
    instances: new Map(instances.map((instance) => [instance.instanceId, instance])),
  };
}

function toInstance(machine: Machine, launchedAt: Date): Instance {
  const group = machine.controlPlane ? "prod-k8s-master-sg" : "prod-k8s-worker-sg";
  return {
    instanceId: machine.instanceId,
    reservationId: idOf("r", machine.instanceId),
    imageId: idOf("ami", "jammy"),
    state: "running",
    instanceType: machine.instanceType,
    zone: machine.zone,
    privateIp: machine.privateIp,
    publicIp: documentationAddress(machine.name),
    subnetId: idOf("subnet", machine.zone),
    groups: [{ id: idOf("sg", group), name: group }],
    volumeId: idOf("vol", machine.instanceId),
    interfaceId: idOf("eni", machine.instanceId),
    launchedAt: launchedAt.toISOString(),
    tags: machine.tags,
  };
}

/** 203.0.113.0/24 is nobody's (RFC 5737), so that a public address shown is never a stranger's. */
function documentationAddress(name: string): string {
  return `203.0.113.${10 + (createHash("sha256").update(name).digest()[0] ?? 0) % 240}`;
}
