// `npm run sandbox`: the world alone, or an order to a running one, away from anything real.
import { spawn } from "node:child_process";
import { root, withoutRealThings } from "./checkout.ts";

const child = spawn(process.execPath, ["infra/sandbox/main.ts", ...process.argv.slice(2)], { cwd: root, stdio: "inherit", env: withoutRealThings(process.env) });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
