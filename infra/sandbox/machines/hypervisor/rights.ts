// Whether this host lets machines be made: namespaces without any right of root, and the programs that put them together.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const needed = ["unshare", "setpriv", "nsenter", "mount", "findmnt", "pivot_root", "ip", "bash", "hostname", "curl"];
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

function canUnshare(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile("unshare", ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--mount-proc", "ip", "link", "set", "lo", "up"], { timeout: 10_000 }, (error, _stdout, stderr) => {
      resolve(error === null ? null : stderr.trim() || error.message);
    });
  });
}

/** Null where machines can be made; else the sentence that says why not. */
export async function whyNoMachines(): Promise<string | null> {
  if (process.platform !== "linux") return "Machines need Linux: provisioning is off in this sandbox.";
  const missing = needed.filter((program) => !folders.some((folder) => folder !== "" && existsSync(join(folder, program))));
  if (missing.length > 0) return `Machines need ${missing.join(", ")} (util-linux, iproute2): provisioning is off in this sandbox.`;
  const refused = await canUnshare();
  return refused === null ? null : `This host does not let namespaces be made (${refused}): provisioning is off in this sandbox.`;
}
