// A cluster added in the browser by a kubeconfig with exactly the shipped rights: every screen works on it, a node is drained and the drain stopped, and it is renamed and removed.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { parse, stringify } from "yaml";
import { consoleKubeconfig } from "../fixtures/console-account";
import { plainApi, type PlainApi } from "../wire/kubernetes-api";
import { session } from "./api";
import { expectAccessible, expectNoSidewaysScroll, launch, signIn, type Visited } from "./browser";

let browser: Browser;
let api: PlainApi;
let kubeconfig: string;
const opened: Visited[] = [];
const slug = "by-hand";
const base = `/clusters/${slug}`;
const node = "k8s-worker-2";

beforeAll(async () => {
  browser = await launch();
  api = plainApi(inject("kubeconfigPath"));
  kubeconfig = await consoleKubeconfig(api);
});
afterAll(async () => {
  await browser.close();
  await api.call("PATCH", `/api/v1/nodes/${node}`, { spec: { unschedulable: null } });
  api.close();
});
afterEach(() => Promise.all(opened.splice(0).map(({ context }) => context.close())));

async function page(path: string, view: Parameters<typeof signIn>[1] = { role: "admin" }): Promise<Page> {
  const visited = await signIn(browser, view);
  opened.push(visited);
  await visited.page.goto(path);
  return visited.page;
}
const live = (at: Page) => at.getByText(/^live$/).first().waitFor({ state: "attached" });

/** Fills the form; what is not given stays empty. */
async function fillForm(at: Page, { title = "By hand", short = slug, config = kubeconfig } = {}): Promise<void> {
  await at.getByRole("textbox", { name: "Title" }).fill(title);
  await at.getByRole("textbox", { name: "Short name" }).fill(short);
  await at.getByRole("textbox", { name: "Kubeconfig" }).fill(config);
}
const changed = (change: (config: { users: { user: object }[]; clusters: { cluster: object }[] }) => void): string => {
  const config = parse(kubeconfig);
  change(config);
  return stringify(config);
};

describe("adding a cluster", () => {
  it("is refused in words for what would run, read or be led astray, for a taken name and for credentials that are not good", async () => {
    const at = await page("/clusters");
    await at.getByRole("button", { name: "Add a cluster" }).click();
    const refused = async (given: Parameters<typeof fillForm>[1], say: RegExp) => {
      await fillForm(at, given);
      await at.getByRole("button", { name: "Add it" }).click();
      await at.getByRole("alert").filter({ hasText: say }).waitFor();
    };
    await refused({ config: changed((one) => one.users.forEach((each) => (each.user = { exec: { command: "id" } }))) }, /uses exec, which is refused/);
    await refused({ config: changed((one) => one.clusters.forEach((each) => Object.assign(each.cluster, { "proxy-url": "http://10.0.0.1" }))) }, /proxy-url, which is refused/);
    await refused({ config: changed((one) => one.clusters.forEach((each) => Object.assign(each.cluster, { server: "https://169.254.169.254" }))) }, /link-local or metadata address/);
    await refused({ config: changed((one) => one.clusters.forEach((each) => Object.assign(each.cluster, { server: "http://10.0.0.1" }))) }, /without TLS/);
    await refused({ config: changed((one) => one.users.forEach((each) => (each.user = { token: "wrong" }))) }, /was not added, because it could not be used: .*credentials/);
    await refused({ short: "sesac-prod" }, /There is already a cluster sesac-prod/);
    await refused({ short: "Not A Slug" }, /slug: lower-case letters/);
  });

  it("tries the kubeconfig first, then keeps it and shows the cluster live", async () => {
    const at = await page("/clusters");
    await at.getByRole("button", { name: "Add a cluster" }).click();
    await fillForm(at);
    await at.getByRole("button", { name: "Try it" }).click();
    await at.getByText(/It answers: v1\.\d+\.\d+ at https:/).waitFor();
    await at.getByRole("button", { name: "Add it" }).click();
    const row = at.getByRole("row").filter({ hasText: slug });
    await row.getByText("live", { exact: true }).waitFor();
    await row.getByText("added here").waitFor();
  });
});

describe("with the rights that are shipped", () => {
  it("the console reads every kind that the cluster has", async () => {
    await expect.poll(async () => {
      const { tables } = await (await session("viewer").get(`/api${base}/placement`)).json();
      return JSON.stringify(tables.kinds);
    }).not.toMatch(/loading|forbidden|broken/);
  });

  it.each([
    ["overview", base, /k8s-worker-1/],
    ["map", `${base}/placement`, /Stateful Storage/],
    ["table of events", `${base}/placement/table?view=events`, /Scheduled|Pulled/],
    ["drift", `${base}/placement/drift`, /Will break something/],
    ["what-if", `${base}/placement/what-if?ask=lose-node&node=${node}`, /./],
    ["policy", `${base}/placement/policy`, /Fill in the standard policy/],
    ["a node's drawer", `${base}/placement?node=${node}&tab=yaml`, /providerID/],
  ])("the %s is shown", async (_what, path, shown) => {
    const at = await page(path);
    await live(at);
    await at.getByText(shown).first().waitFor();
    expect(await at.locator("[data-kind=forbidden], [data-kind=broken]").count()).toBe(0);
  });

  it("a pod tells why it is here, its owners, its log and its YAML", async () => {
    const { body } = await api.call("GET", "/api/v1/namespaces/waste/pods?labelSelector=app%3Dwaste-api");
    const pod = JSON.stringify(body).match(/"name":"(waste-api-[a-z0-9]+-[a-z0-9]+)"/)?.[1] ?? "";
    const at = await page(`${base}/placement?pod=waste%2F${pod}`);
    await at.getByRole("tab", { name: "Why here" }).waitFor();
    await at.getByText(/of 7 nodes/).first().waitFor();
    await at.getByRole("tab", { name: "Owner" }).click();
    await at.getByText("Deployment").first().waitFor();
    await at.getByRole("tab", { name: "Logs" }).click();
    await expect.poll(() => at.getByRole("log").innerText()).toMatch(/\w{3,}/);
    await at.goto(`${base}/placement?pod=waste%2F${pod}&tab=yaml`);
    await at.getByText(/apiVersion/).first().waitFor();
  });

  it("a log follows to its newest line, also where lines wrap, until its reader scrolls up, and again when told", async () => {
    const at = await page(`${base}/placement/table?filter=app%3Aauth-api`);
    await at.getByRole("row", { name: /auth-api/ }).first().click();
    await at.getByRole("tab", { name: "Logs" }).click();
    const log = at.getByRole("log");
    const fromEnd = () => log.evaluate((box) => (box.scrollHeight > box.clientHeight ? Math.round(box.scrollHeight - box.scrollTop - box.clientHeight) : -1));
    const told = async () => Number((await at.getByText(/^[\d,]+ lines/).innerText()).replace(/\D/g, ""));
    await expect.poll(fromEnd).toBe(0);
    const before = await told();
    await expect.poll(told).toBeGreaterThan(before + 10);
    await expect.poll(fromEnd).toBe(0);
    const toNewest = at.getByRole("button", { name: "Paused: to the newest" });
    expect(await toNewest.count()).toBe(0);
    await log.hover();
    await at.mouse.wheel(0, -400);
    await toNewest.click();
    await expect.poll(fromEnd).toBe(0);
    await toNewest.waitFor({ state: "detached" });
  });
});

describe("what is in use", () => {
  const inUse = (at: Page) => at.getByRole("group", { name: "In use now" });

  // The console is told the address of one Prometheus, for the first cluster; this one's is found in it and asked through the real API server.
  it("of a pod and of a node stands beside requests and limits, from the Prometheus that runs in the cluster, through its API server", async () => {
    const at = await page(`${base}/placement?pod=default%2Fpostgres-0`);
    await expect.poll(() => inUse(at).innerText()).toMatch(/CPU\s+\d+m · asked 500m · limit 1000m\s+Memory\s+\d+ Mi · asked 1\.0 Gi · limit 2\.0 Gi/);
    expect(await inUse(at).getByRole("img", { name: /^CPU in use \d+m, asked 500m, limit 1000m$/ }).count()).toBe(1);
    await at.goto(`${base}/placement?node=k8s-postgresql`);
    await expect.poll(() => inUse(at).innerText()).toMatch(/CPU\s+\d+m · asked \d+m · allocatable 2000m\s+Memory\s+\d+(\.\d+ Gi| Mi) · asked \S+ Gi · allocatable 1\.8 Gi/);
  });
});

describe("a drain in the browser", () => {
  const job = (path: string) => new URL(path).pathname;
  let address = "";

  it("shows what follows, starts, and is watched on its page with its steps and a log that grows by itself", async () => {
    const at = await page(`${base}/placement?node=${node}`, { role: "operator" });
    await live(at);
    await at.getByRole("button", { name: "Drain…" }).click();
    const dialog = at.getByRole("dialog", { name: `Drain ${node}` });
    await dialog.getByRole("region", { name: "What happens to each pod" }).getByText(/waste-api/).first().waitFor();
    await expectAccessible(at);
    for (const box of await dialog.getByRole("checkbox").all()) await box.check();
    const typed = dialog.getByLabel(`Type ${node} to confirm`);
    if (await typed.count()) await typed.fill(node);
    await dialog.getByRole("button", { name: `Drain ${node}` }).click();
    await at.waitForURL(/\/jobs\//);
    address = job(at.url());
    await at.getByRole("heading", { name: /running/ }).waitFor();
    const log = at.getByRole("log", { name: "Log lines" });
    await log.getByText(/waste\/(ai-worker|waste-api).*evicted/).first().waitFor();
    await at.getByText(/Waits for its budget/).first().waitFor();
    expect(await at.getByText(/of \d+/).count()).toBeGreaterThan(0);
  });

  it.each([["dark", 1440], ["light", 360]] as const)("its page and the list of jobs have no axe findings and no sideways scroll, %s at %i px", async (scheme, width) => {
    const at = await page(address, { role: "viewer", scheme, width });
    await at.getByText(/Waits for its budget/).first().waitFor();
    expect(await at.getByRole("button", { name: "Cancel job…" }).isDisabled()).toBe(true);
    await expectAccessible(at);
    await expectNoSidewaysScroll(at);
    await at.goto("/jobs");
    await at.getByRole("link", { name: new RegExp(node) }).first().waitFor();
    await expectAccessible(at);
    await expectNoSidewaysScroll(at);
  });

  it("is stopped by the button: what is done stays done, the page says what that leaves, and the node is opened again", async () => {
    const at = await page(address, { role: "operator" });
    await at.getByRole("button", { name: "Cancel job…" }).click();
    await at.getByRole("button", { name: "Stop the job" }).click();
    await at.getByRole("heading", { name: /cancelled/ }).waitFor();
    await at.getByText(new RegExp(`${node}.*cordoned`)).first().waitFor();
    await at.getByRole("button", { name: `Uncordon ${node}` }).click();
    await at.getByText(`${node} takes pods again.`).waitFor();
    await expect.poll(async () => JSON.stringify((await api.call("GET", `/api/v1/nodes/${node}`)).body).includes('"unschedulable":true')).toBe(false);
    const { entries } = await (await session("admin").get(`/api/access/audit?cluster=${slug}`)).json();
    expect(entries.map(({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`)).toEqual(expect.arrayContaining(["node.drain succeeded", "node.uncordon succeeded", "cluster.add succeeded"]));
  });
});

describe("an added cluster", () => {
  const choose = async (at: Page, name: string, act: string) => {
    await at.getByRole("button", { name: `Acts for ${name}` }).click();
    await at.getByRole("menuitem", { name: act }).click();
  };

  it("is renamed, and removed only with its short name typed; a cluster of KUBECONFIG cannot be removed here", async () => {
    const at = await page("/clusters");
    await choose(at, "By hand", "Rename");
    await at.getByRole("textbox", { name: "Title" }).fill("Another title");
    await at.getByRole("button", { name: "Rename", exact: true }).click();
    await at.getByRole("link", { name: "Another title" }).waitFor();
    await at.getByRole("button", { name: "Acts for sesac-prod" }).click();
    await at.getByRole("menuitem", { name: "Rename" }).waitFor();
    expect(await at.getByRole("menuitem", { name: "Remove" }).count()).toBe(0);
    await at.keyboard.press("Escape");
    await choose(at, "Another title", "Remove");
    await at.getByLabel(`Type ${slug} to remove it`).fill("by");
    await at.getByRole("button", { name: "Remove", exact: true }).click();
    await at.getByText(`type the cluster's short name, ${slug}`).waitFor();
    await at.getByLabel(`Type ${slug} to remove it`).fill(slug);
    await at.getByRole("button", { name: "Remove", exact: true }).click();
    await at.getByRole("link", { name: "Another title" }).waitFor({ state: "detached" });
    expect((await session("viewer").get(`/api${base}/placement`)).status).toBe(404);
  });

  it("is added, renamed and removed by administrators alone", async () => {
    const at = await page("/clusters", { role: "operator" });
    await at.getByRole("link", { name: "sesac-prod" }).waitFor();
    expect(await at.getByRole("button", { name: "Add a cluster" }).count()).toBe(0);
    expect(await at.getByRole("columnheader", { name: "Acts" }).count()).toBe(0);
  });
});
