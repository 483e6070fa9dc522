// What a controller inside a cluster reaches by a Service's name, for one that runs outside of it: an HTTP proxy that knows the names.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Names {
  /** For the environment of the controller: HTTP_PROXY. */
  url: string;
  /** From now on a name (`service.namespace`) answers from there; null takes it back. */
  answer(name: string, url: string | null): void;
  close(): Promise<void>;
}

/** `service.namespace`, whatever of `.svc.cluster.local` is written behind it. */
export function shortName(host: string): string {
  return host.replace(/\.svc(\.cluster\.local)?$/, "");
}

const prometheusNames = ["prometheus-kube-prometheus-prometheus.monitoring", "prometheus-operated.monitoring"];

export async function openNames(prometheusUrl: () => string | null): Promise<Names> {
  const ordered = new Map<string, string>();
  const placeOf = (host: string): string | null => {
    const name = shortName(host);
    return ordered.get(name) ?? (prometheusNames.includes(name) ? prometheusUrl() : null);
  };
  const server = createServer((incoming, response) => pass(incoming, response, placeOf));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("loopback gave no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    answer: (name, url) => void (url === null ? ordered.delete(shortName(name)) : ordered.set(shortName(name), url)),
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** A proxy is asked with the whole address in place of a path. */
function pass(incoming: IncomingMessage, response: ServerResponse, placeOf: (host: string) => string | null): void {
  const wanted = URL.canParse(incoming.url ?? "") ? new URL(incoming.url ?? "") : null;
  const place = wanted === null ? null : placeOf(wanted.hostname);
  if (wanted === null || place === null) {
    response.writeHead(502, { "content-type": "text/plain" }).end(`${wanted?.hostname ?? "An address without a host"} has no endpoints in this world.\n`);
    return;
  }
  const { host, "proxy-connection": _, ...headers } = incoming.headers;
  const sent = ask(new URL(wanted.pathname + wanted.search, place), { method: incoming.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.once("error", (error) => { if (response.headersSent) response.destroy(); else response.writeHead(502, { "content-type": "text/plain" }).end(`${host ?? ""}: ${error.message}\n`); });
  incoming.pipe(sent);
}
