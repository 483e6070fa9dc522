// `npm run bench -- placement [-- --sizes 1000,30000 --latency 30000 --parts data,drawn]`: the console beside clusters of four sizes.
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildConsole } from "../../infra/dev/build";
import { createFigures } from "./figures";
import { measureFirstSecondStart } from "./npm-start";
import { measureLatency } from "./placement-latency";
import { launch, measureDrawn, measureFault, measureHeap, measurePan, mapPath, visitor } from "./placement-page";
import { measureFirstData, measureIdle, measureStart, measureWeight } from "./placement-server";
import { aims, type Part, readSettings, type Size } from "./placement-settings";
import { openSite, type Site } from "./placement-site";

const settings = readSettings((process.env.BENCH_ARGS ?? "").split(" ").filter(Boolean));
const figures = createFigures();
const wants = (part: Part) => settings.parts.includes(part);
const sizeTimeoutMs = 1_800_000;

beforeAll(async () => void (await buildConsole()));

async function inBrowser(site: Site, size: Size): Promise<void> {
  const browser = await launch();
  try {
    const { context, page } = await visitor(browser, site);
    const setting = { figures, size };
    if (wants("drawn")) {
      await figures.attempt(`drawn at ${size.label}`, () => measureDrawn(page, setting));
      await figures.attempt(`heap of the map at ${size.label}`, () => measureHeap(page, { ...setting, view: "map" }));
      await figures.attempt(`pan at ${size.label}`, async () => {
        if (!(await measurePan(page, setting))) figures.note(`placement.pan.${size.label}: the map of this size is not drawn on canvas; nothing to pan`);
      });
    }
    await page.goto(`${mapPath}/table`);
    await page.getByRole("row").nth(5).waitFor({ timeout: 120_000 });
    if (wants("drawn")) await figures.attempt(`heap of the table at ${size.label}`, () => measureHeap(page, { ...setting, view: "table" }));
    if (wants("faults")) for (const fault of ["pause-api", "stall-network"] as const) await figures.attempt(`${fault} at ${size.label}`, () => measureFault(site, page, { ...setting, fault }));
    await page.close();
    if (wants("latency") && settings.latencyAt.includes(size.pods)) await figures.attempt(`event to pixel at ${size.label}`, () => measureLatency(site, context, setting));
  } finally {
    await browser.close();
  }
}

async function atSize(size: Size): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-bench-"));
  figures.note(`\n${size.label}: ${size.nodes} nodes, ${size.pods} pods; load average ${loadavg().map((load) => load.toFixed(1)).join(" ")}`);
  const site = await openSite(home, size);
  if (site.world.loaded) {
    const { tookMs, ownCpuMs, etcdCpuMs } = site.world.loaded;
    figures.tell(`placement.sandbox.etcd-load.${size.label}`, tookMs, "ms", aims.etcdLoadMs(size));
    figures.tell(`placement.sandbox.etcd-load.own-cpu.${size.label}`, ownCpuMs, "ms");
    figures.tell(`placement.sandbox.etcd-load.etcd-cpu.${size.label}`, etcdCpuMs, "ms");
  }
  try {
    const { cookie, idleMb } = await measureIdle(site);
    const started = await measureStart(site, { figures, size, cookie });
    await figures.attempt(`first data at ${size.label}`, () => measureFirstData(site, { figures, size, cookie }));
    if (wants("data")) await figures.attempt(`weight at ${size.label}`, () => measureWeight(started, { figures, size, idleMb }));
    await inBrowser(site, size);
  } finally {
    await site.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

describe("placement at scale", () => {
  it.each([...settings.sizes])("is measured at $pods pods", (size) => figures.attempt(`all at ${size.label}`, () => atSize(size)), sizeTimeoutMs);

  it.runIf(wants("start"))("starts by npm start, first and second", () => figures.attempt("npm start", () => measureFirstSecondStart(figures)), sizeTimeoutMs);

  it("has made every measurement", () => expect(figures.missing).toEqual([]));
});
