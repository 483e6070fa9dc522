// From an event to its pixel: a pod's restarts are changed through the API, and the row on screen is watched frame by frame.
import type { BrowserContext, Page } from "playwright-core";
import { z } from "zod";
import { plainApi, type PlainApi } from "../wire/kubernetes-api";
import { type Figures, percentile } from "./figures";
import { mapPath } from "./placement-page";
import { pauseMs } from "./placement-server";
import { aims, type Size } from "./placement-settings";
import type { Site } from "./placement-site";

const rates = [0, 20, 200];
const samples = 70;
const otherTabs = 9;
const lostAfterMs = 10_000;
const found = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }), spec: z.looseObject({ nodeName: z.string().optional() }), status: z.looseObject({ containerStatuses: z.array(z.looseObject({ name: z.string(), restartCount: z.number() })).optional() }) })) });

interface Probe { path: string; name: string; status: Record<string, unknown> }

async function chooseProbe(api: PlainApi): Promise<Probe> {
  const { items } = found.parse(await api.must("GET", "/api/v1/namespaces/waste/pods?limit=400"));
  const pod = items.findLast(({ spec, status }) => spec.nodeName && status.containerStatuses?.[0]?.restartCount === 0);
  const status = pod?.status.containerStatuses?.[0];
  if (!pod || !status) throw new Error("there is no pod to probe with");
  return { path: `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/status`, name: pod.metadata.name, status };
}

/** A tab in the background, as the page is told by a browser with one window; headless ones call every page visible. */
async function openOther(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => Object.defineProperty(document, "visibilityState", { get: () => "hidden" }));
  await page.goto(path, { waitUntil: "domcontentloaded" });
  return page;
}

/** Notes the time after the frame in which the row first showed another text. */
async function watchRow(page: Page, name: string): Promise<void> {
  await page.goto(`${mapPath}/table?filter=${encodeURIComponent(`pod:${name}`)}`);
  await page.getByRole("row").nth(1).waitFor({ timeout: 60_000 });
  await page.evaluate(() => {
    const seen: { value: string; at: number }[] = [];
    window.benchSeen = seen;
    const heads = [...document.querySelectorAll("[role=columnheader]")].map((head) => head.textContent ?? "");
    const column = heads.findIndex((head) => head.startsWith("Restarts"));
    let last = "";
    const after = new MessageChannel();
    after.port1.onmessage = ({ data }) => void seen.push({ value: data, at: performance.timeOrigin + performance.now() });
    const look = () => {
      const value = document.querySelectorAll("[role=row]")[1]?.children[column]?.textContent ?? "";
      if (value !== last) after.port2.postMessage(value);
      last = value;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

interface Sample { pixelMs: number; patchMs: number }

async function takeSample(input: { api: PlainApi; page: Page; probe: Probe; value: number }): Promise<Sample | null> {
  const { api, page, probe, value } = input;
  const sentAt = performance.timeOrigin + performance.now();
  await api.must("PATCH", probe.path, { status: { containerStatuses: [{ ...probe.status, restartCount: value }] } });
  const patchMs = performance.timeOrigin + performance.now() - sentAt;
  const at = await page.waitForFunction((wanted) => window.benchSeen?.find((each) => each.value === wanted)?.at, String(value), { timeout: lostAfterMs, polling: 50 }).then((handle) => handle.jsonValue(), () => null);
  return at === null || at === undefined ? null : { pixelMs: at - sentAt, patchMs };
}

export async function measureLatency(site: Site, context: BrowserContext, input: { figures: Figures; size: Size }): Promise<void> {
  const { figures, size } = input;
  const api = plainApi(site.world.kubeconfigPath);
  const others: Page[] = [];
  const page = await context.newPage();
  try {
    const probe = await chooseProbe(api);
    await watchRow(page, probe.name);
    for (let each = 0; each < otherTabs; each += 1) others.push(await openOther(context, `${mapPath}/table?view=nodes`));
    await page.bringToFront();
    let value = 100;
    for (const rate of rates) {
      const ordered = await site.world.order("churn", [String(rate)]);
      if (!ordered.ok) throw new Error(ordered.say);
      await pauseMs(5000);
      const taken: Sample[] = [];
      let lost = 0;
      for (let turn = 0; turn < samples; turn += 1) {
        const sample = await takeSample({ api, page, probe, value: value += 1 });
        if (sample) taken.push(sample);
        else lost += 1;
        await pauseMs(100 + Math.random() * 150);
      }
      const name = `placement.event-to-pixel.${rate}-per-second.${size.label}`;
      const pixels = taken.map(({ pixelMs }) => pixelMs);
      figures.note(`${name}: ${taken.length} samples, ${lost} lost; the API's own answer to the change took p50 ${Math.round(percentile(taken.map(({ patchMs }) => patchMs), 0.5))} ms, p99 ${Math.round(percentile(taken.map(({ patchMs }) => patchMs), 0.99))} ms of it`);
      if (taken.length < 60) throw new Error(`only ${taken.length} samples at ${rate} events a second`);
      figures.tell(`${name}.p50`, percentile(pixels, 0.5), "ms");
      figures.tell(`${name}.p99`, percentile(pixels, 0.99), "ms", rate === 200 ? aims.latencyMs : undefined);
    }
  } finally {
    await site.world.order("churn", ["0"]);
    await Promise.all([page, ...others].map((each) => each.close()));
    api.close();
  }
}
