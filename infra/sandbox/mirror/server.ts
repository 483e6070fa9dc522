// The mirror of add-ons: serves manifests with a list of their digests, as any web server would.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { mirrorFiles } from "./manifests.ts";

export interface Mirror {
  url: string;
  /** What is served from now on under a path, whatever the list of digests says; null takes it away, "original" puts it right again. */
  tamper(path: string, text: string | null): void;
  stop(): Promise<void>;
}

export async function startMirror(port: number): Promise<Mirror> {
  const originals = mirrorFiles();
  const files = new Map(originals);
  const sums = [...files].map(([path, text]) => `${createHash("sha256").update(text).digest("hex")}  ${path}`).join("\n");
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").slice(1);
    const text = path === "sha256sums" ? sums : files.get(path);
    response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/plain" }).end(text ?? "");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the mirror has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    tamper(path, text) {
      const now = text === "original" ? (originals.get(path) ?? null) : text;
      if (now === null) files.delete(path);
      else files.set(path, now);
    },
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
