// Elastic addresses: each a loopback address of this host that leads to the API server of an instance, if its security groups let the caller in.
import { createServer, type Server, type Socket } from "node:net";

const port = 6443;
/** A packet that no group allows is dropped: the caller waits in vain. */
const silenceMs = 120_000;

export interface PublicAddressesInput {
  mayReach: (instanceId: string, from: string) => boolean;
  carry: (instanceId: string, socket: Socket) => void;
  onTrouble: (say: string) => void;
}

export class PublicAddresses {
  private readonly servers = new Map<string, Server>();
  private readonly leads = new Map<string, string>();
  private readonly waiting = new Set<Socket>();
  private readonly input: PublicAddressesInput;

  constructor(input: PublicAddressesInput) { this.input = input; }

  of(instanceId: string): string | null {
    return [...this.leads].find(([, to]) => to === instanceId)?.[0] ?? null;
  }

  map(address: string, instanceId: string | null): void {
    if (instanceId === null) {
      this.leads.delete(address);
      this.servers.get(address)?.close();
      this.servers.delete(address);
      return;
    }
    this.leads.set(address, instanceId);
    if (this.servers.has(address)) return;
    const server = createServer({ pauseOnConnect: true }, (socket) => this.take(address, socket));
    server.on("error", (error) => this.input.onTrouble(`${address} cannot be listened on: ${error.message}`));
    server.listen(port, address);
    this.servers.set(address, server);
  }

  private take(address: string, socket: Socket): void {
    const instanceId = this.leads.get(address);
    socket.on("error", () => socket.destroy());
    if (instanceId === undefined) return void socket.destroy();
    if (this.input.mayReach(instanceId, socket.remoteAddress ?? "")) return this.input.carry(instanceId, socket);
    this.waiting.add(socket);
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.once("close", () => this.waiting.delete(socket));
  }

  close(): void {
    for (const server of this.servers.values()) server.close();
    for (const socket of this.waiting) socket.destroy();
    this.servers.clear();
    this.leads.clear();
  }
}
