// The frame and the live feed in a real browser: one stream, honest freshness, and only what changed is drawn.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sevenNodeTables } from "../fixtures/seven-node";
import { expectAccessible, launch } from "./browser";
import { drawn, type FrontPage, manyPods, openFrontPage } from "./front-page";

let browser: Browser;
let open: FrontPage | undefined;
const overview = "/clusters/sesac-prod";

beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function opened(path = overview, more: Partial<Parameters<typeof openFrontPage>[1]> = {}): Promise<FrontPage> {
  open = await openFrontPage(browser, { tables: sevenNodeTables(), path, ...more });
  await open.page.getByText(/^live$/).first().waitFor({ state: "attached" });
  return open;
}

describe("the live feed", () => {
  it("takes one stream for all tabs of a browser", async () => {
    const { front, context, page } = await opened();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    for (let tab = 0; tab < 3; tab++) {
      const other = await context.newPage();
      await other.goto(overview);
      await other.getByText("Needs attention").waitFor();
    }
    expect(front.streams()).toBe(1);
  });

  it("takes one stream for all tabs also where browsers have no shared workers, and another tab takes over from the one that leaves", async () => {
    const { front, context, page } = await opened();
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, "SharedWorker"));
    await page.goto(overview);
    await page.getByText("Needs attention").waitFor();
    const other = await context.newPage();
    await other.goto(`${overview}/placement/table?filter=status:failed`);
    await other.getByRole("gridcell", { name: "CrashLoopBackOff" }).waitFor();
    await expect.poll(() => front.streams()).toBe(1);
    await page.close();
    await other.getByText(/^live$/).first().waitFor({ state: "attached" });
    const failed = [...sevenNodeTables().pods.values()].find(({ state }) => state === "failed");
    if (!failed) throw new Error("the fixture has a failed pod");
    await expect.poll(() => front.streams()).toBe(1);
    front.change({ pods: { put: [{ ...failed, reason: "OOMKilled" }], gone: [] } });
    await other.getByRole("gridcell", { name: "OOMKilled" }).waitFor();
  });

  it("shows a change without being asked, and asks for no second snapshot", async () => {
    const { front, page } = await opened(`${overview}/placement/table?filter=status:failed`);
    await page.getByRole("gridcell", { name: "CrashLoopBackOff" }).waitFor();
    const before = front.snapshots();
    const failed = [...sevenNodeTables().pods.values()].find(({ state }) => state === "failed");
    if (!failed) throw new Error("the fixture has a failed pod");
    front.change({ pods: { put: [{ ...failed, reason: "OOMKilled" }], gone: [] } });
    await page.getByRole("gridcell", { name: "OOMKilled" }).waitFor();
    expect(front.snapshots()).toBe(before);
  });

  it("says stale when the console is silent, keeps the picture, and heals by itself", async () => {
    const { front, page } = await opened();
    await page.getByText("Needs attention").waitFor();
    front.stall(true);
    await page.getByText(/stale since \d\d:\d\d:\d\d/).first().waitFor();
    expect(await page.getByText("Control + Monitoring").isVisible()).toBe(true);
    front.stall(false);
    await page.getByText(/^live$/).first().waitFor({ state: "attached" });
  });

  it("comes back after its connection is cut", async () => {
    const { front, page } = await opened();
    front.cut();
    await expect.poll(() => front.streams()).toBe(1);
    front.say({ state: "stale", staleSince: Date.now(), say: "The API server does not answer." });
    await page.getByText(/stale since/).first().waitFor();
  });

  it("draws, at 30,000 pods, only the row that changed and the sums above it", async () => {
    const tables = manyPods(300, 30_000);
    const { front, page } = await opened(`${overview}/placement/table`, { tables });
    await page.getByRole("row").nth(10).waitFor();
    const [key, pod] = [...tables.pods].sort(([a], [b]) => (a.split("/")[1] ?? "").localeCompare(b.split("/")[1] ?? ""))[5] ?? [];
    if (!key || !pod) throw new Error("no pods");
    await drawn(page);
    front.change({ pods: { put: [{ ...pod, state: "failed", reason: "OOMKilled" }], gone: [] } });
    await page.getByRole("gridcell", { name: "OOMKilled" }).waitFor();
    const { components, rows } = await drawn(page);
    expect(new Set(rows)).toEqual(new Set([key]));
    expect(components).toBeLessThan(120);
  });
});

describe("the frame", () => {
  it.each([["dark", 1440], ["light", 1440], ["dark", 360]] as const)("has no axe findings and no sideways scroll, %s at %i px", async (scheme, width) => {
    const { page } = await opened(overview, { scheme, width });
    await page.getByText("Needs attention").waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });

  it("leads from ⌘K to a node by its name", async () => {
    const { page } = await opened();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Pages, nodes, pods, workloads, actions").fill("k8s-redis");
    await page.getByRole("button", { name: "Node: k8s-redis" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Node: k8s-redis" }).click();
    await page.waitForURL(/placement\?node=k8s-redis$/);
  });

  it("offers only pages that are there", async () => {
    const { page, context } = await opened();
    const addresses = await page.getByRole("navigation", { name: "Main" }).getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(addresses.length).toBeGreaterThan(4);
    for (const address of addresses) expect([address, (await context.request.get(address)).status()]).toEqual([address, 200]);
  });

  it("opens its navigation on a phone and closes it with the page that was chosen", async () => {
    const { page } = await opened(overview, { width: 360 });
    await page.getByRole("button", { name: "Open navigation" }).click();
    await page.getByRole("dialog").getByRole("link", { name: /Placement/ }).click();
    await page.waitForURL(/\/placement$/);
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
});

describe("the overview", () => {
  it("lists the troubles of the seven nodes, worst first", async () => {
    const { page } = await opened();
    const lines = page.locator("section", { hasText: "Needs attention" }).getByRole("listitem");
    await expect.poll(() => lines.count()).toBe(5);
    expect((await lines.allInnerTexts()).map((line) => line.split(/\s+/)[0])).toEqual(["Failed", "Pending", "Risk", "Warning", "Drift"]);
  });

  it("shows what of the world is still coming up, and nothing of it once all is ready", async () => {
    const part = { name: "prometheus", title: "Prometheus", state: "building", progress: 0.4, say: "compiling", etaMs: 60_000 };
    const { page } = await opened(overview, { world: { parts: [part], ready: false } });
    await page.getByText("0 of 1 parts ready").waitFor();
    await open?.close();
    const after = await opened(overview, { world: { parts: [{ ...part, state: "ready", progress: 1 }], ready: true } });
    await after.page.getByText("Needs attention").waitFor();
    expect(await after.page.getByText("Coming up").count()).toBe(0);
  });
});
