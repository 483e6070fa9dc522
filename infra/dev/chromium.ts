// Chromium for the browser tests: from PATH, else Debian's package.
import { spawnSync } from "node:child_process";
import { run } from "./checkout.ts";

export function findChromium(): string | null {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
    if (found.status === 0) return found.stdout.trim();
  }
  return null;
}

/** Installs Debian's package where we may; else says what to do. */
export async function ensureChromium(): Promise<void> {
  if (findChromium()) return;
  const debian = spawnSync("sh", ["-c", "command -v apt-get"]).status === 0;
  if (!debian || process.getuid?.() !== 0) throw new Error("The browser tests need Chromium, and none is on PATH. Install it (Debian: apt-get install chromium) and run npm test again.");
  console.log("  installing Debian's chromium for the browser tests …");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env: environment });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env: environment });
}
