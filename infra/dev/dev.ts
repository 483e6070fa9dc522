// `npm run dev`: the console in development against what the environment names; start a sandbox beside it with `npm run sandbox`.
import { spawn } from "node:child_process";
import { bin, root } from "./checkout.ts";
import { generateClient } from "./build.ts";

await generateClient();
const child = spawn(bin("next"), ["dev", "-H", "127.0.0.1", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
