// AWS as far as the sandbox has it: one loopback address that speaks the protocols of its families.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Machine } from "../machines/catalogue.ts";
import { ordersHeader } from "../report.ts";
import { createAccount } from "./account.ts";
import type { Clock, Cloud } from "./cloud.ts";
import { control, controlPath, mayControl } from "./control.ts";
import { instanceCredentials, makeUserKeys, type RoleCredentials, type UserKeys } from "./credentials.ts";
import { serve, serviceCall, type Desk, type InsideCall } from "./dispatch.ts";
import { loseMachines } from "./ec2/instance-life.ts";
import { newFaults, orderFault, type Fault } from "./faults.ts";
import type { Hypervisor } from "./hypervisor.ts";
import { mayReach, type Reach } from "./reach.ts";
import { RequestLog, type Entry } from "./request-log.ts";
import { swift, type Settings } from "./settings.ts";
import type { InstanceState } from "./state.ts";
import { putBack, readSnapshot, takeSnapshot, writeSnapshot, type Snapshot } from "./store.ts";
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
  /** Where the account is kept, so that it outlives the sandbox. */
  statePath?: string;
  /** Whoever has it may give orders at /_control. */
  controlToken?: string;
}

export interface Aws {
  url: string;
  credential: UserKeys;
  controlToken: string;
  cloud: Cloud;
  /** Answers as the address does: for machines, which call AWS by its own names. */
  listener: RequestListener;
  log: readonly Entry[];
  onRequest(listener: (entry: Entry) => void): () => void;
  /** An order from outside the API: what became of a machine. False when there is no such instance. */
  setInstanceState(instanceId: string, state: InstanceState): boolean;
  set(settings: Partial<Settings>): void;
  /** Lets time pass in the account without anybody waiting. */
  pass(ms: number): void;
  save(): Snapshot;
  restore(snapshot: Snapshot): void;
  /** From now on instances have a life. Those that had one before the sandbox was restarted are off. */
  setHypervisor(hypervisor: Hypervisor): void;
  mayReach(reach: Reach): boolean;
  /** Told whenever another may reach another than before. */
  onGroupsChanged(listener: () => void): () => void;
  /** The policy that the account's own user is held to; null: he may do all. */
  setUserPolicy(document: string | null): void;
  /** The number by which it can be taken back. */
  fault(fault: Fault): number;
  clearFaults(): void;
  seedFaults(seed: number): void;
  instanceCredentials(instanceId: string): RoleCredentials | null;
  /** An action of one of AWS' own services, "elasticloadbalancing.amazonaws.com", which signs nothing here. */
  serviceCall(call: InsideCall): Element;
  stop(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;
/** The machines were there before the world came up. */
const launchedBeforeMs = 19 * 24 * 3600_000;

export async function startAws(options: AwsOptions): Promise<Aws> {
  const desk = makeDesk(options);
  const token = options.controlToken ?? randomBytes(24).toString("hex");
  const listener: RequestListener = (request, response) => void take({ desk, token }, request, response);
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    controlToken: token,
    listener,
    ...inProcess(desk),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function makeDesk({ machines, hypervisor, clock, settings, seed = randomBytes(8).toString("hex"), keys, publicAddresses, statePath }: AwsOptions): Desk {
  const cloud: Cloud = {
    state: createAccount(machines, { launchedAtMs: Date.now() - launchedBeforeMs, seed }), settings: { ...swift, ...settings }, aheadMs: 0,
    clock: { nowMs: () => (clock?.nowMs() ?? Date.now()) + cloud.aheadMs }, hypervisor: hypervisor ?? null, publicAddresses: publicAddresses ?? { prefix: "198.51.100", first: 10 },
  };
  const faults = newFaults();
  const kept = statePath === undefined ? null : readSnapshot(statePath);
  if (kept && machines.every(({ instanceId }) => Object.hasOwn(kept.state.instance, instanceId))) {
    putBack(cloud, faults, kept);
    loseMachines(cloud);
  }
  const changed = (): void => {
    if (statePath !== undefined) writeSnapshot(statePath, takeSnapshot(cloud, faults));
  };
  return { cloud, keys: keys ?? makeUserKeys(), faults, levels: {}, log: new RequestLog(), changed };
}

function inProcess(desk: Desk): Omit<Aws, "url" | "stop" | "listener" | "controlToken"> {
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
    pass: (ms) => { cloud.aheadMs += ms; },
    save: () => takeSnapshot(cloud, desk.faults),
    restore: (snapshot) => { putBack(cloud, desk.faults, snapshot); desk.changed(); },
    setHypervisor(hypervisor) {
      cloud.hypervisor = hypervisor;
      for (const { publicIp, instanceId } of Object.values(cloud.state.address)) if (instanceId !== null) hypervisor.mapAddress(publicIp, instanceId);
    },
    onGroupsChanged: (listener) => desk.log.onChange(({ action, took, endedMs }) => {
      if (took && endedMs === null && decidesReach.test(action)) listener();
    }),
    mayReach: (reach) => mayReach(cloud.state, reach),
    setUserPolicy: (document) => { cloud.state.userPolicy = document; desk.changed(); },
    fault: (fault) => orderFault(desk.faults, fault),
    clearFaults: () => { desk.faults.orders = []; },
    seedFaults: (seed) => { desk.faults.seed = seed; },
    instanceCredentials: (instanceId) => instanceCredentials(cloud, instanceId),
    serviceCall: (call) => serviceCall(desk, call),
  };
}

/** The actions after which `mayReach` may answer otherwise. */
const decidesReach = /SecurityGroup|^(RunInstances|TerminateInstances|ModifyInstanceAttribute|(As|Disas)sociate(Address|RouteTable)|(Create|Replace|Delete)Route|(Attach|Detach)InternetGateway)$/;

/** A TCP server that listens has an AddressInfo; the other forms are for pipes and for servers that do not. */
function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function take({ desk, token }: { desk: Desk; token: string }, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
  if (request.url === controlPath) {
    const outcome = mayControl(request.headers[ordersHeader], token) ? control(desk, body) : { status: 403, body: { say: `Orders need the token in ${ordersHeader}.` } };
    response.writeHead(outcome.status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(outcome.body));
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
