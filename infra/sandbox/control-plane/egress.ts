// The way from the API server to machines and pods: it asks this proxy for 10.0.2.57:10250, and the sandbox answers in that machine's stead.
import { createServer, type Server } from "node:http";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { stringify } from "yaml";

/** How a dialled address is answered: by a port of this machine, by a server in this process, or not at all. */
export type Route =
  | { to: "port"; host: string; port: number }
  | { to: "server"; take: (socket: Duplex) => void }
  | { to: "nowhere"; say: string };

export interface Egress {
  /** The API server's settings file that sends its connections here. */
  settingsPath: string;
  close(): Promise<void>;
}

export interface EgressInput { socketPath: string; settingsPath: string; route: (host: string, port: number) => Route }

function answer(socket: Duplex, status: string): void {
  socket.write(`HTTP/1.1 ${status}\r\n\r\n`);
}

function follow(route: Route, socket: Duplex, head: Buffer): void {
  if (route.to === "nowhere") {
    answer(socket, `502 ${route.say.replaceAll(/[\r\n]/g, " ")}`);
    socket.end();
    return;
  }
  if (route.to === "server") {
    answer(socket, "200 Connection Established");
    if (head.length > 0) socket.unshift(head);
    route.take(socket);
    return;
  }
  const there = connect({ host: route.host, port: route.port });
  there.once("connect", () => {
    answer(socket, "200 Connection Established");
    if (head.length > 0) there.write(head);
    there.pipe(socket);
    socket.pipe(there);
  });
  there.once("error", () => { answer(socket, "502 connection refused"); socket.destroy(); });
  socket.once("close", () => there.destroy());
  there.once("close", () => socket.destroy());
}

export async function openEgress(input: EgressInput): Promise<Egress> {
  rmSync(input.socketPath, { force: true });
  const server: Server = createServer((_request, response) => { response.writeHead(405).end(); });
  const open = new Set<Duplex>();
  server.on("connect", (request, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    const [, host = "", port = "0"] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(request.url ?? "") ?? [];
    follow(input.route(host, Number(port)), socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(input.socketPath, resolve);
  });
  writeFileSync(input.settingsPath, stringify({
    apiVersion: "apiserver.k8s.io/v1beta1", kind: "EgressSelectorConfiguration",
    egressSelections: [{ name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: input.socketPath } } } }],
  }));
  return {
    settingsPath: input.settingsPath,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(input.socketPath, { force: true });
    },
  };
}
