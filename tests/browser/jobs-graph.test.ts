// Guarantees of a job's page in a browser: the graph and its list, keys, a failure that asks, retry, skip with a reason, the log searched, the notice.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { connect, type Database } from "@/lib/adapters/database/client";
import { jobDatabaseOver, type JobDatabase } from "@/lib/jobs/database";
import { enqueue } from "@/lib/jobs/store";
import { findJob } from "@/lib/jobs/queries";
import { startChild, type Child } from "../fixtures/jobs/child";
import { until } from "../fixtures/jobs/until";
import { witnessKind, type WitnessInput } from "../fixtures/jobs/witness";
import { expectAccessible, launch, signIn } from "./browser";

let browser: Browser;
let worker: Child;
let client: Database;
let db: JobDatabase;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-jobs-"));
  const url = inject("databaseUrl");
  client = connect(url);
  db = jobDatabaseOver(client, url);
  [browser, worker] = await Promise.all([launch(), startChild("worker.ts", ["20000", "a worker of the tests"], { DATABASE_URL: url })]);
});
afterAll(async () => {
  await browser.close();
  worker.process.kill("SIGTERM");
  await worker.ended;
  await client.$disconnect();
  rmSync(home, { recursive: true, force: true });
});

type Step = WitnessInput["steps"][number];
const file = (name: string) => path.join(home, name);
const step = (name: string, lane: string, chain: string, more: Omit<Step, "name" | "lane" | "chain">): Step => ({ name, lane, chain, expectMs: 60, ...more });
const work = { do: "work", forMs: 20 } as const;

/** A small cluster: a root, two machines of which one fails until it is mended, and what needs both. */
const cluster = (mended: string): Step[] => [
  step("vpc", "Network", "vpc", { needs: [], act: { do: "talk", lines: 400 } }),
  step("master", "Control plane", "k8s-master", { needs: ["vpc"], tier: 1, act: work }),
  step("worker-1", "Tier 2", "k8s-worker-1", { needs: ["master"], tier: 2, act: work }),
  step("worker-2", "Tier 3", "k8s-worker-2", { needs: ["master"], tier: 3, act: { do: "fail-unless", file: mended } }),
  step("ready", "Tier 3", "k8s-worker-2", { needs: ["worker-2"], tier: 3, act: work }),
  step("addons", "Add-ons", "storage", { needs: ["worker-1", "ready"], act: work }),
];
async function submit(key: string, steps: Step[]): Promise<string> {
  const prepared = witnessKind.prepare({ key, witness: file("witness"), afterFailure: "ask", steps });
  return (await enqueue(db, { kind: witnessKind.kind, prepared, startedBy: "ji-yeon.park", exclusive: false })).id;
}
const asks = (id: string) => until(`${id} to ask`, async () => (await findJob(db, id)).status === "NEEDS_ATTENTION" || null);
const bar = (page: Page, name: string | RegExp) => page.getByRole("group", { name: /Steps in time/ }).getByRole("button", { name });
const needs = (page: Page) => page.getByText(/^Needs you: /);

describe("the page of a job", () => {
  it("draws the graph, says that it needs a person and why, tries the step again on a press, and tells of the end on another page", async () => {
    const mended = file("mended-1");
    const id = await submit("first", cluster(mended));
    await asks(id);
    const { context, page, problems } = await signIn(browser);
    await page.goto(`/jobs/${id}`);
    await needs(page).waitFor();
    await bar(page, /k8s-worker-2, Step worker-2, failed/).waitFor();
    await page.getByRole("heading", { name: "Step worker-2" }).waitFor();
    expect(await page.getByRole("list", { name: "Attempts of Step worker-2" }).getByText("cannot", { exact: true }).count()).toBe(1);
    await expectAccessible(page);
    const other = await context.newPage();
    await other.goto("/jobs");
    await other.getByRole("heading", { name: "Jobs" }).waitFor();
    // It goes by itself after some seconds: looked for from before it can come.
    const told = other.getByText("Witness first: succeeded").waitFor();
    writeFileSync(mended, "");
    await page.getByRole("button", { name: "Retry this step" }).click();
    await page.getByText("succeeded", { exact: true }).first().waitFor();
    await expect.poll(() => page.getByRole("list", { name: "Attempts of Step worker-2" }).locator("> li").count()).toBe(2);
    await told;
    await other.getByRole("button", { name: /Notices/ }).click();
    await other.getByRole("list", { name: "Latest notices" }).getByRole("link", { name: "Witness first" }).first().waitFor();
    await expectAccessible(other);
    expect(problems).toEqual([]);
    await context.close();
  });

  it("is moved through by keys: arrows between bars, Enter chooses, l and t narrow the rows, / searches the log", async () => {
    const id = await submit("keys", cluster(file("never")));
    await asks(id);
    const { context, page, problems } = await signIn(browser);
    await page.goto(`/jobs/${id}`);
    await needs(page).waitFor();
    await bar(page, /Step vpc/).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Step worker-1" }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("step")).toBe("worker-1");
    await page.keyboard.press("t");
    await until("trouble alone", async () => (await bar(page, /Step/).count()) === 2 || null);
    await page.keyboard.press("t");
    await page.keyboard.press("/");
    await page.keyboard.type("line 399 of");
    await page.getByText("1 line matches").waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("n");
    await page.getByText("match 1 of 1").waitFor();
    expect(await page.locator("[data-found] mark").innerText()).toBe("line 399 of");
    await page.getByRole("switch", { name: "matches only" }).click();
    await until("the match alone", async () => (await page.locator("[role=log] [data-index]").count()) === 1 || null);
    await page.getByRole("textbox", { name: "Search the log" }).fill("");
    await page.getByRole("button", { name: "First error" }).click();
    await page.locator("[data-first]", { hasText: "It cannot be." }).waitFor();
    await page.getByText("List", { exact: true }).click();
    await page.getByRole("list", { name: "Steps", exact: true }).getByRole("button", { name: /worker-2/ }).first().waitFor();
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await context.close();
  });

  it("leaves a step out for a reason that is asked for and kept; who may not sees why not", async () => {
    const id = await submit("skip", cluster(file("never")));
    await asks(id);
    const guest = await signIn(browser, { role: "viewer" });
    await guest.page.goto(`/jobs/${id}`);
    expect(await guest.page.getByRole("button", { name: "Skip…" }).isDisabled()).toBe(true);
    await guest.context.close();
    const { context, page } = await signIn(browser);
    await page.goto(`/jobs/${id}`);
    await page.getByRole("button", { name: "Skip…" }).click();
    const sure = page.getByRole("button", { name: "Leave it out" });
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: /Why it may be left out/ }).fill("made by hand yesterday");
    await sure.click();
    await page.getByText("succeeded", { exact: true }).first().waitFor();
    expect((await findJob(db, id)).steps.find(({ name }) => name === "worker-2")).toMatchObject({ status: "skipped", say: "Left out by operator: made by hand yesterday" });
    await context.close();
  });

  it("fits a phone and both themes without a finding; the queue names what each job waits for", async () => {
    const id = await submit("phone", cluster(file("never")));
    const behind = await submit("phone", cluster(file("never")));
    await asks(id);
    for (const visit of [{ width: 360, height: 780, scheme: "dark" }, { width: 360, height: 780, scheme: "light" }, { width: 1440, height: 900, scheme: "light" }] as const) {
      const { context, page } = await signIn(browser, visit);
      await page.goto(`/jobs/${id}`);
      await needs(page).waitFor();
      await page.getByTitle("Time since it began").waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "no sideways scrolling").toBe(true);
      await expectAccessible(page);
      await page.goto("/jobs");
      await page.getByRole("heading", { name: "Queue" }).waitFor();
      await page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Witness phone" }) }).filter({ hasText: `waits for ${id}, Witness phone, which works on the same` }).waitFor();
      await expectAccessible(page);
      await context.close();
    }
    expect((await findJob(db, behind)).behind).toMatchObject({ id, ahead: 1 });
  });
});
