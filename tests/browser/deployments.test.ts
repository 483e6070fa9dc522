// The screens of deployments against a real cluster: a rollout comes live, its record is read, it is rolled back, a freeze stops it.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openDeploymentStage, namespace, type DeploymentStage } from "../fixtures/deployments/stage";
import { until } from "../fixtures/jobs/until";
import { session } from "./api";
import { expectAccessible, expectNoSidewaysScroll, launch, signIn, type Visited } from "./browser";

const cluster = "/clusters/sesac-prod";
const shots = process.env.QUARTERDECK_SHOTS;
let browser: Browser;
let stage: DeploymentStage;
let operator: Visited;

const shoot = async (page: Page, name: string) => void (shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: false })));
const records = async (name: string) => {
  const answer: unknown = await (await session("operator").get(`/api/clusters/sesac-prod/deployments?name=${name}`)).json();
  return (answer as { records: { id: string; revision: number; outcome: string; actor: string | null; actorSource: string; note: string; change: string }[] }).records;
};
const ended = (name: string, revision: number) => until(`revision ${revision} of ${name} to succeed`, async () => (await records(name)).find((one) => one.revision === revision && one.outcome === "succeeded") ?? null, 60_000);

beforeAll(async () => {
  browser = await launch();
  stage = await openDeploymentStage(inject("kubeconfigPath"));
  await until("the recorder to be live", async () => (JSON.stringify(await (await session("operator").get("/api/clusters/sesac-prod/deployments")).json()).includes('"state":"live"') ? true : null), 90_000);
  await stage.make("Deployment", "checkout-api", { tag: "1.0.0" });
  await ended("checkout-api", 1);
  operator = await signIn(browser, { role: "operator" });
});
afterAll(async () => {
  await operator?.context.close();
  await browser?.close();
  stage?.api.close();
});

describe("the timeline", () => {
  it("shows a rollout as it comes, without being asked again, and what it became", async () => {
    const { page } = operator;
    await page.goto(`${cluster}/deployments?find=checkout`);
    await page.getByRole("cell", { name: "1.0.0" }).waitFor();
    await stage.change("Deployment", "checkout-api", { tag: "1.1.0" });
    await page.getByRole("cell", { name: "1.0.0 → 1.1.0" }).waitFor();
    await page.getByRole("row", { name: /1\.1\.0.*succeeded/ }).waitFor();
    await shoot(page, "timeline-one");
  });

  it.each([{ width: 1440, scheme: "dark" }, { width: 1440, scheme: "light" }, { width: 360, scheme: "dark" }, { width: 360, scheme: "light" }] as const)("is whole and accessible at $width px, $scheme, as are DORA, builds, one record and one workload", async (view) => {
    const visited = await signIn(browser, { role: "admin", ...view });
    const { page } = visited;
    const [newest] = await records("checkout-api");
    const screens = [
      { name: "deployments", path: "/deployments", shown: page.getByRole("link", { name: "checkout-api" }).first() }, { name: "dora", path: "/deployments/dora", shown: page.getByText("Median of the services") },
      { name: "builds", path: "/deployments/builds", shown: page.getByText("Met no deployment") }, { name: "record", path: `/deployments/${newest?.id}`, shown: page.getByText("What happened") },
      { name: "workload", path: `/deployments/workload/Deployment/${namespace}/checkout-api`, shown: page.getByText("Revisions", { exact: true }) },
    ];
    for (const { name, path, shown } of screens) {
      await page.goto(`${cluster}${path}`);
      await shown.waitFor();
      await shoot(page, `${name}-${view.width}-${view.scheme}`);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
    expect(visited.problems).toEqual([]);
    await visited.context.close();
  });
});

describe("a rollback", () => {
  it("shows what it would change, is done with a reason, and is recorded as the person's", async () => {
    const { page } = operator;
    await page.goto(`${cluster}/deployments/workload/Deployment/${namespace}/checkout-api`);
    await page.getByRole("button", { name: "Roll back to revision 1" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/1 thing changes/).waitFor();
    await dialog.getByText("registry.example/shop/checkout-api:1.0.0").waitFor();
    await shoot(page, "rollback");
    await expectAccessible(page);
    await dialog.getByLabel("Why").fill("checkout answers 500");
    await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    const back = await ended("checkout-api", 3);
    expect(back).toMatchObject({ change: "rollback", actor: "operator", actorSource: "console", note: "checkout answers 500" });
    await page.getByText(/back to revision 1|rollback/).first().waitFor();
  });

  it("is stopped by a freeze, which an operator cannot override", async () => {
    const { page } = operator;
    await page.goto(`${cluster}/deployments`);
    await page.getByRole("button", { name: "Freeze", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Why").fill("the sale is on");
    await dialog.getByLabel("Namespaces").fill(namespace);
    await dialog.getByLabel("Namespaces").press("Enter");
    await shoot(page, "freeze");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Freeze", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.goto(`${cluster}/deployments/workload/Deployment/${namespace}/checkout-api`);
    await page.getByText(/Frozen: .*the sale is on/).first().waitFor();
    await page.getByRole("button", { name: "Restart…" }).click();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Restart", exact: true }).isDisabled()).toBe(true);
    const path = `/api/clusters/sesac-prod/workloads/Deployment/${namespace}/checkout-api`;
    const seen = (await (await session("operator").get(path)).json() as { workload: { seen: string } }).workload.seen;
    const refused = await session("operator").post(`${path}/restart`, { seen, note: "now", override: true });
    expect(refused.status).toBe(403);
    const [freeze] = (await (await session("operator").get("/api/clusters/sesac-prod/freezes")).json() as { freezes: { id: string }[] }).freezes;
    await session("operator").post(`/api/clusters/sesac-prod/freezes/${freeze?.id}/end`);
    expect((await session("operator").post(`${path}/restart`, { seen, note: "now" })).status).toBe(200);
    expect(await ended("checkout-api", 4)).toMatchObject({ change: "restart", actorSource: "console" });
  });
});
