// `npm run bench -- <topic>`: runs one topic of tests/bench with all its parts, away from anything real, under the machine's and versions' line.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { generateClient } from "./build.ts";
import { bin, root, withoutRealThings } from "./checkout.ts";
import { ensureChromium } from "./chromium.ts";
import { programs } from "./programs.ts";

/** Topics that measure our own rules alone, without a world or a browser. */
const calculated = ["metrics-canary", "placement-cost"];
/** Topics of several files; each of these may be run by itself, too. */
const parts: Record<string, readonly string[]> = {
  "deployments-status": ["deployments-status", "deployments-status-records", "deployments-status-rollouts"],
  provisioning: ["provisioning", "provisioning-crash"],
};
const [topic = "", ...rest] = process.argv.slice(2);
const folder = path.join(root, "tests/bench");
const topics = existsSync(folder) ? readdirSync(folder).flatMap((file) => (file.endsWith(".bench.ts") ? [file.slice(0, -9)] : [])) : [];
if (!topics.includes(topic)) {
  console.error(`npm run bench -- <topic>, where the topic is one of: ${topics.join(", ")}${topic ? `; got ${topic}` : ""}.`);
  process.exit(1);
}
console.log(`machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}; Node ${process.version}`);
await generateClient();
if (!calculated.includes(topic)) {
  await programs();
  await ensureChromium();
}
const environment = { ...withoutRealThings(process.env), BENCH_ARGS: rest.join(" ") };
const result = spawnSync(bin("vitest"), ["run", "-c", "infra/dev/vitest.config.ts", "--project", "bench", "--silent=false", "--disableConsoleIntercept=true", ...(parts[topic] ?? [topic]).map((part) => `tests/bench/${part}.bench.ts`)], { cwd: root, stdio: "inherit", env: environment });
process.exit(result.status ?? 1);
