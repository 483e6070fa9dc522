// A VPC as a process of its own with its machines as children: orders go down to it, its reports and its machines' connections come up.
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmdirSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Programs } from "../../programs.ts";
import type { Order, Report } from "../guest/messages.ts";

const here = dirname(fileURLToPath(import.meta.url));
const sandboxDir = join(here, "../..");
const yamlDir = join(sandboxDir, "../../node_modules/yaml");
/** Where root starts the sandbox its machines are run by this number, which is no account's. */
const nobody = "2000000";

export const machinePrograms = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubeadm", "kwok"] as const;

export interface VpcInput {
  programs: Partial<Programs>;
  onReport: (report: Report, connection: Socket | undefined) => void;
  /** It ended by itself, and its machines with it. */
  onEnd: (say: string) => void;
}

export interface VpcProcess {
  order(order: Order, connection?: Socket): void;
  stop(): Promise<void>;
}

/** The channel's other end is the VPC's first process, which sends reports alone. */
function asReport(message: unknown): Report { return message as Report; }

/** What travels on the channel beside a message is always a connection. */
function asConnection(handle: unknown): Socket | undefined { return handle as Socket | undefined; }

function launch(base: string, programs: Partial<Programs>): ChildProcess {
  const root = process.getuid?.() === 0;
  const pairs = machinePrograms.flatMap((name) => { const path = programs[name]; return path === undefined ? [] : [`${name}=${path}`]; });
  const layOut = [join(sandboxDir, "machines/guest/lay-out.sh"), base, process.execPath, sandboxDir, yamlDir, root ? nobody : "keep", ...pairs];
  return spawn("unshare", [...(root ? [] : ["--user", "--map-root-user"]), "--mount", "--", ...layOut], { stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true });
}

export function startVpc(input: VpcInput): VpcProcess {
  const base = mkdtempSync(join(tmpdir(), "quarterdeck-vpc-"));
  chmodSync(base, 0o755);
  const child = launch(base, input.programs);
  let said = "";
  let wanted = true;
  let up = false;
  const early: { order: Order; connection: Socket | undefined }[] = [];
  const send = (order: Order, connection: Socket | undefined): void => {
    if (child.connected) child.send(order, connection, {}, () => undefined);
    else connection?.destroy();
  };
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => { said = `${said}${chunk.toString("utf8")}`.slice(-2_000); });
  child.on("message", (message, connection) => {
    const report = asReport(message);
    if (report.say === "up") {
      up = true;
      for (const one of early.splice(0)) send(one.order, one.connection);
    } else input.onReport(report, asConnection(connection));
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => {
    if (existsSync(base)) rmdirSync(base);
    if (wanted) input.onEnd(`The VPC's process ended. ${said.trim()}`);
    resolve();
  }));
  return {
    order(order, connection) {
      if (up) send(order, connection);
      else early.push({ order, connection });
    },
    async stop() {
      wanted = false;
      child.kill("SIGKILL");
      await gone;
    },
  };
}
