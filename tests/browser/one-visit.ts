// For suites that look at one page at a time: somebody opens it, and it is left when the test is over. And the wizard's way, as far as they share it.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { launch, signIn, type Visit, type Visited } from "./browser";

/** Hooks of the suite that calls it; `problems` are those of the page that was opened last. */
export function oneVisit(): { opened: (path: string, visit?: Visit) => Promise<Page>; problems: () => string[] } {
  let browser: Browser;
  let visited: Visited | undefined;
  beforeAll(async () => void (browser = await launch()));
  afterAll(() => browser.close());
  afterEach(async () => {
    await visited?.context.close();
    visited = undefined;
  });
  return {
    opened: async (path, visit = {}) => {
      visited = await signIn(browser, visit);
      await visited.page.goto(path);
      return visited.page;
    },
    problems: () => visited?.problems ?? [],
  };
}

/** From the wizard's first page to the review of a cluster, nothing changed of the preset. */
export async function drawn(page: Page, preset: RegExp, name: string): Promise<void> {
  const next = () => page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: preset }).click();
  await next();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await next();
  await page.getByRole("heading", { name: "Access" }).waitFor();
  await next();
  await page.getByRole("heading", { name: "Add-ons", exact: true }).waitFor();
  await page.getByRole("button", { name: "Save and review" }).click();
  await page.getByRole("button", { name: "Build cluster" }).waitFor();
}
