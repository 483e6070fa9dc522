// What Prometheus and Alertmanager have in common when they are started: a port of loopback, and the word that they are ready.
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const readyWithinMs = 60_000;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("loopback gave no port");
  return address.port;
}

/** `tail`: the last lines of its log, for who has to find out why it does not come. */
export async function untilReady(name: string, url: string, tail: () => string): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const ready = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) }).then((response) => response.ok, () => false);
    if (ready) return;
    if (Date.now() > deadline) throw new Error(`${name} did not become ready. ${tail()}`);
    await sleep(100);
  }
}
