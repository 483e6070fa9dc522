// A cluster's whole life in Chromium: the wizard, the job that builds it while nobody looks, its pods in placement, and the teardown to nothing.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { stringify } from "yaml";
import { presetBlueprint } from "../../lib/provisioning/presets";
import { consoleUrl, expectAccessible, launch, signIn, type Visit } from "./browser";

// Machines boot and AWS takes its time: what is waited for is that it happens.
vi.setConfig({ testTimeout: 600_000 });

const name = "born-here";
const longMs = 300_000;
let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

async function visiting<T>(path: string, look: (page: Page) => Promise<T>, visit: Visit = { role: "admin" }): Promise<T> {
  const { context, page, problems } = await signIn(browser, visit);
  try {
    await page.goto(path);
    const seen = await look(page);
    expect(problems).toEqual([]);
    return seen;
  } finally {
    await context.close();
  }
}

/** One machine for the control plane and one for data: all kinds of things that a cluster has, in the least time. */
function shape(): string {
  const blueprint = presetBlueprint("four-node", { name, adminCidr: "127.0.0.1/32" });
  blueprint.tiers = blueprint.tiers.filter(({ tier }) => tier === 1 || tier === 4);
  blueprint.addOns.chosen = ["aws-ebs-csi-driver", "metrics-server", "argo-cd", "postgresql"];
  return stringify(blueprint);
}

const next = (page: Page) => page.getByRole("button", { name: "Next" }).click();
const jobIn = (page: Page) => page.waitForURL(/\/jobs\/job-\d+$/, { timeout: 60_000 }).then(() => new URL(page.url()).pathname);

async function throughTheWizard(page: Page): Promise<string> {
  await page.getByRole("button", { name: /^Four nodes/ }).click();
  await next(page);
  await page.getByText("YAML", { exact: true }).click();
  await page.getByRole("textbox", { name: "Blueprint as YAML" }).fill(shape());
  await page.getByText("Form", { exact: true }).click();
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe(name);
  await next(page);
  await page.getByRole("heading", { name: "Access" }).waitFor();
  await next(page);
  await page.getByText(/Versions and digests of \d+ sources/).click();
  await page.getByText("Held to the mirror's list of SHA-256 digests.").first().waitFor();
  await page.getByRole("button", { name: "Save and review" }).click();
  await page.getByText("0 blocking").waitFor();
  await page.getByRole("button", { name: "Build cluster" }).click();
  return jobIn(page);
}

async function tearDown(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Tear down…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("The cluster answers").waitFor({ timeout: 60_000 });
  await dialog.getByRole("cell", { name: "data/data-postgresql-0" }).waitFor();
  await dialog.getByRole("cell", { name: "50 GiB" }).waitFor();
  await expectAccessible(page);
  const go = dialog.getByRole("button", { name: `Tear down ${name}` });
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  expect(await go.isDisabled(), "before it is said what becomes of the volumes").toBe(true);
  await dialog.getByLabel("Delete them with their data").check();
  await go.click();
  return jobIn(page);
}

describe("a cluster", () => {
  it("is drawn, built while nobody looks, opens in placement when it is Ready, and is taken down to nothing", async () => {
    const job = await visiting("/provisioning/new", throughTheWizard);
    // The tab is closed; the job goes on, and whoever opens it again sees it end, and then the cluster.
    await visiting(job, async (page) => {
      await page.waitForURL(`**/clusters/${name}/placement`, { timeout: longMs });
      for (const node of ["k8s-master", "k8s-storage"]) await page.getByText(node, { exact: true }).first().waitFor({ timeout: 60_000 });
      await page.getByText("postgresql-0").first().waitFor({ timeout: 60_000 });
    });
    await visiting(job, async (page) => {
      await page.getByText(`${name} is up and is connected.`).first().waitFor();
      await page.getByRole("link", { name: `Open ${name} in placement` }).waitFor();
      await expectAccessible(page);
    });
    const teardown = await visiting(`/provisioning/${name}`, tearDown);
    await visiting(teardown, async (page) => {
      await page.getByText("Nothing of it is on AWS, and nothing is paid for.").first().waitFor({ timeout: longMs });
      await expectAccessible(page);
    });
    const clusters = await fetch(`${consoleUrl()}/api/clusters`, { headers: { cookie: inject("cookies").admin } });
    expect(await clusters.text()).not.toContain(name);
  });
});
