// The world's own address: tells how far it is, and takes orders from who can read its token.
import { timingSafeEqual } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Home } from "./home.ts";
import { isObject, listAt, parseJson, textAt, type Json } from "./json.ts";
import type { Progress } from "./parts.ts";

export interface Outcome { ok: boolean; say: string }
export interface Report { url: string; stop(): Promise<void> }
export interface ReportInput {
  home: Home;
  port: number;
  progress: () => Progress;
  order: (name: string, args: string[]) => Promise<Outcome>;
}

export const ordersHeader = "x-quarterdeck-orders";
const maxBodyBytes = 64 * 1024;

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) throw new Error("The order is too long.");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function mayOrder(request: IncomingMessage, token: string): boolean {
  const given = request.headers[ordersHeader];
  if (typeof given !== "string") return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function argsOf(body: Json): string[] {
  return listAt(body, "args").map((arg) => typeof arg === "string" ? arg : JSON.stringify(arg));
}

async function take(input: ReportInput, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    send(response, 200, input.progress());
    return;
  }
  if (request.method !== "POST" || request.url !== "/orders") {
    send(response, 404, { ok: false, say: "There is GET / for the progress and POST /orders." });
    return;
  }
  if (!mayOrder(request, input.home.token)) {
    send(response, 403, { ok: false, say: `Orders need the token of ${join(input.home.dir, "orders.json")} in ${ordersHeader}.` });
    return;
  }
  const body = parseJson(await bodyOf(request));
  if (!isObject(body)) {
    send(response, 400, { ok: false, say: "An order is {order, args}." });
    return;
  }
  const outcome = await input.order(textAt(body, "order"), argsOf(body));
  send(response, outcome.ok ? 200 : 422, outcome);
}

/** A bound TCP server's address has a port; only unix sockets have none. */
function portOf(address: string | AddressInfo | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

export async function startReport(input: ReportInput): Promise<Report> {
  const server = createServer((request, response) => {
    take(input, request, response).catch((error: unknown) => send(response, 500, { ok: false, say: error instanceof Error ? error.message : String(error) }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(input.port, "127.0.0.1", () => resolve());
  });
  const port = portOf(server.address());
  writeFileSync(join(input.home.dir, "orders.json"), JSON.stringify({ port, token: input.home.token }), { mode: 0o600 });
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
