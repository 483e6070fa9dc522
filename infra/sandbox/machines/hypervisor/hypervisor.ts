// Gives instances their life: a network per VPC, a machine per instance that runs its user data with a real shell, and what each of them can reach.
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { BootOrder, Hypervisor } from "../../aws/hypervisor.ts";
import { kubernetesVersion, type Programs } from "../../programs.ts";
import type { Report, Shut } from "../guest/messages.ts";
import type { Pace } from "../stages.ts";
import { openControlPlane, type ControlPlane } from "./control-plane.ts";
import { hardwareOf } from "./hardware.ts";
import { metadataService, type Instance, type RoleCredentials } from "./metadata.ts";
import { openOutside, type Outside } from "./outside.ts";
import { PublicAddresses } from "./public-addresses.ts";
import { startVpc, type VpcProcess } from "./vpc-process.ts";

export interface Reach { /** An address: an instance's private one, or one outside the VPC. */ from: string; instanceId: string; protocol: "tcp" | "udp"; port: number }

export interface HypervisorInput {
  programs: Partial<Programs>;
  /** A folder for certificates. */
  dir: string;
  region: string;
  accountId: string;
  pace: Pace;
  mayReach: (reach: Reach) => boolean;
  credentialsOf: (instanceId: string) => RoleCredentials | null;
  /** Answers what machines ask of AWS' endpoints. */
  amazon: RequestListener;
  onTrouble: (say: string) => void;
  /** A cluster has begun on a machine; what it starts ends with the machine. */
  onControlPlane?: (controlPlane: ControlPlane) => { stop(): void };
}

export interface RunningHypervisor extends Hypervisor {
  /** A security group or its members changed: what is shut between machines is decided anew. */
  groupsChanged(): void;
  close(): Promise<void>;
}

/** The ports by which nodes of a cluster meet (domain: security groups): what no group allows is shut. */
const watched: readonly { protocol: "tcp" | "udp"; port: number }[] = [
  ...[6443, 2379, 2380, 10250, 10257, 10259].map((port) => ({ protocol: "tcp" as const, port })), { protocol: "udp", port: 4789 },
];
const mostConsoleBytes = 1024 * 1024;

interface Machine { order: BootOrder; vpc: Vpc; console: string; on: boolean; scrapped: (() => void) | null; off: (() => void)[]; /** What it was last told. */ shut: string; inside: { stop(): void } | null }
interface Vpc { id: string; process: VpcProcess; machines: Map<string, Machine>; metadata: Server }

class Machines implements RunningHypervisor {
  private readonly vpcs = new Map<string, Vpc>();
  private readonly machines = new Map<string, Machine>();
  private readonly input: HypervisorInput;
  private readonly outside: Outside;
  private readonly addresses: PublicAddresses;

  constructor(input: HypervisorInput, outside: Outside) {
    this.input = input;
    this.outside = outside;
    this.addresses = new PublicAddresses({
      mayReach: (instanceId, from) => input.mayReach({ from, instanceId, protocol: "tcp", port: 6443 }),
      carry: (instanceId, socket) => this.carry(instanceId, socket),
      onTrouble: input.onTrouble,
    });
  }

  private carry(instanceId: string, socket: Socket): void {
    const machine = this.machines.get(instanceId);
    if (machine === undefined || !machine.on) return void socket.destroy();
    machine.vpc.process.order({ do: "connect", to: machine.order.privateIp, port: 6443 }, socket);
  }

  private instanceOf(machine: Machine): Instance {
    const { region, accountId } = this.input;
    return { ...machine.order, region, accountId, publicIp: () => this.addresses.of(machine.order.instanceId) };
  }

  private vpcOf(id: string): Vpc {
    const before = this.vpcs.get(id);
    if (before !== undefined) return before;
    const machines = new Map<string, Machine>();
    const at = (address: string): Machine | null => [...machines.values()].find(({ order }) => order.privateIp === address) ?? null;
    const vpc: Vpc = {
      id, machines,
      metadata: createHttp(metadataService({
        instanceAt: (address) => { const machine = at(address); return machine === null ? null : this.instanceOf(machine); },
        credentialsOf: this.input.credentialsOf, nowMs: Date.now,
      })),
      process: startVpc({
        programs: this.input.programs,
        onReport: (report, connection) => this.take(vpc, report, connection),
        onEnd: (say) => {
          for (const machine of machines.values()) {
            this.ended(machine);
            machine.scrapped?.();
          }
          this.vpcs.delete(id);
          this.input.onTrouble(say);
        },
      }),
    };
    this.vpcs.set(id, vpc);
    return vpc;
  }

  private take(vpc: Vpc, report: Report, connection: Socket | undefined): void {
    if (report.say === "visit") {
      if (connection === undefined) return;
      connection.on("error", () => connection.destroy());
      (report.where === "metadata" ? vpc.metadata : this.outside.server).emit("connection", connection);
      connection.resume();
    } else if (report.say === "failed") this.input.onTrouble(report.why);
    else if (report.say === "administrator") this.begun(vpc.machines.get(report.id), report.kubeconfig);
    else if (report.say !== "up") {
      const machine = vpc.machines.get(report.id);
      if (machine === undefined) return;
      if (report.say === "console") machine.console = `${machine.console}${report.text}`.slice(-mostConsoleBytes);
      else if (report.say === "off") this.ended(machine);
      else machine.scrapped?.();
    }
  }

  private begun(machine: Machine | undefined, kubeconfig: string): void {
    const { onControlPlane } = this.input;
    if (machine === undefined || onControlPlane === undefined) return;
    machine.inside?.stop();
    const { instanceId, privateIp } = machine.order;
    machine.inside = openControlPlane({ privateIp, kubeconfig, carry: (socket) => this.carry(instanceId, socket), then: onControlPlane });
  }

  private ended(machine: Machine): void {
    machine.on = false;
    machine.inside?.stop();
    machine.inside = null;
    for (const told of machine.off.splice(0)) told();
  }

  private powerOn(machine: Machine): void {
    const { order, vpc } = machine;
    const [network = "", prefix = "24"] = order.subnetCidr.split("/");
    machine.on = true;
    vpc.process.order({
      do: "power-on",
      machine: {
        id: order.instanceId, address: order.privateIp, prefix: Number(prefix), gateway: network.replace(/\d+$/, (last) => String(Number(last) + 1)),
        hostname: `ip-${order.privateIp.replaceAll(".", "-")}`, hosts: this.outside.names, authority: this.outside.authority,
        userData: order.userData, hardware: hardwareOf(order.instanceType), pace: this.input.pace,
      },
    });
    this.groupsChanged();
  }

  boot(order: BootOrder): void {
    const vpc = this.vpcOf(order.vpcId);
    const machine: Machine = { order, vpc, console: "", on: false, scrapped: null, off: [], shut: "", inside: null };
    this.machines.set(order.instanceId, machine);
    vpc.machines.set(order.instanceId, machine);
    this.powerOn(machine);
  }

  start(instanceId: string): void {
    const machine = this.machines.get(instanceId);
    if (machine !== undefined && !machine.on) this.powerOn(machine);
  }

  async stop(instanceId: string): Promise<void> {
    const machine = this.machines.get(instanceId);
    if (machine === undefined || !machine.on) return;
    await new Promise<void>((resolve) => {
      machine.off.push(resolve);
      machine.vpc.process.order({ do: "power-off", id: instanceId });
    });
  }

  async terminate(instanceId: string): Promise<void> {
    const machine = this.machines.get(instanceId);
    if (machine === undefined) return;
    const { vpc } = machine;
    await new Promise<void>((resolve) => {
      machine.scrapped = resolve;
      vpc.process.order({ do: "scrap", id: instanceId });
    });
    vpc.machines.delete(instanceId);
    if (vpc.machines.size > 0) return this.groupsChanged();
    this.vpcs.delete(vpc.id);
    await vpc.process.stop();
  }

  consoleOutput(instanceId: string): string { return this.machines.get(instanceId)?.console ?? ""; }

  mapAddress(publicIp: string, instanceId: string | null): void { this.addresses.map(publicIp, instanceId); }

  groupsChanged(): void {
    for (const { machines, process: vpc } of this.vpcs.values()) {
      for (const from of machines.values()) {
        const others = [...machines.values()].filter((to) => to !== from);
        const paths: Shut[] = others.flatMap(({ order }) => watched
          .filter(({ protocol, port }) => !this.input.mayReach({ from: from.order.privateIp, instanceId: order.instanceId, protocol, port }))
          .map((one) => ({ to: order.privateIp, ...one })));
        const said = JSON.stringify(paths);
        if (!from.on || from.shut === said) continue;
        from.shut = said;
        vpc.order({ do: "shut", id: from.order.instanceId, paths });
      }
    }
  }

  async close(): Promise<void> {
    for (const machine of this.machines.values()) this.ended(machine);
    this.addresses.close();
    this.outside.server.close();
    await Promise.all([...this.vpcs.values()].map(({ process: vpc }) => vpc.stop()));
    this.vpcs.clear();
  }
}

export async function startHypervisor(input: HypervisorInput): Promise<RunningHypervisor> {
  const outside = await openOutside({ kubeadm: input.programs.kubeadm ?? "", dir: join(input.dir, "outside"), region: input.region, kubernetesVersion, amazon: input.amazon });
  return new Machines(input, outside);
}
