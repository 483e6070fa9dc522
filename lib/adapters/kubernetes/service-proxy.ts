// A Service inside the cluster, asked through the API server: no address of its own has to be reachable for the console.
import "server-only";
import { AppError } from "@/lib/base/errors";
import type { ClientSetting } from "./call";
import { record } from "./project/read";
import { bodyText } from "./transport";
import { networkTrouble } from "./trouble";

export interface ServiceAsk { namespace: string; name: string; port: number; /** With its query, beginning with a slash. */ path: string; signal: AbortSignal }

const headTimeoutMs = 30_000;
const maxBytes = 32_000_000;

/** GET alone: what is read needs no more than the verb get on services/proxy. */
export async function askService({ namespace, name, port, path, signal }: ServiceAsk, { transport, server, closing }: ClientSetting): Promise<Response> {
  const what = `${namespace}/${name}`;
  try {
    const answer = await transport.ask({ path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(`${name}:${port}`)}/proxy${path}`, signal: AbortSignal.any([signal, closing]), headTimeoutMs });
    const body = await bodyText(answer, maxBytes);
    const refusal = answer.status >= 400 ? statusMessage(body) : null;
    if (answer.status === 403 && refusal !== null) throw new AppError("unavailable", `The console's account may not ask ${what} through the API server: ${refusal}. Bind it to the ClusterRole quarterdeck-metrics.`);
    if (refusal !== null) throw new AppError("unavailable", `The API server does not reach ${what}: ${refusal}.`);
    // The transport keeps no headers; JSON is told by how it begins.
    return new Response(body, { status: answer.status, headers: { "content-type": /^\s*[{[]/.test(body) ? "application/json" : "text/plain" } });
  } catch (thrown) {
    if (thrown instanceof AppError || signal.aborted) throw thrown;
    throw new AppError("unavailable", `Could not ask ${what} through the API server: ${networkTrouble(thrown, server).say}`, thrown);
  }
}

/** The API server's own refusal is a Status; anything else is the Service's answer. */
function statusMessage(body: string): string | null {
  try {
    const { kind, message } = record(JSON.parse(body));
    return kind === "Status" ? String(message ?? "no reason given").replace(/\.$/, "") : null;
  } catch {
    return null;
  }
}
