// An API server that costs nothing: a large cluster's lists written beforehand, its changes said by the bench, so that what is measured is the console alone.
import type { Answer, Ask, Transport } from "@/lib/adapters/kubernetes/transport";
import { entriesOf, type ScaleSize } from "../../infra/sandbox/scenarios/scale";

export interface WrittenApi extends Transport {
  /** Keys "namespace/name" of the pods that stand on a node, in the order written. */
  readonly pods: readonly string[];
  /** Another restart count for so many pods, in one piece, as a busy stream brings them. */
  restart(keys: readonly string[], restarts: number): void;
}

const collections: Readonly<Record<string, string>> = { "/api/v1/pods": "/pods/", "/api/v1/nodes": "/minions/", "/api/v1/namespaces": "/namespaces/", "/apis/apps/v1/deployments": "/deployments/", "/apis/apps/v1/replicasets": "/replicasets/" };

interface Stream { push(text: string): void; end(): void; body: AsyncIterable<Uint8Array> }

function openStream(): Stream {
  const waiting: Buffer[] = [];
  let over = false;
  let wake: () => void = () => undefined;
  return {
    push(text) {
      waiting.push(Buffer.from(text));
      wake();
    },
    end() {
      over = true;
      wake();
    },
    body: (async function* () {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk) yield chunk;
        else if (over) return;
        else await new Promise<void>((resolve) => { wake = resolve; });
      }
    })(),
  };
}

export function writtenApi(size: ScaleSize): WrittenApi {
  let version = 1000;
  const entries = [...entriesOf(size)];
  const versioned = (value: string) => value.replace('"metadata":{', `"metadata":{"resourceVersion":"${version += 1}",`);
  const pods = new Map(entries.flatMap(({ key, value }): [string, string][] => (key.startsWith("/pods/") && value.includes('"nodeName"') ? [[key.slice(6), value]] : [])));
  const podStreams = new Set<Stream>();
  const bookmark = () => `{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"${version}","annotations":{"k8s.io/initial-events-end":"true"}}}}\n`;
  const watch = ({ path, signal }: Ask): Answer => {
    const stream = openStream();
    const [collection = ""] = path.split("?");
    const prefix = collections[collection];
    let text = "";
    for (const { key, value } of prefix ? entries : []) {
      if (!key.startsWith(prefix ?? "")) continue;
      text += `{"type":"ADDED","object":${versioned(value)}}\n`;
      if (text.length > 60_000) {
        stream.push(text);
        text = "";
      }
    }
    stream.push(text + bookmark());
    if (collection === "/api/v1/pods") podStreams.add(stream);
    signal.addEventListener("abort", () => stream.end(), { once: true });
    return { status: 200, retryAfterMs: null, body: stream.body, discard: () => stream.end() };
  };
  return {
    pods: [...pods.keys()],
    restart(keys, restarts) {
      const lines = keys.map((key) => `{"type":"MODIFIED","object":${versioned((pods.get(key) ?? "").replace(/"restartCount":\d+/, `"restartCount":${restarts}`))}}\n`);
      for (const stream of podStreams) stream.push(lines.join(""));
    },
    ask(ask) {
      if (ask.path.includes("watch=1")) return Promise.resolve(watch(ask));
      const body = ask.path === "/version" ? '{"gitVersion":"v1.99.0"}' : "ok";
      return Promise.resolve({ status: 200, retryAfterMs: null, discard: () => undefined, body: (async function* () { yield Buffer.from(body); })() });
    },
    close: () => podStreams.forEach((stream) => stream.end()),
  };
}
