// A console that nobody has set up: the link it prints at its start makes the first administrator, once, in a browser.
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, withoutRealThings } from "../../infra/dev/checkout";
import { startConsole } from "../../infra/dev/console";
import { startTestServer, type TestServer } from "../fixtures/database";
import { expectAccessible, launch, watchProblems } from "./browser";

let browser: Browser;
let server: TestServer;
let served: Awaited<ReturnType<typeof startConsole>>;
let url: string;
let link = "";

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startTestServer()]);
  const port = await freePort();
  url = `http://localhost:${port}`;
  const environment = { ...withoutRealThings(process.env), NODE_ENV: "production", DATABASE_URL: await server.fresh(), QUARTERDECK_HOME: server.home, QUARTERDECK_URL: url };
  const onLine = (line: string) => void (link ||= /"setUpLink":"([^"]+)"/.exec(line)?.[1] ?? "");
  served = await startConsole({ port, environment, logFile: path.join(server.home, "console.log"), onLine });
});
afterAll(async () => {
  await browser.close();
  await served.stop();
  await server.stop();
});

async function fill(page: Page, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Root");
  await page.getByLabel("E-mail").fill("root@example.org");
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole("button", { name: "Make the administrator and sign in" }).click();
}

describe("the first administrator", () => {
  it("is made by the printed link and is signed in; the link is good once", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems = watchProblems(page);
    expect(link).toMatch(new RegExp(`^${url}/set-up#[\\w-]{43}$`));
    await page.goto(link);
    await page.getByRole("heading", { name: "First administrator" }).waitFor();
    await expectAccessible(page);
    await fill(page, "password1234");
    await page.getByText(/a word that anyone would try first/).waitFor();
    await fill(page, "a long word to begin with");
    await page.getByRole("button", { name: "Signed in as Root, admin" }).waitFor();
    await expectAccessible(page);
    await page.goto(`${url}/access`);
    await page.getByRole("row").filter({ hasText: "root@example.org" }).waitFor();
    expect(problems.filter((one) => !/status of 400/.test(one))).toEqual([]);
    await context.clearCookies();
    await page.goto(`${url}/sign-in`);
    await page.goto(link);
    await fill(page, "another long word to begin");
    await page.getByText("This link has been used, withdrawn, or has run out.").waitFor();
    await context.close();
  });
});
