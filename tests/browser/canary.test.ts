// Canary as an operator uses it: an analysis defined, a version on its way judged before one's eyes, the planner's sentence; every page clean for axe, wide and on a phone.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectAccessible, expectNoSidewaysScroll, launch, order, signIn, type Visit } from "./browser";

const base = "/clusters/sesac-prod/canary";
const one = `${base}/recycling/recycling-api`;
const slowMs = 240_000;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await order("requests-per-second", ["recycling-api", "usual"]).catch(() => undefined);
  await browser.close();
});

async function opened(path: string, visit: Visit = {}): Promise<{ page: Page; problems: string[]; close: () => Promise<void> }> {
  const { page, context, problems } = await signIn(browser, visit);
  await page.goto(path);
  return { page, problems, close: () => context.close() };
}

describe("an analysis", () => {
  it("is written with its lint beside it, refused in words where it is wrong, and kept", async () => {
    const { page, close } = await opened(`${one}/analysis`);
    const text = page.getByRole("textbox", { name: "Definition as JSON" });
    await text.waitFor();
    await page.getByText("and nothing else").waitFor();
    const whole = await text.inputValue();
    await text.fill("{");
    await page.getByText(/This is no JSON/).waitFor();
    await text.fill(whole.replace(/"guard": \{[\s\S]*?\n {2}\},/, '"guard": null,'));
    await page.getByText(/There is no guard/).waitFor();
    await text.fill(whole.replace('"warmUpMinutes": 1', '"warmUpMinutes": 0'));
    await page.getByRole("spinbutton", { name: "Seconds between looks" }).or(page.getByLabel("Seconds between looks")).first().fill("5");
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByText(/Revision \d+, kept by operator/).waitFor();
    await close();
  }, slowMs);
});

/** One moment in all charts of evidence, by keys and by pointer; the same as a table and as a file. */
async function readsEvidence(page: Page): Promise<void> {
  const evidence = page.getByRole("region", { name: "Evidence", exact: true });
  const moment = evidence.getByRole("slider", { name: /^Evidence: a moment in time/ });
  await moment.focus();
  await moment.press("End");
  await moment.press("ArrowLeft");
  await expect.poll(() => moment.getAttribute("aria-valuetext")).toMatch(/^\d\d:\d\d, .*Error rate (none|–|(\S+ (not )?worse))/);
  await expect.poll(() => evidence.getByRole("paragraph").locator("time").count()).toBe(3);
  expect(await evidence.getByRole("slider", { name: /^Ratio of / }).getAttribute("aria-valuetext")).toMatch(/ratio (\d+\.\d\d×|∞|–)/);
  await moment.press("Escape");
  await expect.poll(() => evidence.getByRole("paragraph").locator("time").count()).toBe(0);
  await evidence.getByRole("slider", { name: /of both versions/ }).hover();
  await expect.poll(() => evidence.getByRole("paragraph").locator("time").count()).toBe(3);
  await moment.press("t");
  const table = evidence.getByRole("region", { name: "Evidence as a table" });
  expect(await table.getByRole("columnheader").allInnerTexts()).toEqual(expect.arrayContaining(["Look", "Error rate", "ratio", "low", "high", "canary", "stable"]));
  await table.getByRole("row", { name: /^\d\d:\d\d:\d\d .*worse/ }).first().waitFor();
  await expectAccessible(page);
  const [file] = await Promise.all([page.waitForEvent("download"), evidence.getByRole("button", { name: "Evidence: download as CSV" }).click()]);
  const text = await readFile(await file.path(), "utf8");
  expect(text.split("\n")[0]).toMatch(/^time,.*Error rate evidence of worse,.*Error rate ratio,.*Error rate canary,Error rate stable/);
  expect(text.split("\n").length).toBeGreaterThan(2);
  await evidence.getByRole("button", { name: "Evidence: show the chart" }).click();
  await moment.waitFor();
}

describe("a canary", () => {
  it("comes to the page by itself with its steps, its evidence grows before one's eyes, and a deed says what it will do before it is done", async () => {
    await order("requests-per-second", ["recycling-api", "2000"]);
    const { page, problems, close } = await opened(one);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await order("bad-canary", ["x8"]);
    await page.getByText("acts only on hash").waitFor();
    const looks = page.getByText(/look \d+, every/);
    await looks.waitFor();
    const first = await looks.textContent();
    await expect.poll(() => looks.textContent()).not.toBe(first);
    await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toMatch(/Worse: Error rate is/);
    await page.getByRole("row", { name: /Error rate/ }).getByText("fail").first().waitFor();
    await readsEvidence(page);
    await page.getByRole("button", { name: "Promote", exact: true }).click();
    await page.getByRole("dialog").getByText(/The judge says fail/).waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Promote one step" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Leave it" }).click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Abort", exact: true }).click();
    await page.getByRole("button", { name: "Abort this version" }).click();
    await page.getByRole("button", { name: "Retry", exact: true }).waitFor();
    await page.goto(base);
    await page.getByText("fail, aborted").first().waitFor();
    expect(problems).toEqual([]);
    await close();
  }, slowMs);

  it("is looked at by a viewer, who may not act", async () => {
    const { page, close } = await opened(one, { role: "viewer" });
    await page.getByText("You may look; an operator may act.").waitFor();
    expect(await page.getByRole("button", { name: "Promote fully" }).isDisabled()).toBe(true);
    await close();
  });
});

describe("the planner", () => {
  it("says in a sentence what a step can notice, and another when it is longer", async () => {
    const { page, close } = await opened(`${base}/planner?rps=50&bad=0.1&line=20`);
    const sentence = page.getByTestId("plan");
    await expect.poll(() => sentence.textContent()).toMatch(/^5 minutes at 5 % can only notice about an? \S+-fold error rate; hold 25 % for about \d+ minutes to notice 2×\.$/);
    const before = await sentence.textContent();
    await page.getByLabel("Step: minutes").fill("60");
    await expect.poll(() => sentence.textContent()).not.toBe(before);
    await expect.poll(() => page.url()).toContain("minutes=60");
    await close();
  });
});

describe("every page of Canary", () => {
  const pages = [[base, "How the last ended"], [one, "Stable"], [`${one}/analysis`, "For Argo Rollouts"], [`${base}/history`, "History"], [`${base}/planner?rps=50&bad=0.1`, "Shares beside each other"]] as const;
  it.each(pages.flatMap(([path, shown]) => (["dark", "light"] as const).map((scheme) => ({ path, shown, scheme }))))("$path is clean for axe in $scheme and fits 360 px", async ({ path, shown, scheme }) => {
    const { page, close } = await opened(path, { scheme });
    await page.getByText(shown).first().waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 780 });
    await expectNoSidewaysScroll(page);
    await close();
  });
});
