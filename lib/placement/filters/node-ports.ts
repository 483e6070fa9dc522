// A host port can be held by one pod of a node (NodePorts).
import type { HostPort } from "../../adapters/kubernetes/objects";
import { refusal, type Filter } from "./refusal";

const anyIp = (ip: string) => ip === "" || ip === "0.0.0.0";

function portsClash(a: HostPort, b: HostPort): boolean {
  if (a.port <= 0 || a.port !== b.port || (a.protocol || "TCP") !== (b.protocol || "TCP")) return false;
  return anyIp(a.hostIp) || anyIp(b.hostIp) || a.hostIp === b.hostIp;
}

export const nodePorts: Filter = ({ pod }, { pods }) => {
  if (pod.spec.hostPorts.length === 0) return null;
  for (const other of pods.values()) {
    const clash = pod.spec.hostPorts.find((port) => other.spec.hostPorts.some((held) => portsClash(port, held)));
    if (clash) return refusal("node-ports", "node(s) didn't have free ports for the requested pod ports", { say: `Host port ${clash.port} is held by ${other.namespace}/${other.name}`, short: `port ${clash.port}` });
  }
  return null;
};
