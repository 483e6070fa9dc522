// The real Alertmanager of the sandbox: on loopback, alone, its silences kept in the home. It tells nobody of an alert.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { supervise } from "../process.ts";
import { freePort, untilReady } from "./ready.ts";

export interface AlertmanagerOptions {
  /** Path of the program. */
  program: string;
  /** The world's folder; everything is kept in `alertmanager` below it. */
  home: string;
  /** 0: any that is free. */
  port: number;
}

export interface Alertmanager { url: string; stop(): Promise<void> }

export async function startAlertmanager({ program, home, port: wanted }: AlertmanagerOptions): Promise<Alertmanager> {
  const dir = join(home, "alertmanager");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dir, "alertmanager.yaml"), JSON.stringify({ route: { receiver: "nobody" }, receivers: [{ name: "nobody" }] }), { mode: 0o600 });
  const port = wanted === 0 ? await freePort() : wanted;
  const url = `http://127.0.0.1:${port}`;
  const child = supervise({
    name: "alertmanager", command: program, logPath: join(dir, "alertmanager.log"), restarts: { limit: 3, withinMs: 60_000 },
    // Without an address for its cluster it looks for no others.
    args: ["--config.file", join(dir, "alertmanager.yaml"), "--storage.path", join(dir, "data"), "--web.listen-address", `127.0.0.1:${port}`, "--cluster.listen-address", "", "--log.level", "warn"],
  });
  child.start();
  await untilReady("Alertmanager", url, () => child.tail(3));
  return { url, stop: () => child.stop() };
}
