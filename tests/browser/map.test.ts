// The map of placement: every pod a cell, found by keys, opened beside, and drawn again only where something changed.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { explainPending, podPending } from "../fixtures/answers";
import { scaleTables } from "../fixtures/scale";
import { pendingPodKey, sevenNodeTables } from "../fixtures/seven-node";
import { expectAccessible, launch } from "./browser";
import { drawn, type FrontPage, openFrontPage } from "./front-page";

let browser: Browser;
let open: FrontPage | undefined;
const path = "/clusters/sesac-prod/placement";

beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
afterEach(async () => {
  await open?.close();
  open = undefined;
});

type More = Partial<Parameters<typeof openFrontPage>[1]>;

async function opened(more: More = {}): Promise<{ page: Page; front: FrontPage["front"]; problems: string[] }> {
  open = await openFrontPage(browser, { tables: sevenNodeTables(), path, ...more });
  const { page, front, problems } = open;
  await page.route("**/explain?*", (route) => route.fulfill({ json: explainPending }));
  await page.route("**/pods/monitoring/*", (route) => route.fulfill({ json: podPending }));
  await page.reload();
  await page.getByText("Control + Monitoring").first().waitFor();
  return { page, front, problems };
}
const cell = (page: Page, key: string) => page.locator(`[data-stop="pod:${key}"]`);

describe("the map of seven nodes", () => {
  it("shows every pod once, the one without a node on top", async () => {
    const { page } = await opened();
    await expect.poll(() => page.locator("[data-stop^='pod:']").count()).toBe(71);
    expect(await page.getByLabel("Pods without a node").locator("[data-stop]").getAttribute("data-stop")).toBe(`pod:${pendingPodKey}`);
  });

  it("is one tab stop, walked by arrows and by trouble", async () => {
    const { page } = await opened();
    await page.getByRole("group", { name: /Map of nodes and pods/ }).focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-stop") ?? "");
    expect(await focused()).toBe(`pod:${pendingPodKey}`);
    await page.keyboard.press("ArrowDown");
    expect(await focused()).not.toBe(`pod:${pendingPodKey}`);
    await page.keyboard.press("]");
    const first = await focused();
    expect(first).toBe("pod:argocd/argocd-1");
    await page.keyboard.press("]");
    expect(await focused()).toBe(`pod:${pendingPodKey}`);
    await page.keyboard.press("[");
    expect(await focused()).toBe(first);
  });

  it("opens a pod beside itself with the answer to why, keeps it in the address, and closes it with Escape", async () => {
    const { page } = await opened();
    await cell(page, pendingPodKey).click();
    await page.getByText("Fits on", { exact: false }).first().waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("pod")).toBe(pendingPodKey);
    await page.getByText("Agrees with the table", { exact: false }).waitFor();
    await page.getByText("cpu 130m short").first().waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).searchParams.get("pod")).toBeNull();
  });

  it("dims what does not match and moves nothing", async () => {
    const { page } = await opened();
    const where = () => page.locator("[data-stop]").evaluateAll((stops) => stops.map((stop) => `${stop.getAttribute("data-stop")} ${Math.round(stop.getBoundingClientRect().x)},${Math.round(stop.getBoundingClientRect().y)}`));
    await cell(page, "auth/auth-api-0").waitFor();
    const before = await where();
    await page.getByLabel("Filter pods and nodes").fill("app:argocd");
    await expect.poll(() => cell(page, "auth/auth-api-0").getAttribute("data-dim")).toBe("");
    expect(await cell(page, "argocd/argocd-0").getAttribute("data-dim")).toBeNull();
    expect(await where()).toEqual(before);
  });

  it("draws one changed pod again, and nothing but its tier's rollup with it", async () => {
    const tables = sevenNodeTables();
    const { page, front } = await opened({ tables });
    await cell(page, "users/users-api-0").waitFor();
    const pod = tables.pods.get("users/users-api-0");
    if (!pod) throw new Error("the fixture lost users-api-0");
    await drawn(page);
    front.change({ pods: { put: [{ ...pod, state: "failed", reason: "OOMKilled", ready: false }], gone: [] } });
    await expect.poll(() => cell(page, "users/users-api-0").getAttribute("data-state")).toBe("failed");
    expect(new Set((await drawn(page)).rows)).toEqual(new Set(["users/users-api-0"]));
  });

  it.each([["dark", 1440], ["light", 1440], ["dark", 360]] as const)("has nothing for axe to find in %s at %d px, with the drawer open", async (scheme, width) => {
    const { page } = await opened({ scheme, width, path: `${path}?pod=${pendingPodKey}` });
    await page.getByText("What would let it run").waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});

describe("the map of a large cluster", () => {
  it("draws every node as a block, comes nearer by wheel, and opens what is clicked", async () => {
    const { page } = await opened({ tables: scaleTables({ nodes: 900, pods: 9500 }) });
    const canvas = page.locator("canvas[data-seen]");
    await expect.poll(async () => Number(await canvas.getAttribute("data-seen"))).toBeGreaterThan(890);
    await page.getByRole("button", { name: /Lens to async-c3/ }).click();
    await page.getByText(/42 nodes|\d+ nodes, .* pods, one cell each/).first().waitFor();
    await canvas.hover();
    for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -300);
    await expect.poll(async () => Number(await canvas.getAttribute("data-seen"))).toBeLessThan(300);
    await page.getByRole("button", { name: "Fit" }).click();
    await expect.poll(async () => Number(await canvas.getAttribute("data-seen"))).toBeGreaterThan(890);
    await canvas.click({ position: { x: 10, y: 10 } });
    await expect.poll(() => new URL(page.url()).searchParams.get("node")).toMatch(/^mon-a/);
    await expectAccessible(page);
  });
});
