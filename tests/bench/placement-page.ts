// The console in Chromium measured: when the map is drawn, how it pans, what it weighs, when it says stale.
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { findChromium } from "../../infra/dev/chromium";
import type { Figures } from "./figures";
import { aims, type Size } from "./placement-settings";
import { pauseMs } from "./placement-server";
import { type Site, slug } from "./placement-site";

const drawnWithinMs = 120_000;
const panMs = 3000;
const staleForMs = 6000;
const healedWithinMs = 60_000;
export const mapPath = `/clusters/${slug}/placement`;

export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("Chromium is not on PATH");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--js-flags=--max-old-space-size=4096"] });
}

export async function visitor(browser: Browser, site: Site): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "dark", baseURL: site.url });
  await context.addInitScript(watchDrawing);
  const page = await context.newPage();
  await site.signIn(page);
  return { context, page };
}

declare global {
  interface Window {
    /** Ms after the navigation's begin: totals in numbers, and the map painted. */
    benchDrawn?: { totals?: number; map?: number };
    benchSeen?: { value: string; at: number }[];
  }
}

/** Runs in the page before its own scripts: notes the first frame in which totals and map are there. */
function watchDrawing(): void {
  const drawn: { totals?: number; map?: number } = {};
  window.benchDrawn = drawn;
  let strokes = 0;
  for (const name of ["fill", "fillRect", "drawImage", "putImageData"] as const) {
    const plain: (...args: never[]) => void = CanvasRenderingContext2D.prototype[name];
    Object.defineProperty(CanvasRenderingContext2D.prototype, name, { value(this: CanvasRenderingContext2D, ...args: never[]) {
      strokes += 1;
      return plain.apply(this, args);
    } });
  }
  const look = () => {
    if (!/\d[\d,]* nodes, [\d,]+ of [\d,]+ pods placed/.test(document.querySelector("header p")?.textContent ?? "")) return void requestAnimationFrame(look);
    drawn.totals ??= performance.now();
    const canvas = document.querySelector("main canvas, canvas");
    const painted = canvas ? strokes > 20 : document.querySelector("[data-stop^='pod:']") !== null;
    if (!painted) return void requestAnimationFrame(look);
    // After this frame has been handed on.
    requestAnimationFrame(() => (drawn.map ??= performance.now()));
  };
  requestAnimationFrame(look);
}

export async function measureDrawn(page: Page, { figures, size }: { figures: Figures; size: Size }): Promise<void> {
  const totals: number[] = [];
  const maps: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await page.goto(mapPath, { waitUntil: "commit" });
    await page.waitForFunction(() => window.benchDrawn?.map !== undefined, undefined, { timeout: drawnWithinMs, polling: 250 });
    const drawn = await page.evaluate(() => window.benchDrawn);
    totals.push(drawn?.totals ?? Number.NaN);
    maps.push(drawn?.map ?? Number.NaN);
  }
  const middle = (values: number[]) => values.sort((a, b) => a - b)[1] ?? Number.NaN;
  figures.tell(`placement.drawn.totals.${size.label}`, middle(totals), "ms", aims.drawnMs(size));
  figures.tell(`placement.drawn.map.${size.label}`, middle(maps), "ms", aims.drawnMs(size));
}

export async function measureHeap(page: Page, input: { figures: Figures; size: Size; view: "map" | "table" }): Promise<void> {
  const { figures, size, view } = input;
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("Performance.enable");
  await pauseMs(2000);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const used = metrics.find(({ name }) => name === "JSHeapUsedSize");
  await session.detach();
  if (!used) throw new Error("Chromium told no JSHeapUsedSize");
  figures.tell(`placement.browser.heap.${view}.${size.label}`, used.value / 1e6, "MB", aims.heapMb(size));
}

/** False when the map of this size is drawn in the page itself and not on canvas: nothing to pan. */
export async function measurePan(page: Page, { figures, size }: { figures: Figures; size: Size }): Promise<boolean> {
  const box = await page.locator("canvas").first().boundingBox({ timeout: 2000 }).catch(() => null);
  if (!box) return false;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  for (let notch = 0; notch < 6; notch += 1) await page.mouse.wheel(0, -120);
  await pauseMs(500);
  await page.mouse.down();
  const frames = page.evaluate((forMs) => new Promise<number[]>((resolve) => {
    const times: number[] = [];
    const begun = performance.now();
    const step = () => {
      times.push(performance.now());
      if (performance.now() - begun < forMs) requestAnimationFrame(step);
      else resolve(times);
    };
    requestAnimationFrame(step);
  }), panMs);
  const end = Date.now() + panMs;
  for (let step = 0; Date.now() < end; step += 1) {
    await page.mouse.move(x + 200 * Math.sin(step / 9), y + 120 * Math.cos(step / 7));
    await pauseMs(8);
  }
  await page.mouse.up();
  const times = await frames;
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  figures.tell(`placement.pan.${size.label}`, ((times.length - 1) * 1000) / spanMs, "fps", aims.panFps(size));
  figures.tell(`placement.pan.longest-frame.${size.label}`, Math.max(...gaps), "ms");
  return true;
}

const chipSays = (page: Page, words: string, withinMs: number) =>
  page.waitForFunction((pattern) => [...document.querySelectorAll("[role=status]")].some((each) => new RegExp(pattern).test(each.textContent ?? "")) && Date.now(), words, { timeout: withinMs, polling: "raf" }).then((found) => found.jsonValue());

/** From the order to the word, and from the API's return to the word; by the chip that the person reads. */
export async function measureFault(site: Site, page: Page, input: { figures: Figures; size: Size; fault: "pause-api" | "stall-network" }): Promise<void> {
  const { figures, size, fault } = input;
  await chipSays(page, "^live", healedWithinMs);
  const begun = Date.now();
  const order = site.world.order(fault, [`${staleForMs}ms`]);
  const staleAt = Number(await chipSays(page, "^(stale|unreachable)", staleForMs));
  const said = await order;
  if (!said.ok) throw new Error(said.say);
  const liveAt = Number(await chipSays(page, "^live", healedWithinMs));
  figures.tell(`placement.${fault}.stale.${size.label}`, staleAt - begun, "ms", aims.staleMs);
  figures.tell(`placement.${fault}.healed.${size.label}`, liveAt - begun - staleForMs, "ms", aims.healedMs);
}
