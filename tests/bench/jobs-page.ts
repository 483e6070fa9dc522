// When the log of a job is first seen in Chromium, and when its last line is: the built console over a database that holds it.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { buildConsole } from "../../infra/dev/build";
import { freePort, withoutRealThings } from "../../infra/dev/checkout";
import { startConsole } from "../../infra/dev/console";
import { cookieFrom } from "../fixtures/sign-in";
import { percentile, type Aim, type Figures } from "./figures";
import { launch } from "./placement-page";

interface Measured { figures: Figures; id: string; lines: number; aim: Aim; url: string; home: string }

const visits = 7;

export async function measureFirstPaint({ figures, id, lines, aim, url, home }: Measured): Promise<void> {
  await buildConsole();
  const account = { email: "bench@example.test", name: "bench", role: "operator", password: randomBytes(12).toString("base64url") };
  writeFileSync(path.join(home, "accounts.json"), JSON.stringify([account]), { mode: 0o600 });
  const port = await freePort();
  const at = `http://localhost:${port}`;
  const environment = { ...withoutRealThings(process.env), NODE_ENV: "production", QUARTERDECK_HOME: home, QUARTERDECK_URL: at, QUARTERDECK_SEED_ACCOUNTS: path.join(home, "accounts.json"), DATABASE_URL: url };
  const served = await startConsole({ port, environment, logFile: path.join(home, "console.log") });
  const browser = await launch();
  try {
    const cookie = await cookieFrom(at, account);
    const seen: { first: number; last: number }[] = [];
    for (let visit = 0; visit <= visits; visit++) seen.push(await visitLog(browser, { at, cookie, path: `/jobs/${id}`, last: String(lines) }));
    // The first visit also meets a console that has just started.
    const warm = seen.slice(1);
    figures.tell("jobs.log.first-paint", percentile(warm.map(({ first }) => first), 0.5), "ms", aim);
    figures.tell("jobs.log.first-paint.worst", Math.max(...warm.map(({ first }) => first)), "ms");
    figures.tell("jobs.log.last-line", percentile(warm.map(({ last }) => last), 0.5), "ms");
  } finally {
    await browser.close();
    await served.stop();
  }
}

interface Visit { at: string; cookie: string; path: string; last: string }

async function visitLog(browser: Browser, { at, cookie, path: to, last }: Visit): Promise<{ first: number; last: number }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: at });
  try {
    await context.addCookies(cookie.split("; ").map((pair) => ({ name: pair.slice(0, pair.indexOf("=")), value: pair.slice(pair.indexOf("=") + 1), url: at, httpOnly: true, sameSite: "Lax" as const })));
    const page = await context.newPage();
    await page.addInitScript(watchLog, last);
    await page.goto(to);
    const times = await page.waitForFunction(() => window.benchLog?.last !== undefined && window.benchLog, undefined, { timeout: 120_000, polling: 100 });
    const { first = Number.NaN, last: end = Number.NaN } = (await times.jsonValue()) || {};
    return { first, last: end };
  } finally {
    await context.close();
  }
}

declare global {
  interface Window {
    /** Ms after the navigation's begin: the first line painted, and the last of all. */
    benchLog?: { first?: number; last?: number };
  }
}

/** Runs in the page before its own scripts. */
function watchLog(last: string): void {
  const seen: { first?: number; last?: number } = {};
  window.benchLog = seen;
  const look = () => {
    const shown = [...document.querySelectorAll("[role=log] [data-index] > span:first-child")].map((line) => line.textContent);
    // After this frame has been handed on.
    if (shown.length > 0 && seen.first === undefined) requestAnimationFrame(() => (seen.first ??= performance.now()));
    if (shown.includes(last)) requestAnimationFrame(() => (seen.last ??= performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
