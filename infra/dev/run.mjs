// The first step of every command, in plain JavaScript for whatever Node is here: install what is missing, then go on under the pinned Node.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const [command = "start", ...rest] = process.argv.slice(2);
const major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(`Quarterdeck needs Node 20 or newer to begin with, and this is ${process.version}. Install it from https://nodejs.org and run the command again.`);
  process.exit(1);
}

const installed = path.join(root, "node_modules/.package-lock.json");
const lock = path.join(root, "package-lock.json");
const pinned = path.join(root, "node_modules/node/bin/node");

if (!existsSync(installed) || !existsSync(pinned) || statSync(lock).mtimeMs > statSync(installed).mtimeMs + 1000) {
  console.log("Installing packages from the lock file (about a minute the first time) …");
  const { NODE_ENV: _omitsDevDependencies, ...environment } = process.env;
  const result = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: "inherit", env: environment });
  if (result.status !== 0) {
    console.error("npm ci did not finish. What it printed above says why; when that is mended, run the command again.");
    process.exit(1);
  }
}

const child = spawn(pinned, [path.join(root, "infra/dev", `${command}.ts`), ...rest], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH ?? ""}` },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
