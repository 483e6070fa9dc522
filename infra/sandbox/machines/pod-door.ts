// Answers for the pods' own addresses: whoever goes through the API server to a service or a pod finds its health, and Prometheus.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiClient } from "../control-plane/api-client.ts";
import type { Route } from "../control-plane/egress.ts";
import { listAt, textAt } from "../json.ts";

export interface PodDoorInput { api: ApiClient; trafficUrl: () => string | null; prometheusUrl: () => string | null }
export interface PodDoor { route(host: string, port: number): Route; close(): void }

const prometheusPort = 9090;

export function openPodDoor(input: PodDoorInput): PodDoor {
  const hosts = new WeakMap<Duplex, string>();
  const appAt = async (ip: string): Promise<string> => {
    const pods = await input.api.get(`/api/v1/pods?fieldSelector=status.podIP=${ip}`);
    return textAt(listAt(pods, "items")[0], "metadata", "labels", "app");
  };
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const traffic = input.trafficUrl();
    const ip = hosts.get(incoming.socket);
    const app = ip === undefined ? "" : await appAt(ip);
    const path = new URL(incoming.url ?? "/", "http://pod").pathname;
    if (traffic === null || app === "" || (path !== "/health" && path !== "/ready")) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"detail":"Not Found"}');
      return;
    }
    ask(`${traffic}/health/${encodeURIComponent(app)}`, (answered) => {
      response.writeHead(answered.statusCode ?? 502, { "content-type": answered.headers["content-type"] ?? "application/json" });
      answered.pipe(response);
    }).once("error", () => response.writeHead(502).end()).end();
  };
  const server = createServer((incoming, response) => { answer(incoming, response).catch(() => response.destroy()); });
  return {
    route(host, port) {
      const prometheus = input.prometheusUrl();
      if (port === prometheusPort && prometheus !== null) {
        const { hostname, port: real } = new URL(prometheus);
        return { to: "port", host: hostname, port: Number(real) };
      }
      if (input.trafficUrl() === null) return { to: "nowhere", say: `${host} does not answer` };
      return { to: "server", take: (socket) => { hosts.set(socket, host); server.emit("connection", socket); } };
    },
    close: () => server.closeAllConnections(),
  };
}
