// A TCP proxy before the API server: passes TLS through untouched, and can cut, refuse, stall or slow it on order.
import { connect, createServer, type Server, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";

export interface Slowness { latencyMs?: number; bytesPerSecond?: number }
export type Fault = "none" | "refuse" | "stall" | "slow";

export interface FaultProxy {
  fault(): Fault;
  connections(): number;
  /** Breaks every open connection; new ones are taken. */
  cut(): number;
  /** Breaks every open connection and takes no new one. */
  refuse(): Promise<void>;
  /** Takes connections and passes nothing, in neither direction, also on those already open. */
  stall(): void;
  slow(slowness: Slowness): void;
  heal(): Promise<void>;
  close(): Promise<void>;
}

export interface FaultProxyInput { listen: string; port: number; target: { host: string; port: number } }

/** Passes chunks on, each as late and as slowly as the network is at that moment. */
class Wire extends Transform {
  private readonly slowness: () => Slowness | null;
  private readonly gate: () => Promise<void> | null;
  private started = 0;

  constructor(slowness: () => Slowness | null, gate: () => Promise<void> | null) {
    super();
    this.slowness = slowness;
    this.gate = gate;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const pass = (): void => {
      const held = this.gate();
      if (held !== null) {
        void held.then(pass);
        return;
      }
      const slowness = this.slowness();
      if (slowness === null) {
        done(null, chunk);
        return;
      }
      const rate = slowness.bytesPerSecond ?? 0;
      // Latency is paid after a silence, not again for every chunk of one answer.
      const idle = Date.now() - this.started > (slowness.latencyMs ?? 0);
      this.started = Date.now();
      const waitMs = (idle ? slowness.latencyMs ?? 0 : 0) + (rate > 0 ? chunk.length / rate * 1000 : 0);
      setTimeout(() => done(null, chunk), waitMs).unref();
    };
    pass();
  }
}

class Proxy implements FaultProxy {
  private readonly input: FaultProxyInput;
  private server: Server | null = null;
  private readonly open = new Set<Socket>();
  private state: Fault = "none";
  private slowness: Slowness | null = null;
  private gate: { promise: Promise<void>; lift: () => void } | null = null;

  constructor(input: FaultProxyInput) { this.input = input; }

  fault(): Fault { return this.state; }
  connections(): number { return Math.ceil(this.open.size / 2); }

  listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.take(socket));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.input.port, this.input.listen, () => resolve());
    });
  }

  private take(here: Socket): void {
    const there = connect(this.input.target);
    for (const socket of [here, there]) {
      this.open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
    }
    const slowness = (): Slowness | null => this.slowness;
    const gate = (): Promise<void> | null => this.gate?.promise ?? null;
    const up = new Wire(slowness, gate);
    const down = new Wire(slowness, gate);
    here.pipe(up).pipe(there);
    there.pipe(down).pipe(here);
    // One that ended in peace leaves what it said on the wire: the pipe delivers it, late as it may be, and ends the other.
    const watch = (socket: Socket, other: Socket): void => {
      socket.once("close", (broken) => {
        this.open.delete(socket);
        if (broken || !socket.readableEnded) other.destroy();
      });
    };
    watch(here, there);
    watch(there, here);
  }

  cut(): number {
    const cut = this.connections();
    for (const socket of this.open) socket.resetAndDestroy();
    this.open.clear();
    return cut;
  }

  private stopListening(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (server === null) return Promise.resolve();
    return new Promise((resolve) => {
      server.close(() => resolve());
      this.cut();
    });
  }

  private lift(): void {
    this.gate?.lift();
    this.gate = null;
  }

  async refuse(): Promise<void> {
    this.state = "refuse";
    await this.stopListening();
  }

  stall(): void {
    this.state = "stall";
    if (this.gate !== null) return;
    let lift = (): void => undefined;
    const promise = new Promise<void>((resolve) => { lift = resolve; });
    this.gate = { promise, lift };
  }

  slow(slowness: Slowness): void {
    this.state = "slow";
    this.slowness = slowness;
  }

  async heal(): Promise<void> {
    this.state = "none";
    this.slowness = null;
    this.lift();
    if (this.server === null) await this.listen();
  }

  async close(): Promise<void> {
    await this.stopListening();
    this.lift();
  }
}

export async function openFaultProxy(input: FaultProxyInput): Promise<FaultProxy> {
  const proxy = new Proxy(input);
  await proxy.listen();
  return proxy;
}
