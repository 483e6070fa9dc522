// A signed-in Chromium page for a test, and what every screen is held to: no axe findings, no errors, no refused script.
import AxeBuilder from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { expect, inject } from "vitest";
import { findChromium } from "../../infra/dev/chromium";
import type { Account } from "./setup";

export const consoleUrl = (): string => inject("consoleUrl");

export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("Chromium is not on PATH; npm test installs it on Debian as root");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"] });
}

export interface View { width?: number; height?: number; scheme?: "dark" | "light" }
export interface Visit extends View { role?: Account["role"] }
export interface Visited { context: BrowserContext; page: Page; problems: string[] }

/** Long beside what a page takes: a machine that others use too must not decide what passes. */
export const patienceMs = 120_000;

let visits = 0;

/** A page of someone who is not signed in, at an address of their own: sign-ins are counted by address. */
export async function visit(browser: Browser, { width = 1440, height = 900, scheme = "dark" }: View = {}): Promise<Visited> {
  const extraHTTPHeaders = { "x-forwarded-for": `10.60.0.${++visits}` };
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, baseURL: consoleUrl(), reducedMotion: "reduce", extraHTTPHeaders });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  return { context, page, problems: watchProblems(page) };
}

/** A page of someone who has signed in before. */
export async function signIn(browser: Browser, { role = "operator", ...view }: Visit = {}): Promise<Visited> {
  const visited = await visit(browser, view);
  await visited.context.addCookies(inject("cookies")[role].split("; ").map((pair) => ({ name: pair.slice(0, pair.indexOf("=")), value: pair.slice(pair.indexOf("=") + 1), url: consoleUrl(), httpOnly: true, sameSite: "Lax" as const })));
  return visited;
}

/** The cookies of a context as a program would send them. */
export async function cookieOf(context: BrowserContext): Promise<string> {
  return (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Errors of the page as they come: exceptions, console errors, refusals by the content security policy. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  return problems;
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}

/** Wide tables scroll inside their panel, never the page. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

export async function order(name: string, args: string[] = []): Promise<void> {
  const { url, token } = inject("worldOrders");
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", "x-quarterdeck-orders": token }, body: JSON.stringify({ order: name, args }) });
  if (!response.ok) throw new Error(`the sandbox refused ${name}: ${await response.text()}`);
}
