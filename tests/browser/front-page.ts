// A page of the built console over a feed of rows that the test holds in its hand, and a count of what React drew.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { inject } from "vitest";
import type { PlacementTables, PodRow } from "../../lib/placement/model";
import { type Front, openFront } from "../fixtures/console-front";
import { nodeRow, podRow } from "../fixtures/rows";
import { patienceMs, watchProblems } from "./browser";

export interface FrontPage { front: Front; context: BrowserContext; page: Page; problems: string[]; close(): Promise<void> }

export async function openFrontPage(browser: Browser, { tables, path, width = 1440, height = 900, scheme = "dark" as const, world = null }: { tables: PlacementTables; path: string; width?: number; height?: number; scheme?: "dark" | "light"; world?: unknown }): Promise<FrontPage> {
  const front = await openFront({ upstream: inject("consoleUrl"), cookie: inject("cookies").operator, tables, world });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, baseURL: front.url, reducedMotion: "reduce" });
  context.setDefaultTimeout(patienceMs);
  // The front sends the session's cookie upstream by itself; the page's own cookie only tells that there is one.
  const page = await context.newPage();
  await page.addInitScript(countDrawn);
  const problems = watchProblems(page);
  await page.goto(path);
  return { front, context, page, problems, close: async () => (await context.close(), front.close()) };
}

export interface Drawn { components: number; rows: string[] }

/** What React rendered since the last call: how many components, and which of them stand for a row. */
export async function drawn(page: Page): Promise<Drawn> {
  return page.evaluate(() => {
    const counted: unknown = Reflect.get(globalThis, "drawnSoFar");
    Reflect.set(globalThis, "drawnSoFar", { components: 0, rows: [] });
    return counted;
  }).then((counted) => {
    if (typeof counted === "object" && counted !== null && "components" in counted && "rows" in counted && Array.isArray(counted.rows)) return { components: Number(counted.components), rows: counted.rows.map(String) };
    throw new Error("nothing counted: React did not find the counter");
  });
}

/** Runs in the page before React: stands where its developer tools would, and walks each commit along what changed. */
function countDrawn(): void {
  interface Fiber { tag: number; flags: number; alternate: Fiber | null; child: Fiber | null; sibling: Fiber | null; memoizedProps: Record<string, unknown> | null }
  const functionTags = new Set([0, 11, 14, 15]);
  const performedWork = 1;
  Reflect.set(globalThis, "drawnSoFar", { components: 0, rows: [] });
  const visit = (fiber: Fiber, fresh: boolean) => {
    const counted: { components: number; rows: string[] } = Reflect.get(globalThis, "drawnSoFar");
    if (functionTags.has(fiber.tag) && (fresh || (fiber.flags & performedWork) !== 0)) {
      counted.components++;
      const key = fiber.memoizedProps?.rowKey ?? fiber.memoizedProps?.podKey;
      if (typeof key === "string") counted.rows.push(key);
    }
    if (!fresh && fiber.alternate?.child === fiber.child) return;
    for (let child = fiber.child; child; child = child.sibling) {
      const before = child.alternate;
      if (fresh || !before) visit(child, true);
      else visit(child, false);
    }
  };
  Reflect.set(globalThis, "__REACT_DEVTOOLS_GLOBAL_HOOK__", {
    supportsFiber: true, isDisabled: false, renderers: new Map(), checkDCE: () => undefined, inject: () => 1, onScheduleFiberRoot: () => undefined, onCommitFiberUnmount: () => undefined, onPostCommitFiberRoot: () => undefined,
    onCommitFiberRoot: (_: number, root: { current: Fiber }) => visit(root.current, root.current.alternate === null),
  });
}

/** A cluster of any size: pods spread evenly over nodes, tiers by turns. */
export function manyPods(nodes: number, pods: number): PlacementTables {
  const tables: PlacementTables = { nodes: new Map(), pods: new Map(), workloads: new Map(), events: new Map(), kinds: new Map() };
  const tierOf = (index: number) => ([1, 2, 3, 4] as const)[index % 4] ?? 1;
  for (let index = 0; index < nodes; index++) tables.nodes.set(nodeName(index), nodeRow(nodeName(index), tierOf(index), { cpuMillis: 64_000, memoryBytes: 256 * 2 ** 30, podSlots: 250 }));
  for (let index = 0; index < pods; index++) {
    const at = index % nodes;
    const row: PodRow = podRow(`ns-${String(index % 50).padStart(2, "0")}/pod-${String(index).padStart(6, "0")}`, { node: nodeName(at), app: `app-${index % 500}`, declared: tierOf(at), actual: tierOf(at) });
    tables.pods.set(row.key, row);
  }
  return tables;
}

function nodeName(index: number): string {
  return `node-${String(index).padStart(4, "0")}`;
}
