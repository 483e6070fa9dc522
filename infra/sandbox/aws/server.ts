// AWS as far as the sandbox has it: one loopback address that speaks the protocols of its families.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Machine } from "../machines/catalogue.ts";
import { createAccount } from "./account.ts";
import type { Clock, Cloud } from "./cloud.ts";
import { instanceCredentials, makeUserKeys, type RoleCredentials, type UserKeys } from "./credentials.ts";
import { serve, serviceCall, type Desk } from "./dispatch.ts";
import { newFaults, orderFault, type Fault } from "./faults.ts";
import type { Hypervisor } from "./hypervisor.ts";
import { RequestLog, type Entry } from "./request-log.ts";
import { swift, type Settings } from "./settings.ts";
import type { InstanceState, State } from "./state.ts";
import type { Element } from "./xml.ts";

export interface AwsOptions {
  /** 0: any that is free. */
  port: number;
  machines: readonly Machine[];
  hypervisor?: Hypervisor;
  clock?: Clock;
  settings?: Partial<Settings>;
  /** Of the new ids and of the dice of faults. */
  seed?: string;
  keys?: UserKeys;
  /** Elastic addresses are <prefix>.<first> and on; for machines they are of a block of this host. */
  publicAddresses?: Cloud["publicAddresses"];
}

export interface Aws {
  url: string;
  credential: UserKeys;
  cloud: Cloud;
  log: readonly Entry[];
  onRequest(listener: (entry: Entry) => void): () => void;
  /** An order from outside the API: what became of a machine. False when there is no such instance. */
  setInstanceState(instanceId: string, state: InstanceState): boolean;
  set(settings: Partial<Settings>): void;
  /** The number by which it can be taken back. */
  fault(fault: Fault): number;
  clearFaults(): void;
  seedFaults(seed: number): void;
  instanceCredentials(instanceId: string): RoleCredentials | null;
  /** An action of one of AWS' own services, "elasticloadbalancing.amazonaws.com", which signs nothing here. */
  serviceCall(call: { service: string; action: string; parameters: Record<string, string>; as: string }): Element;
  stop(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;
/** The machines were there before the world came up. */
const launchedBeforeMs = 19 * 24 * 3600_000;

export async function startAws(options: AwsOptions): Promise<Aws> {
  const desk = makeDesk(options);
  const server = createServer((request, response) => void take(desk, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    ...inProcess(desk),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function makeDesk({ machines, hypervisor, clock, settings, seed = "quarterdeck", keys, publicAddresses }: AwsOptions): Desk {
  const state: State = createAccount(machines, { launchedAtMs: Date.now() - launchedBeforeMs, seed });
  const cloud: Cloud = {
    state, settings: { ...swift, ...settings }, clock: clock ?? { nowMs: () => Date.now() }, hypervisor: hypervisor ?? null,
    publicAddresses: publicAddresses ?? { prefix: "198.51.100", first: 10 },
  };
  return { cloud, keys: keys ?? makeUserKeys(), faults: newFaults(), levels: {}, log: new RequestLog(), changed: () => undefined };
}

function inProcess(desk: Desk): Omit<Aws, "url" | "stop"> {
  const { cloud } = desk;
  return {
    credential: desk.keys,
    cloud,
    log: desk.log.entries,
    onRequest: (listener) => desk.log.onChange(listener),
    setInstanceState(instanceId, state) {
      const instance = cloud.state.instance[instanceId];
      if (instance) Object.assign(instance, { state, untilMs: null });
      const card = instance && state !== "running" ? cloud.state.networkInterface[instance.interfaceId] : undefined;
      if (card) card.publicIp = null;
      return instance !== undefined;
    },
    set: (settings) => void Object.assign(cloud.settings, settings),
    fault: (fault) => orderFault(desk.faults, fault),
    clearFaults: () => { desk.faults.orders = []; },
    seedFaults: (seed) => { desk.faults.seed = seed; },
    instanceCredentials: (instanceId) => instanceCredentials(cloud, instanceId),
    serviceCall: ({ service, action, parameters, as }) => serviceCall(desk, { service, action, as, parameters: new Map(Object.entries(parameters)) }),
  };
}

/** A TCP server that listens has an AddressInfo; the other forms are for pipes and for servers that do not. */
function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function take(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refused = refusedAtDoor(request);
  if (refused !== null) {
    response.writeHead(403, { "content-type": "text/plain" }).end(refused);
    return;
  }
  const body = await bodyOf(request);
  if (body === null) {
    response.writeHead(413, { "content-type": "text/plain", connection: "close" }).end("The request is too large.");
    return;
  }
  const reply = serve(desk, { method: request.method ?? "GET", target: request.url ?? "/", headers: request.headers, body });
  if (reply.kind === "silence") return;
  if (reply.kind === "lost") {
    request.socket.destroy();
    return;
  }
  response.writeHead(reply.status, { "content-type": reply.contentType, "x-amzn-requestid": reply.requestId, "cache-control": "no-cache, no-store" });
  response.end(reply.body);
}

const ownHost = /^(127\.0\.0\.1|localhost)(:\d+)?$|^(ec2|ssm|sts|iam|elasticloadbalancing|servicequotas)(\.[a-z]{2}-[a-z]+-\d)?\.amazonaws\.com(:\d+)?$/;

/** A page in a browser must not be able to start machines: it always says where it comes from, or calls us by a name that is not ours. */
function refusedAtDoor({ headers }: IncomingMessage): string | null {
  if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined) return "This address takes no requests from a browser.";
  return ownHost.test(headers.host ?? "") ? null : "This address is not called so.";
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > maxBodyBytes) return null;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString("utf8");
}
