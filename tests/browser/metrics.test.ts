// Metrics as an operator uses them: every panel of every tier has lines, one cursor and one time axis, a query from typing to chart.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openDeploymentStage } from "../fixtures/deployments/stage";
import { expectAccessible, launch, signIn, type Visit } from "./browser";

const base = "/clusters/sesac-prod/metrics";
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function opened(path: string, visit: Visit = {}): Promise<{ page: Page; problems: string[]; close: () => Promise<void> }> {
  const { page, context, problems } = await signIn(browser, visit);
  await page.goto(`${base}${path}`);
  return { page, problems, close: () => context.close() };
}

/** A panel is drawn when its lines have ends. */
const drawn = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true }).getByRole("list", { name: "Last values" }).getByRole("listitem").first();

describe("a tier's dashboard", () => {
  it.each([[1, 11], [2, 6], [3, 8], [4, 6]] as const)("of tier %i draws all its %i panels from the real Prometheus", async (tier, count) => {
    const { page, problems, close } = await opened(`/tier/${tier}?range=15m`);
    await page.getByRole("heading", { name: `Tier ${tier}` }).waitFor();
    await expect.poll(() => page.getByRole("list", { name: "Last values" }).count()).toBe(count);
    expect(await page.getByText("Nothing matches").count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it("moves one cursor through all charts, by pointer and by keys, and says what each line is worth there", async () => {
    const { page, close } = await opened("/tier/3?range=1h");
    await drawn(page, "Queue backlog").waitFor();
    await drawn(page, "Task rate").waitFor();
    const backlog = page.getByRole("slider", { name: /^Queue backlog/ });
    await backlog.hover();
    await expect.poll(() => page.getByRole("slider", { name: /^Task rate/ }).getAttribute("aria-valuetext")).toMatch(/^\d\d:\d\d, q\./);
    await backlog.focus();
    await page.keyboard.press("End");
    const last = await backlog.getAttribute("aria-valuenow");
    await page.keyboard.press("Shift+ArrowLeft");
    expect(Number(last) - Number(await backlog.getAttribute("aria-valuenow"))).toBe(10 * 15_000);
    await close();
  });

  it("looks closer at what was dragged over, in all charts and in the address", async () => {
    const { page, close } = await opened("/tier/3?range=3h");
    await drawn(page, "Queue backlog").waitFor();
    const box = await page.getByRole("slider", { name: /^Queue backlog/ }).boundingBox();
    if (!box) throw new Error("the chart is not there");
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.url()).toMatch(/start=\d+&end=\d+/);
    const { searchParams } = new URL(page.url());
    expect((Number(searchParams.get("end")) - Number(searchParams.get("start"))) / 60_000).toBeCloseTo(36, -1);
    await close();
  });

  it("has each chart as a table behind T", async () => {
    const { page, close } = await opened("/tier/3?range=1h");
    await drawn(page, "Queue backlog").waitFor();
    await page.getByRole("slider", { name: /^Queue backlog/ }).focus();
    await page.keyboard.press("t");
    await page.getByRole("region", { name: "Queue backlog as a table" }).getByRole("rowheader", { name: "q.ai" }).waitFor();
    await close();
  });
});

describe("the explorer", () => {
  it("leads from typing, with completion, to a chart, a table and an address that shows the same", async () => {
    const { page, problems, close } = await opened("/explorer?range=1h");
    const field = page.getByRole("textbox", { name: "Expression" });
    await field.click();
    await field.pressSequentially("sum by (queue) (rabbitmq_queue_messages_re");
    await page.getByRole("option", { name: /rabbitmq_queue_messages_ready/ }).first().click();
    await field.press("Control+Enter");
    await drawn(page, "Graph").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toContain("rabbitmq_queue_messages_ready");
    await page.getByText("Table", { exact: true }).click();
    await page.getByRole("table", { name: "Values now" }).getByText("q.dlq").waitFor();
    await page.reload();
    await page.getByRole("table", { name: "Values now" }).getByText("q.dlq").waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it("shows Prometheus' own words where an expression is wrong, with the place", async () => {
    const { page, close } = await opened(`/explorer?${new URLSearchParams({ q: "sum(rate(up[5m])" })}`);
    await page.getByRole("alert").filter({ hasText: /parse error.*unclosed left parenthesis/ }).waitFor();
    await close();
  });

  it("keeps a query under a name for everybody, and its owner removes it", async () => {
    const { page, close } = await opened(`/explorer?${new URLSearchParams({ q: "up" })}`);
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("what answers");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Saved 1" }).waitFor();
    const other = await opened("/explorer", { role: "viewer" });
    await other.page.getByRole("button", { name: "Saved 1" }).click();
    await other.page.getByRole("menuitem", { name: /what answers/ }).click();
    await drawn(other.page, "Graph").waitFor();
    expect(await other.page.getByRole("menuitem", { name: "Remove what answers" }).count()).toBe(0);
    await other.close();
    await page.getByRole("button", { name: "Saved 1" }).click();
    await page.getByRole("menuitem", { name: "Remove what answers" }).click();
    await page.getByRole("button", { name: "Saved", exact: true }).waitFor();
    await close();
  });
});

describe("alerts and targets", () => {
  it("tell the rules that are watched, and what is scraped", async () => {
    const { page, close } = await opened("/alerts");
    await page.getByText("QueueWithoutConsumer").first().waitFor();
    await page.goto(`${base}/targets`);
    await page.getByText(/targets (answer|are down)/).waitFor();
    await page.getByRole("heading", { name: "auth-api" }).waitFor();
    await close();
  });
});

describe("a silence", () => {
  it("is made for an alert with a reason and an end, holds it back at the real Alertmanager, is seen by all, and is ended; a viewer can do neither", async () => {
    const stage = await openDeploymentStage(inject("kubeconfigPath"));
    const { page, problems, close } = await opened("/alerts?filter=unheard");
    const panel = (title: string) => page.locator("section").filter({ has: page.getByRole("heading", { name: title, exact: true }) }).getByRole("listitem");
    const active = panel("Active");
    try {
      await stage.make("Deployment", "unheard", { tag: "1.0.0", nowhere: true });
      await active.filter({ hasText: "DeploymentFailed" }).getByRole("button", { name: "Silence" }).click();
      const sheet = page.getByRole("dialog", { name: "Silence DeploymentFailed?" });
      await sheet.getByText(/deployment="unheard"/).waitFor();
      expect(await sheet.getByRole("button", { name: "Silence", exact: true }).isDisabled()).toBe(true);
      await sheet.getByLabel("For").selectOption("30");
      await sheet.getByLabel("Why").fill("a drill for nobody");
      await expectAccessible(page);
      await sheet.getByRole("button", { name: "Silence", exact: true }).click();
      await sheet.waitFor({ state: "hidden" });
      await active.filter({ hasText: "DeploymentFailed" }).getByText("silenced by operator").waitFor();
      const made = panel("Silences").filter({ hasText: "a drill for nobody" });
      await made.getByText(/^(29|30) m left/).waitFor();
      const viewer = await opened("/alerts?filter=unheard", { role: "viewer" });
      await viewer.page.getByText("a drill for nobody").waitFor();
      expect(await viewer.page.getByRole("button", { name: /^(Silence|End it)$/ }).count()).toBe(0);
      await viewer.close();
      await made.getByRole("button", { name: "End it" }).click();
      await made.getByText(/^ended/).waitFor();
      await active.filter({ hasText: "DeploymentFailed" }).getByRole("button", { name: "Silence" }).waitFor();
      expect(problems).toEqual([]);
    } finally {
      await stage.remove("Deployment", "unheard");
      stage.api.close();
      await close();
    }
  });
});

describe("every page of Metrics", () => {
  const pages = [["/tier/3?range=1h", "Queue backlog"], ["/explorer?q=up", "Graph"], ["/alerts", ""], ["/targets", ""]] as const;

  it.each(pages.flatMap(([path, chart]) => (["dark", "light"] as const).map((scheme) => ({ path, chart, scheme }))))("$path is clean for axe in $scheme and fits 360 px", async ({ path, chart, scheme }) => {
    const { page, close } = await opened(path, { scheme });
    await (chart ? drawn(page, chart) : page.getByRole("textbox")).first().waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 780 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await close();
  });
});
