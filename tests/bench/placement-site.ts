// A world of a given size with database and built console beside it, and how to come in; each start and stop on order.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { freePort, withoutRealThings } from "../../infra/dev/checkout";
import { startConsole } from "../../infra/dev/console";
import { prepareEmbedded, startEmbeddedPostgres } from "../../infra/dev/database";
import type { Child } from "../../infra/sandbox/process";
import { startWorld, type World } from "../../infra/sandbox/world";
import { cookieFrom } from "../fixtures/sign-in";
import type { Size } from "./placement-settings";

export const slug = "sesac-scale";

export interface Site {
  world: World;
  url: string;
  /** Starts the console, with the cluster or with none; resolves when it answers, with the time at which the process was started. */
  start(cluster: boolean): Promise<Started>;
  signIn(page: Page): Promise<void>;
  cookie(): Promise<string>;
  stop(): Promise<void>;
}

export interface Started { startedAt: number; rssMb(): number; peakMb(): number; stop(): Promise<void> }

const account = { email: "bench@example.test", name: "bench", role: "operator", password: randomBytes(12).toString("base64url") };

export async function openSite(home: string, size: Size): Promise<Site> {
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, "accounts.json"), JSON.stringify([account]), { mode: 0o600 });
  const world = await startWorld({ home: path.join(home, "world"), scenario: "scale", nodes: size.nodes, pods: size.pods, churnPerSecond: 0, prometheus: false, traffic: false, aws: false, rollouts: false });
  const postgres = await startEmbeddedPostgres({ home }).catch(async (error: unknown) => {
    await world.stop();
    throw error;
  });
  const databaseUrl = await prepareEmbedded(postgres, home);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let running: Child | null = null;
  const start = async (cluster: boolean): Promise<Started> => {
    const environment = {
      ...withoutRealThings(process.env), NODE_ENV: "production", QUARTERDECK_HOME: home, QUARTERDECK_URL: url, QUARTERDECK_SEED_ACCOUNTS: path.join(home, "accounts.json"),
      DATABASE_URL: databaseUrl, ...(cluster ? { KUBECONFIG: world.kubeconfigPath } : {}),
    };
    const startedAt = Date.now();
    const child = await startConsole({ port, environment, logFile: path.join(home, "console.log") });
    running = child;
    const sum = (field: "VmRSS" | "VmHWM") => familyOf(child.pid() ?? 0).reduce((total, pid) => total + memoryOf(pid, field), 0);
    return { startedAt, rssMb: () => sum("VmRSS"), peakMb: () => sum("VmHWM"), stop: () => child.stop() };
  };
  return {
    world, url, start,
    signIn: (page) => signIn(page, url),
    cookie: () => cookieFrom(url, account),
    async stop() {
      await running?.stop();
      await world.stop();
      await postgres.stop();
    },
  };
}

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator("input[name=email]").fill(account.email);
  await page.locator("input[name=password]").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((to) => !to.pathname.startsWith("/sign-in"));
}

/** The process and all that it started. */
export function familyOf(pid: number): number[] {
  const parentOf = new Map(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), parentIn(name)]));
  const family = [pid];
  for (const one of family) for (const [child, parent] of parentOf) if (parent === one) family.push(child);
  return family;
}

function parentIn(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function memoryOf(pid: number, field: "VmRSS" | "VmHWM"): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) / 1024;
}
