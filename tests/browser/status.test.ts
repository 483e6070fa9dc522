// The status page as developers see it: published by an operator, an incident from its first word to its post-mortem, maintenance, one's own services; to visitors who have never signed in.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { namespace, openDeploymentStage } from "../fixtures/deployments/stage";
import { expectAccessible, launch, signIn, visit } from "./browser";

const cluster = "sesac-prod";
const office = `/clusters/${cluster}/status`;
const page = `/status/${cluster}`;
const minute = 60_000;
let browser: Browser;
let operator: Awaited<ReturnType<typeof signIn>>;

beforeAll(async () => {
  browser = await launch();
  operator = await signIn(browser, { role: "operator" });
  await operator.page.goto(office);
  await operator.page.getByRole("switch", { name: "The page is published" }).waitFor();
});
afterAll(async () => {
  await operator.page.goto(office);
  await operator.page.getByRole("switch", { name: "The page is published" }).click();
  await operator.page.getByRole("button", { name: "Save" }).click();
  await operator.page.getByText("Nobody sees the page now.").waitFor();
  await browser.close();
});

/** How often the page says it, looked at again and again: it is written every few seconds. */
const told = (visitor: Page, text: string) => expect.poll(async () => {
  await visitor.reload();
  return visitor.getByText(text).count();
}, { timeout: 2 * minute, interval: 1_000 });

async function act(button: string, dialog: string, fill: (box: ReturnType<Page["getByRole"]>) => Promise<void>): Promise<void> {
  await operator.page.getByRole("button", { name: button, exact: true }).click();
  const box = operator.page.getByRole("dialog", { name: dialog });
  await fill(box);
  await box.waitFor({ state: "hidden" });
}

describe("a status page", () => {
  it("is nobody's until an operator publishes it, and then everybody's, without any script of the console", async () => {
    const { page: visitor, context } = await visit(browser);
    await visitor.goto(page);
    expect(new URL(visitor.url()).pathname).toBe("/sign-in");
    await operator.page.getByRole("switch", { name: "The page is published" }).click();
    await operator.page.getByLabel("Who may see it").selectOption("public");
    await operator.page.getByRole("button", { name: "Save" }).click();
    await operator.page.getByText("The page is published.", { exact: true }).waitFor();
    await expect.poll(async () => (await visitor.goto(page))?.status(), { timeout: 2 * minute, interval: 1_000 }).toBe(200);
    await expect.poll(() => visitor.getByRole("rowheader", { name: /Sync API/ }).or(visitor.getByText("auth-api")).count()).toBeGreaterThan(0);
    await context.close();
  });

  it.each([["dark", 1440], ["light", 1440], ["dark", 360], ["light", 360]] as const)("is read by everybody: %s, %i wide", async (scheme, width) => {
    const { page: visitor, context, problems } = await visit(browser, { scheme, width });
    await visitor.goto(page);
    await visitor.getByRole("heading", { level: 1 }).waitFor();
    await expectAccessible(visitor);
    expect(await visitor.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await context.close();
  });

  it("keeps one's own services in the address, which another person may be given", async () => {
    const { page: visitor, context } = await visit(browser);
    await visitor.goto(page);
    await visitor.getByRole("button", { name: "auth-api is one of mine" }).click();
    await visitor.getByRole("link", { name: /My services/ }).click();
    await visitor.waitForURL(/mine=auth%2Fauth-api/);
    const { page: friend, context: theirs } = await visit(browser, { width: 360 });
    await friend.goto(visitor.url());
    expect(await friend.locator("table.services tbody tr[id], table.services button[data-star]").count()).toBe(1);
    await friend.getByLabel("Filter by name").fill("users");
    await friend.keyboard.press("Enter");
    await friend.waitForURL(/q=users/);
    await friend.getByText("No service of that kind. Widen the filter.").waitFor();
    await Promise.all([context.close(), theirs.close()]);
  });
});

describe("an incident", () => {
  it("is opened, followed, resolved and looked back upon, each word where a visitor reads it", async () => {
    const { page: visitor, context } = await visit(browser);
    await visitor.goto(page);
    await act("Open an incident", "Open an incident", async (box) => {
      await box.getByLabel("What fails, in the words of whoever uses it").fill("Sign-in is slow");
      await box.getByLabel("Impact").selectOption("major");
      await box.getByLabel("First word").fill("Every second sign-in takes 4 s.");
      await box.getByRole("button", { name: "Open it" }).click();
    });
    await told(visitor, "Every second sign-in takes 4 s.").toBeGreaterThan(0);
    await expectAccessible(visitor);
    await act("Update Sign-in is slow", "Update: Sign-in is slow", async (box) => {
      await box.getByLabel("State").selectOption("identified");
      await box.getByLabel("Word").fill("An index is missing.");
      await box.getByRole("button", { name: "Tell it" }).click();
    });
    await told(visitor, "An index is missing.").toBeGreaterThan(0);
    await operator.page.goto(`/clusters/${cluster}/deployments`);
    await operator.page.getByRole("link", { name: /^Incident: INC-\d+ Sign-in is slow/ }).click();
    await operator.page.waitForURL(`**${office}`);
    await act("Update Sign-in is slow", "Update: Sign-in is slow", async (box) => {
      await box.getByLabel("State").selectOption("resolved");
      await box.getByLabel("Word").fill("The index is there.");
      await box.getByRole("button", { name: "Tell it" }).click();
    });
    await act("Post-mortem of Sign-in is slow", "Post-mortem: Sign-in is slow", async (box) => {
      await box.getByLabel("What happened, why, and what is changed because of it").fill("It was missing since 3.11.");
      await box.getByRole("button", { name: "Keep it" }).click();
    });
    await told(visitor, "It was missing since 3.11.").toBeGreaterThan(0);
    expect(await visitor.getByRole("heading", { name: /^Open incident/ }).count()).toBe(0);
    await visitor.locator("details.resolved summary").filter({ hasText: "Sign-in is slow" }).click();
    await visitor.getByText("It was missing since 3.11.").waitFor();
    await context.close();
  });
});

describe("the office behind the page", () => {
  it("keeps what it read when it cannot be read again, says since when and why, and is whole again without help", async () => {
    const { page: office } = operator;
    const reads = `**/api/clusters/${cluster}/status`;
    const older = office.getByRole("status").filter({ hasText: /^As of \d\d:\d\d:\d\d; it could not be read again\. The database is away\.$/ });
    await office.route(reads, (route) => route.fulfill({ status: 503, json: { error: { code: "unavailable", say: "The database is away.", requestId: "r-1" } } }));
    await older.waitFor();
    await office.getByRole("button", { name: "Open an incident", exact: true }).waitFor();
    await expectAccessible(office);
    await office.unroute(reads);
    await older.waitFor({ state: "detached" });
    await office.route(reads, (route) => route.fulfill({ status: 503, json: { error: { code: "unavailable", say: "The database is away.", requestId: "r-2" } } }));
    await office.reload();
    const trouble = office.getByRole("alert").filter({ hasText: "The status page could not be loaded" });
    await trouble.getByText("request r-2").waitFor();
    await office.unroute(reads);
    await trouble.getByRole("button", { name: "Try again" }).click();
    await office.getByRole("button", { name: "Open an incident", exact: true }).waitFor();
  });
});

describe("a suggested incident", () => {
  it("comes of a rollout that failed, is told to nobody until an operator opens it, and is put away for good by one who does not want it", async () => {
    const stage = await openDeploymentStage(inject("kubeconfigPath"));
    const { page: visitor, context } = await visit(browser);
    const suggestion = (name: string) => operator.page.getByRole("row").filter({ hasText: `suggested by rollout ${namespace}/${name}@1` });
    const states = (name: string) => operator.page.getByRole("row").filter({ hasText: `${namespace}/${name}: the rollout` }).getByRole("cell").nth(3).allTextContents();
    try {
      await Promise.all(["taken", "unwanted"].map((name) => stage.make("Deployment", name, { tag: "1.0.0", nowhere: true, progressDeadlineSeconds: 5 })));
      await operator.page.goto(office);
      for (const name of ["taken", "unwanted"]) await suggestion(name).waitFor({ timeout: 2 * minute });
      expect(await states("taken")).toEqual(["suggested"]);
      await visitor.goto(page);
      expect(await visitor.getByText("the rollout of").count()).toBe(0);
      await suggestion("unwanted").getByRole("button", { name: /^Dismiss/ }).click();
      await suggestion("unwanted").waitFor({ state: "detached" });
      await suggestion("taken").getByRole("button", { name: /^Open/ }).click();
      const box = operator.page.getByRole("dialog", { name: "Open an incident" });
      expect(await box.getByLabel("What fails, in the words of whoever uses it").inputValue()).toBe(`${namespace}/taken: the rollout of 1.0.0 failed`);
      expect(await box.getByLabel("Impact").inputValue()).toBe("minor");
      await box.getByLabel("First word").fill("No machine takes it.");
      await expectAccessible(operator.page);
      await box.getByRole("button", { name: "Open it" }).click();
      await box.waitFor({ state: "hidden" });
      await told(visitor, "No machine takes it.").toBeGreaterThan(0);
      await operator.page.reload();
      await expect.poll(() => states("taken")).toEqual(["investigating"]);
      expect(await suggestion("unwanted").count()).toBe(0);
      await act(`Update ${namespace}/taken: the rollout of 1.0.0 failed`, `Update: ${namespace}/taken: the rollout of 1.0.0 failed`, async (form) => {
        await form.getByLabel("State").selectOption("resolved");
        await form.getByLabel("Word").fill("It is gone.");
        await form.getByRole("button", { name: "Tell it" }).click();
      });
    } finally {
      await Promise.all(["taken", "unwanted"].map((name) => stage.remove("Deployment", name)));
      stage.api.close();
      await context.close();
    }
  });
});

describe("maintenance", () => {
  it("is planned by an operator, told to visitors with its time, and cancelled", async () => {
    const { page: visitor, context } = await visit(browser);
    await visitor.goto(page);
    const local = (at: number) => operator.page.evaluate((time) => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16), at);
    await act("Plan maintenance", "Plan maintenance", async (box) => {
      await box.getByLabel("What is done").fill("PostgreSQL 16.6");
      await box.locator("input[name=from]").fill(await local(Date.now() + 60 * minute));
      await box.locator("input[name=to]").fill(await local(Date.now() + 120 * minute));
      await box.getByRole("button", { name: "Plan it" }).click();
    });
    await told(visitor, "PostgreSQL 16.6").toBeGreaterThan(0);
    await operator.page.getByRole("button", { name: "Cancel PostgreSQL 16.6" }).click();
    await operator.page.getByText("The window is cancelled.").waitFor();
    await told(visitor, "PostgreSQL 16.6").toBe(0);
    await context.close();
  });
});
