// The map of a large cluster by hand and by key, on a desk and on a phone; and the pictures of nothing found and nothing allowed.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PlacementTables } from "../../lib/placement/model";
import { scaleTables } from "../fixtures/scale";
import { sevenNodeTables } from "../fixtures/seven-node";
import { expectAccessible, launch } from "./browser";
import { type FrontPage, openFrontPage } from "./front-page";

let browser: Browser;
let open: FrontPage | undefined;
const path = "/clusters/sesac-prod/placement";
const large = () => scaleTables({ nodes: 900, pods: 9500 });

beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function opened(more: Partial<Parameters<typeof openFrontPage>[1]> = {}): Promise<{ page: Page; front: FrontPage["front"] }> {
  open = await openFrontPage(browser, { tables: large(), path, ...more });
  await open.page.getByRole("heading", { name: "Placement" }).waitFor();
  return { page: open.page, front: open.front };
}

const map = (page: Page) => page.locator("canvas[data-seen]");
const said = (page: Page, what: "walked" | "trouble") => page.locator(`[data-spoken=${what}]`);
const lensSays = (page: Page) => page.getByLabel(/^Nodes under the lens/).getAttribute("aria-label");
const filterOf = (page: Page) => new URL(page.url()).searchParams.get("filter");

async function drag(page: Page, from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + by.x / 2, from.y + by.y / 2);
  await page.mouse.move(from.x + by.x, from.y + by.y);
  await page.mouse.up();
}

describe("the lens", () => {
  it("is carried by dragging it, and the map does not pan with it", async () => {
    const { page } = await opened();
    await expect.poll(async () => Number(await map(page).getAttribute("data-seen"))).toBeGreaterThan(890);
    const box = await map(page).boundingBox();
    if (!box) throw new Error("no canvas");
    // Shift and click bring the lens here without opening anything.
    await map(page).click({ position: { x: 100, y: 160 }, modifiers: ["Shift"] });
    const before = await lensSays(page);
    await map(page).click({ position: { x: 400, y: 160 }, modifiers: ["Shift"] });
    const there = await lensSays(page);
    await drag(page, { x: box.x + 400, y: box.y + 160 }, { x: -300, y: 0 });
    await expect.poll(() => lensSays(page)).not.toBe(there);
    await expect.poll(() => lensSays(page)).toBe(before);
    expect(Number(await map(page).getAttribute("data-seen"))).toBeGreaterThan(890);
    expect(new URL(page.url()).searchParams.get("node")).toBeNull();
  });

  it("is taken along by Z and left by Z", async () => {
    const { page } = await opened();
    await map(page).focus();
    for (let steps = 0; steps < 14; steps += 1) await page.keyboard.press("ArrowRight");
    const away = await lensSays(page);
    await page.keyboard.press("z");
    await expect.poll(() => lensSays(page)).not.toBe(away);
    const taken = await lensSays(page);
    for (let steps = 0; steps < 30; steps += 1) await page.keyboard.press("ArrowDown");
    await expect.poll(() => lensSays(page)).not.toBe(taken);
    const along = await lensSays(page);
    await page.keyboard.press("z");
    for (let steps = 0; steps < 30; steps += 1) await page.keyboard.press("ArrowUp");
    expect(await lensSays(page)).toBe(along);
  });
});

describe("the keyboard", () => {
  it("walks nodes, says where it stands, goes from trouble to trouble and opens with Enter", async () => {
    const { page } = await opened();
    await map(page).focus();
    await page.keyboard.press("ArrowRight");
    const first = await said(page, "walked").textContent();
    expect(first).toMatch(/^mon-\S+, tier 1, Control \+ Monitoring, 2a, CPU \d+ %, \d+ pods/);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => said(page, "walked").textContent()).not.toBe(first);
    await page.keyboard.press("]");
    await expect.poll(() => said(page, "walked").textContent()).toMatch(/failed|Not answering/);
    const name = (await said(page, "walked").textContent())?.split(",")[0] ?? "";
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("node")).toBe(name);
  });

  it("closes what is open by Esc, and shows the same filter as a table by T", async () => {
    const { page } = await opened({ path: `${path}?filter=tier%3A2` });
    await map(page).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: /^Node / }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("complementary", { name: /^Node / }).waitFor({ state: "detached" });
    await expect.poll(() => new URL(page.url()).searchParams.get("node")).toBeNull();
    await page.keyboard.press("t");
    await expect.poll(() => new URL(page.url()).pathname).toBe(`${path}/table`);
    expect(filterOf(page)).toBe("tier:2");
  });

  it("hears of a change: how many nodes are lost and pods failed", async () => {
    const tables = large();
    const { page, front } = await opened({ tables });
    await map(page).waitFor();
    const before = await said(page, "trouble").textContent();
    const [, node] = [...tables.nodes].find(([, { ready }]) => ready === "ready") ?? [];
    if (!node) throw new Error("the fixture has no ready node");
    const lost = Number(/^(\d+)/.exec(before ?? "")?.[1]);
    front.change({ nodes: { put: [{ ...node, ready: "unknown", reason: "Not answering" }], gone: [] } });
    await expect.poll(() => said(page, "trouble").textContent()).toMatch(new RegExp(`^${lost + 1} nodes not ready`));
  });
});

describe("the histogram", () => {
  it("filters between a lower and an upper bound, and another drag takes the place of the first", async () => {
    const { page } = await opened();
    const plot = page.getByLabel(/^Median \d+ %/);
    const box = await plot.boundingBox();
    if (!box) throw new Error("no histogram");
    const at = (share: number) => ({ x: box.x + box.width * share, y: box.y + 20 });
    await drag(page, at(0.4), { x: box.width * 0.2, y: 0 });
    await expect.poll(() => filterOf(page)).toBe("cpu:40..60");
    await drag(page, at(0.7), { x: -box.width * 0.2, y: 0 });
    await expect.poll(() => filterOf(page)).toBe("cpu:50..70");
    await drag(page, at(0.85), { x: box.width * 0.15, y: 0 });
    await expect.poll(() => filterOf(page)).toBe("cpu:>=85");
  });
});

describe("on a phone", () => {
  it.each(["dark", "light"] as const)("the lens lies in a sheet from below that folds away, hot spot by hot spot (%s)", async (scheme) => {
    const { page } = await opened({ width: 360, height: 800, scheme });
    const lens = page.getByLabel(/^Nodes under the lens/);
    await lens.waitFor();
    const seen = await lens.boundingBox();
    expect(seen?.width).toBeGreaterThan(300);
    expect((seen?.y ?? 0) + (seen?.height ?? 0)).toBeLessThanOrEqual(800);
    await page.getByText(/^1 of \d$/).waitFor();
    const before = await lensSays(page);
    await page.getByRole("button", { name: "Next hot spot" }).click();
    await page.getByText(/^2 of \d$/).waitFor();
    expect(await lensSays(page)).not.toBe(before);
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.getByRole("button", { name: "Fold the lens away" }).click();
    await lens.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Unfold the lens" }).click();
    await lens.waitFor();
  });
});

describe.each([["seven nodes", sevenNodeTables], ["a large cluster", large]] as const)("the map of %s", (_, tables) => {
  it("says 0 match over the dimmed map, and clears the filter", async () => {
    const { page } = await opened({ tables: tables(), path: `${path}?filter=app%3Anobody` });
    // Not for axe: the map behind is dimmed below its contrast on purpose.
    await page.getByText("0 match", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).last().click();
    await expect.poll(() => filterOf(page)).toBeNull();
    await page.getByText("0 match", { exact: true }).waitFor({ state: "detached" });
  });
});

describe("what may not be listed", () => {
  const without = (kind: "Node" | "Pod" | "Deployment"): PlacementTables => {
    const tables = sevenNodeTables();
    tables.kinds.set(kind, { kind, state: "forbidden", say: `Not allowed: the console's account needs list and watch on ${kind.toLowerCase()}s.`, count: 0 });
    if (kind === "Node") tables.nodes.clear();
    if (kind === "Pod") tables.pods.clear();
    return tables;
  };

  it.each([["Node", "Nodes may not be listed"], ["Pod", "Pods may not be listed"], ["Deployment", "Deployment (not allowed)"]] as const)("%s: is named in its place, and the rest goes on", async (kind, words) => {
    const { page } = await opened({ tables: without(kind) });
    await page.getByText(words).waitFor();
    if (kind !== "Node") await page.getByText("Control + Monitoring").first().waitFor();
    await expectAccessible(page);
  });
});
