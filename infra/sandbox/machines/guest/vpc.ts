// The first process of a VPC: its bridge and its router, and the switch that puts the power of its machines on and off. Nothing here has rights over the host.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Order, PowerOn, Report, Shut } from "./messages.ts";

const [, , base = ""] = process.argv;
const machinesDir = join(base, "machines");
const here = join(base, "opt/sandbox/infra/machines/guest");
const metadataAddress = "169.254.169.254";
/** Stands for everything beyond the internet gateway; from the block for tests between networks (RFC 2544). */
const outsideAddress = "198.18.0.1";

interface Machine { process: ChildProcess; gone: Promise<void>; pluggedIn: boolean }
const machines = new Map<string, Machine>();
/** What is shut for a machine, also while it is not plugged in. */
const shutFor = new Map<string, readonly Shut[]>();
let interfaces = 0;

function report(what: Report, connection?: Socket): void {
  if (process.send === undefined || !process.connected) return;
  process.send(what, connection, {}, () => undefined);
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** A port whose connections go up to the world, unread. */
function handOver(where: "metadata" | "outside", port: number): void {
  const server = createServer({ pauseOnConnect: true }, (socket) => report({ say: "visit", where, port }, socket));
  server.listen(port, where === "metadata" ? metadataAddress : outsideAddress);
}

function setUp(): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=755", "machines", machinesDir]);
  ip("link", "set", "lo", "up");
  for (const address of [metadataAddress, outsideAddress]) ip("address", "add", `${address}/32`, "dev", "lo");
  ip("link", "add", "vpc", "type", "bridge");
  ip("link", "set", "vpc", "up");
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
  handOver("metadata", 80);
  handOver("outside", 443);
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const imageFolders = ["etc/apt/keyrings", "etc/apt/sources.list.d", "etc/default", "etc/modules-load.d", "etc/sysctl.d", "etc/systemd/system", "var/lib/apt/lists"];

/** The disk of a new instance: what an image of Ubuntu has in /etc as far as anything here reads it, and its user data. */
function format(root: string, machine: PowerOn): void {
  mkdirSync(root);
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=755", `disk-${machine.id}`, root]);
  cpSync(join(base, "etc"), join(root, "etc"), { recursive: true, verbatimSymlinks: true });
  for (const folder of imageFolders) mkdirSync(join(root, folder), { recursive: true });
  const certificates = "etc/ssl/certs/ca-certificates.crt";
  rmSync(join(root, certificates), { force: true });
  execFileSync("sh", ["-c", `cat "$1" - >"$2" 2>/dev/null || cat >"$2"`, "sh", join(base, certificates), join(root, certificates)], { input: machine.authority });
  write(root, "etc/hostname", `${machine.hostname}\n`);
  write(root, "etc/hosts", ["127.0.0.1 localhost", ...machine.hosts.map((name) => `${outsideAddress} ${name}`), `${machine.address} ${machine.hostname}`].join("\n") + "\n");
  write(root, "etc/passwd", "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
  write(root, "etc/group", "root:x:0:\nnogroup:x:65534:\n");
  write(root, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
  write(root, "etc/resolv.conf", "");
  write(root, "etc/fstab", "LABEL=cloudimg-rootfs / ext4 discard,errors=remount-ro 0 1\n");
  write(root, "etc/os-release", 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\n');
  write(root, "etc/sandbox.json", JSON.stringify({ ...machine.hardware, pace: machine.pace }));
  write(root, "var/lib/cloud/instance/user-data.txt", machine.userData);
  chmodSync(join(root, "var/lib/cloud/instance/user-data.txt"), 0o600);
}

/** Puts the machine's cable in: one end on the bridge, the other in its own network. */
function plugIn(machine: PowerOn, pid: number): void {
  interfaces += 1;
  const name = `veth${interfaces}`;
  ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
  ip("link", "set", name, "master", "vpc", "up");
  ip("address", "replace", `${machine.gateway}/${machine.prefix}`, "dev", "vpc");
}

function powerOn(machine: PowerOn, fresh: boolean): void {
  const root = join(machinesDir, machine.id);
  if (fresh) format(root, machine);
  const child = spawn("unshare", ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child=KILL", "--", join(here, "power-on.sh"), root, base, machine.address, String(machine.prefix), machine.gateway], { stdio: ["pipe", "pipe", "pipe", "pipe"] });
  const say = (chunk: Buffer): void => report({ say: "console", id: machine.id, text: chunk.toString("utf8") });
  child.stdout.on("data", say);
  child.stderr.on("data", say);
  child.stdin.on("error", () => undefined);
  child.stdio[3]?.once("data", () => {
    plugIn(machine, child.pid ?? 0);
    running.pluggedIn = true;
    shut(machine.id);
    child.stdin.end("go\n");
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const running: Machine = { process: child, gone, pluggedIn: false };
  machines.set(machine.id, running);
  awaitAdministrator(machine.id);
  void gone.then(() => {
    machines.delete(machine.id);
    report({ say: "off", id: machine.id });
  });
}

const lookMs = 1_000;

/** Told once it is whole: the same at two looks. */
function awaitAdministrator(id: string): void {
  const path = join(machinesDir, id, "etc/kubernetes/super-admin.conf");
  let before = "";
  const timer = setInterval(() => {
    if (!machines.has(id)) return clearInterval(timer);
    const kubeconfig = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (kubeconfig !== "" && kubeconfig === before) {
      clearInterval(timer);
      report({ say: "administrator", id, kubeconfig });
    }
    before = kubeconfig;
  }, lookMs);
}

async function powerOff(id: string): Promise<void> {
  const machine = machines.get(id);
  machine?.process.kill("SIGKILL");
  await machine?.gone;
}

async function scrap(id: string): Promise<void> {
  await powerOff(id);
  const root = join(machinesDir, id);
  execFileSync("sh", ["-c", `umount -l "$1" 2>/dev/null; rm -rf "$1"`, "sh", root]);
  shutFor.delete(id);
  report({ say: "scrapped", id });
}

/** What no security group allows leaves the sender and arrives nowhere: its rules stand before all others and lead back to the sender alone. */
function shut(id: string): void {
  const machine = machines.get(id);
  if (machine === undefined || !machine.pluggedIn) return;
  const rules = (shutFor.get(id) ?? []).map(({ to, protocol, port }) => `rule add priority 100 to ${to} ipproto ${protocol} dport ${port} lookup 100`);
  const script = "ip link set lo up; while ip rule del priority 100 2>/dev/null; do :; done; ip route replace default dev lo table 100; ip -batch -";
  execFileSync("nsenter", [`--net=/proc/${machine.process.pid ?? 0}/ns/net`, "sh", "-c", script], { input: `${rules.join("\n")}\n`, stdio: ["pipe", "ignore", "pipe"] });
}

function carryOn(outer: Socket, to: string, port: number): void {
  const inner = connect(port, to);
  for (const [one, other] of [[inner, outer], [outer, inner]] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
  outer.pipe(inner).pipe(outer);
  outer.resume();
}

const disks = new Set<string>();

function obey(order: Order, connection: Socket | undefined): void {
  if (order.do === "power-on") {
    powerOn(order.machine, !disks.has(order.machine.id));
    disks.add(order.machine.id);
  } else if (order.do === "power-off") void powerOff(order.id);
  else if (order.do === "scrap") {
    disks.delete(order.id);
    void scrap(order.id);
  } else if (order.do === "shut") {
    shutFor.set(order.id, order.paths);
    shut(order.id);
  }
  else if (connection !== undefined) carryOn(connection, order.to, order.port);
}

/** Only the world writes to this channel, and it writes orders. */
function asOrder(message: unknown): Order { return message as Order; }

/** What travels on the channel beside a message is always a connection. */
function asConnection(handle: unknown): Socket | undefined { return handle as Socket | undefined; }

process.on("message", (message, connection) => {
  try {
    obey(asOrder(message), asConnection(connection));
  } catch (error) {
    report({ say: "failed", why: error instanceof Error ? error.message : String(error) });
  }
});
// Its end is the end of every machine: the kernel kills what is left in a process namespace without its first process.
process.on("disconnect", () => process.exit(0));
setUp();
report({ say: "up" });
