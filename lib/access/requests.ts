// How the console itself is asked and how it answers, counted by route, for its own metrics.
import "server-only";
import { Gauge, Histogram, Registry } from "prom-client";
import { keep } from "@/lib/runtime";

export interface Requests {
  registry: Registry;
  answered: Histogram<"method" | "route" | "status">;
  streams: Gauge;
}

export function requests(): Requests {
  return keep("access.requests", () => {
    const registry = new Registry();
    const registers = [registry];
    return {
      registry,
      answered: new Histogram({ name: "quarterdeck_http_request_duration_seconds", help: "Until the answer began, by route.", labelNames: ["method", "route", "status"], buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10], registers }),
      streams: new Gauge({ name: "quarterdeck_streams_open", help: "Browsers that follow the live stream.", registers }),
    };
  });
}

type Params = Readonly<Record<string, string | readonly string[]>>;
type Asked = [request: Request, context?: { params: Promise<Params> }];

/** A route whose answers are counted. */
export function counted<A extends Asked>(route: (...asked: A) => Promise<Response>): (...asked: A) => Promise<Response> {
  return async (...asked) => {
    const since = performance.now();
    const response = await route(...asked);
    const [request, context] = asked;
    requests().answered.observe({ method: request.method, route: routeOf(new URL(request.url).pathname, (await context?.params) ?? {}), status: response.status }, (performance.now() - since) / 1000);
    return response;
  };
}

/** An address with its parameters' names in the place of their values: as many routes as the console has, whatever is asked for. */
export function routeOf(path: string, params: Params): string {
  const parts = path.split("/");
  for (const [name, value] of Object.entries(params)) {
    const values = [value].flat();
    const at = parts.findIndex((_, index) => values.length > 0 && values.every((one, along) => parts[index + along] === encodeURIComponent(one) || parts[index + along] === one));
    if (at >= 0) parts.splice(at, values.length, `[${name}]`);
  }
  return parts.join("/");
}
