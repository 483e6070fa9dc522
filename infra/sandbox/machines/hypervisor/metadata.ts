// The instance metadata service, version 2 alone (source: "Use IMDSv2", EC2 User Guide): a token by PUT, everything else with it.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

/** The document as it is shown, a row per line. */
export type RoleCredentials = Readonly<Record<"Code" | "LastUpdated" | "Type" | "AccessKeyId" | "SecretAccessKey" | "Token" | "Expiration", string>>;

export interface Instance {
  instanceId: string;
  instanceType: string;
  privateIp: string;
  zone: string;
  region: string;
  accountId: string;
  userData: string;
  roleName: string | null;
  publicIp: () => string | null;
}

export interface MetadataInput {
  /** Whose connection this is, by the address that it comes from. */
  instanceAt: (address: string) => Instance | null;
  credentialsOf: (instanceId: string) => RoleCredentials | null;
  nowMs: () => number;
}

const tokenHeader = "x-aws-ec2-metadata-token";
const longestTokenSeconds = 21_600;

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

function identityDocument(instance: Instance, nowMs: number): string {
  const { instanceId, instanceType, privateIp, zone, region, accountId } = instance;
  return JSON.stringify({ accountId, architecture: "x86_64", availabilityZone: zone, instanceId, instanceType, privateIp, region, pendingTime: iso(nowMs), version: "2017-09-30" }, null, 2);
}

function credentialsDocument(credentials: RoleCredentials): string {
  return `{\n${Object.entries(credentials).map(([key, value]) => `  "${key}" : "${value}"`).join(",\n")}\n}`;
}

function leaf(instance: Instance, path: string, input: MetadataInput): string | null {
  const name = `ip-${instance.privateIp.replaceAll(".", "-")}.${instance.region}.compute.internal`;
  const values: Record<string, string | null> = {
    "instance-id": instance.instanceId, "instance-type": instance.instanceType, "local-ipv4": instance.privateIp, "public-ipv4": instance.publicIp(),
    hostname: name, "local-hostname": name, "placement/availability-zone": instance.zone, "placement/region": instance.region,
    "iam/security-credentials/": instance.roleName, "iam/security-credentials": instance.roleName,
  };
  if (Object.hasOwn(values, path)) return values[path] ?? null;
  const role = /^iam\/security-credentials\/(.+)$/.exec(path)?.[1];
  const credentials = role !== undefined && role === instance.roleName ? input.credentialsOf(instance.instanceId) : null;
  return credentials === null ? null : credentialsDocument(credentials);
}

function contentOf(instance: Instance, url: string, input: MetadataInput): string | null {
  const path = url.split("?")[0] ?? "";
  if (path === "/latest/user-data") return instance.userData === "" ? null : instance.userData;
  if (path === "/latest/dynamic/instance-identity/document") return identityDocument(instance, input.nowMs());
  return path.startsWith("/latest/meta-data/") ? leaf(instance, path.slice("/latest/meta-data/".length), input) : null;
}

export function metadataService(input: MetadataInput): RequestListener {
  const tokens = new Map<string, { instanceId: string; untilMs: number }>();
  const give = (instance: Instance, request: IncomingMessage, response: ServerResponse): void => {
    const seconds = Number(request.headers[`${tokenHeader}-ttl-seconds`]);
    if (request.headers["x-forwarded-for"] !== undefined) return void response.writeHead(403).end();
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestTokenSeconds) return void response.writeHead(400).end();
    const token = randomBytes(42).toString("base64");
    tokens.set(token, { instanceId: instance.instanceId, untilMs: input.nowMs() + seconds * 1_000 });
    response.writeHead(200, { "content-type": "text/plain", [`${tokenHeader}-ttl-seconds`]: String(seconds) }).end(token);
  };
  return (request, response) => {
    const instance = input.instanceAt(request.socket.remoteAddress ?? "");
    if (instance === null) return void response.writeHead(404).end();
    if (request.url === "/latest/api/token") return request.method === "PUT" ? give(instance, request, response) : void response.writeHead(405).end();
    const shown = tokens.get(String(request.headers[tokenHeader] ?? ""));
    if (shown === undefined || shown.instanceId !== instance.instanceId || shown.untilMs < input.nowMs()) return void response.writeHead(401).end();
    const content = contentOf(instance, request.url ?? "", input);
    if (content === null) return void response.writeHead(404, { "content-type": "text/html" }).end("404 - Not Found\n");
    response.writeHead(200, { "content-type": "text/plain" }).end(content);
  };
}
