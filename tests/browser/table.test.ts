// The table of placement: filter, order and selection in the address, keys, and any number of rows.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sevenNodeTables } from "../fixtures/seven-node";
import { expectAccessible, launch } from "./browser";
import { type FrontPage, manyPods, openFrontPage } from "./front-page";

let browser: Browser;
let open: FrontPage | undefined;
const table = "/clusters/sesac-prod/placement/table";

beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function opened(path = table, more: Partial<Parameters<typeof openFrontPage>[1]> = {}): Promise<Page> {
  open = await openFrontPage(browser, { tables: sevenNodeTables(), path, ...more });
  await open.page.getByRole("grid").waitFor();
  return open.page;
}
const names = (page: Page, column: number) => page.getByRole("row").evaluateAll((rows, at) => rows.slice(1).map((row) => row.children[at]?.textContent ?? ""), column);

describe("the table", () => {
  it("is filtered by what is typed, and keeps it in the address", async () => {
    const page = await opened();
    await page.keyboard.press("/");
    await page.keyboard.type("ns:argocd");
    await page.waitForURL(/filter=ns:argocd|filter=ns%3Aargocd/);
    await page.getByText("7 of 71 shown").waitFor();
    await page.reload();
    await page.getByText("7 of 71 shown").waitFor();
  });

  it("underlines a wrong token, says what is allowed, and hides nothing for it", async () => {
    const page = await opened();
    await page.getByLabel("Filter pods and nodes").fill("tier:9");
    await page.getByText("tier: takes 1, 2, 3, 4, none.").waitFor();
    expect(await page.getByLabel("Filter pods and nodes").getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByRole("row").count()).toBeGreaterThan(10);
  });

  it("sorts by a column's head, both ways, in the address", async () => {
    const page = await opened();
    const head = page.getByRole("columnheader", { name: "Restarts" });
    await head.getByRole("button").click();
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("ascending");
    await head.getByRole("button").click();
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("descending");
    await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-restarts");
    expect((await names(page, 1))[0]).toBe("argocd-1");
  });

  it("is walked by keys from one tab stop, and Enter opens what is marked", async () => {
    const page = await opened(`${table}?view=nodes`);
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/node=k8s-monitoring/);
  });

  it("opens a pod by a click and a workload's pods by theirs", async () => {
    const page = await opened();
    await page.getByRole("gridcell", { name: "alertmanager-0" }).click();
    await page.waitForURL(/pod=monitoring(\/|%2F)alertmanager-0/);
    await page.goto(`${table}?view=workloads`);
    await page.getByRole("gridcell", { name: "ai-worker" }).click();
    await page.getByText("3 of 71 shown").waitFor();
  });

  it("holds 30,000 pods with no more rows in the page than can be seen", async () => {
    const page = await opened(table, { tables: manyPods(300, 30_000) });
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    await page.getByRole("grid").focus();
    await page.keyboard.press("End");
    await page.getByRole("gridcell", { name: "pod-029999" }).waitFor();
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("30001");
  });

  it("lists names with markup as text", async () => {
    const tables = sevenNodeTables();
    const first = tables.pods.get("argocd/argocd-0");
    if (!first) throw new Error("the fixture has argocd-0");
    tables.pods.set("x/<img src=x onerror=alert(1)>", { ...first, key: "x/<img src=x onerror=alert(1)>", namespace: "x", name: "<img src=x onerror=alert(1)>" });
    const page = await opened(`${table}?filter=ns:x`, { tables });
    await page.getByRole("gridcell", { name: "<img src=x onerror=alert(1)>" }).waitFor();
    expect(await page.locator("img").count()).toBe(0);
  });

  it.each([["pods", "dark", 1440], ["nodes", "light", 1440], ["workloads", "dark", 1024], ["pods", "light", 360]] as const)("has no axe findings and no sideways scroll of the page: %s, %s, %i px", async (view, scheme, width) => {
    const page = await opened(`${table}?view=${view}`, { scheme, width });
    await page.getByRole("row").nth(3).waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
});
