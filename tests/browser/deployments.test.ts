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
const ended = (name: string, revision: number) => until(`revision ${revision} of ${name} to succeed`, async () => (await records(name)).find((one) => one.revision === revision && one.outcome === "succeeded") ?? null);

beforeAll(async () => {
  browser = await launch();
  stage = await openDeploymentStage(inject("kubeconfigPath"));
  await until("the recorder to be live", async () => (JSON.stringify(await (await session("operator").get("/api/clusters/sesac-prod/deployments")).json()).includes('"state":"live"') ? true : null));
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

describe("a deployment told by hand", () => {
  it("is written to the one that has its image, with its build, and is refused without what it is known by", async () => {
    const { page } = operator;
    await page.goto(`${cluster}/deployments?find=checkout`);
    await page.getByRole("button", { name: "Record deployment" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Record", exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel("Commit").fill("not a commit");
    await dialog.getByRole("button", { name: "Record", exact: true }).click();
    await dialog.getByText("commit: 7 to 64 hexadecimal digits").waitFor();
    await dialog.getByLabel("Commit").fill("");
    await dialog.getByLabel("Image").fill("registry.example/shop/checkout-api:1.1.0");
    await dialog.getByLabel("Build", { exact: true }).fill("build 1873");
    await dialog.getByLabel("Address of the build").fill("https://ci.example/1873");
    await shoot(page, "report");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Record", exact: true }).click();
    await page.getByText("Written to its deployment.").waitFor();
    await page.getByRole("row", { name: /1\.1\.0.*build 1873/ }).waitFor();
  });
});

describe("a canary", () => {
  it("stands on the timeline as an area as high as its traffic, and in its record step by step", async () => {
    await stage.make("Rollout", "canary-api", { tag: "1.0.0", replicas: 4, steps: [{ setWeight: 25 }, { pause: { duration: "2s" } }, { setWeight: 50 }, { pause: { duration: "2s" } }] });
    await ended("canary-api", 1);
    await stage.change("Rollout", "canary-api", { tag: "1.1.0" });
    const { id } = await ended("canary-api", 2);
    const { page } = operator;
    await page.goto(`${cluster}/deployments?find=canary-api&range=6h&at=${id}`);
    await page.getByRole("button", { name: /canary-api: release 1\.0\.0 to 1\.1\.0, promoted, canary 25\/50\/100/ }).waitFor();
    await page.getByRole("row", { name: /promoted, canary 25\/50\/100/ }).waitFor();
    await shoot(page, "timeline-canary");
    await page.goto(`${cluster}/deployments/${id}`);
    await page.getByText(/^25 % from .*, 50 % from .*, 100 % from/).waitFor();
    await shoot(page, "record-canary");
  });
});

describe("for how long deployments are kept", () => {
  it("everybody is told, and administrators say", async () => {
    const admin = await signIn(browser, { role: "admin" });
    await admin.page.goto(`${cluster}/deployments/builds`);
    await admin.page.getByLabel("Days").fill("20");
    await admin.page.getByRole("button", { name: "Keep so long" }).click();
    await admin.page.getByText(/at least 30 days/).waitFor();
    await admin.page.getByLabel("Days").fill("500");
    await admin.page.getByRole("button", { name: "Keep so long" }).click();
    await admin.page.getByText("Deployments are kept for 500 days.").waitFor();
    await operator.page.goto(`${cluster}/deployments/builds`);
    await operator.page.getByText(/is kept for 500 days/).waitFor();
    expect(await operator.page.getByLabel("Days").count()).toBe(0);
    await admin.context.close();
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

describe("a workload", () => {
  const path = (kind: string, name: string) => `/api/clusters/sesac-prod/workloads/${kind}/${namespace}/${name}`;
  const seenOf = async (name: string) => ((await (await session("operator").get(path("Deployment", name))).json()) as { workload: { seen: string } }).workload.seen;
  const act = async (verb: string, body: object, role: "operator" | "viewer" = "operator", kind = "Deployment") => {
    const answer = await session(role).post(`${path(kind, "acts-api")}/${verb}`, body);
    return [answer.status, answer.status === 200 ? "" : (await answer.text())] as const;
  };

  it("is scaled, given another image, held and let go by operators alone, only as it was looked at, and each deed is in the record", async () => {
    await stage.make("Deployment", "acts-api", { tag: "1.0.0" });
    await ended("acts-api", 1);
    const seen = await seenOf("acts-api");
    expect((await act("scale", { seen, replicas: 3, note: "more come" }, "viewer"))[0]).toBe(403);
    expect(await act("scale", { seen, replicas: 3, note: "more come" })).toEqual([200, ""]);
    await stage.until("Deployment", "acts-api", "have three pods", ({ spec, status }) => spec["replicas"] === 3 && status["availableReplicas"] === 3);
    expect(await act("image", { seen, container: "nobody", image: "registry.example/x:1" })).toEqual([404, expect.stringContaining("has no container nobody")]);
    expect(await act("image", { seen, container: "acts-api", image: "registry.example/shop/acts-api:2.0.0", note: "by hand" })).toEqual([200, ""]);
    expect(await ended("acts-api", 2)).toMatchObject({ change: "release", actor: "operator", actorSource: "console", note: "by hand" });
    expect(await act("image", { seen, container: "acts-api", image: "registry.example/shop/acts-api:3.0.0" })).toEqual([409, expect.stringContaining("somebody was faster")]);
    expect(await act("pause", { seen })).toEqual([200, ""]);
    expect((await stage.read("Deployment", "acts-api")).spec["paused"]).toBe(true);
    expect(await act("resume", { seen })).toEqual([200, ""]);
    expect((await stage.read("Deployment", "acts-api")).spec["paused"] ?? false).toBe(false);
    expect(await act("pause", { seen }, "operator", "StatefulSet")).toEqual([400, expect.stringContaining("Only a Deployment can be held")]);
    expect(await act("scale", { seen, replicas: 2 }, "operator", "DaemonSet")).toEqual([400, expect.stringContaining("a pod on each node")]);
    expect((await records("acts-api")).map(({ revision }) => revision).toSorted()).toEqual([1, 2]);
    const { entries } = (await (await session("operator").get(`/api/access/audit?target=${namespace}/acts-api`)).json()) as { entries: { action: string; outcome: string; targetName: string }[] };
    const told = entries.filter(({ targetName }) => targetName === `${namespace}/acts-api`).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(told).toEqual(expect.arrayContaining(["deployment.scale denied", "deployment.scale succeeded", "deployment.set-image succeeded", "deployment.set-image failed", "deployment.pause succeeded", "deployment.resume succeeded"]));
  });

  it("under a freeze that warns is told of it and may go on; under one that blocks it may only be held", async () => {
    const freeze = async (mode: string, why: string) => {
      const answer = await session("operator").post("/api/clusters/sesac-prod/freezes", { namespaces: [namespace], mode, why, until: Date.now() + 3_600_000 });
      const { id } = (await answer.json()) as { id: string };
      return async () => expect((await session("operator").post(`/api/clusters/sesac-prod/freezes/${id}/end`)).status).toBe(200);
    };
    const seen = await seenOf("acts-api");
    const endWarning = await freeze("warn", "the auditors are here");
    const { freeze: told } = (await (await session("operator").get(`${path("Deployment", "acts-api")}/rollback-preview?revision=1`)).json()) as { freeze: { verdict: string; say: string } };
    expect(told).toMatchObject({ verdict: "warned", say: expect.stringContaining("the auditors are here") });
    expect(await act("restart", { seen, note: "it leaks" })).toEqual([200, ""]);
    expect(await ended("acts-api", 3)).toMatchObject({ change: "restart", note: "it leaks" });
    await endWarning();
    const endBlock = await freeze("block", "the sale is on");
    expect(await act("scale", { seen, replicas: 2 })).toEqual([409, expect.stringContaining("the sale is on")]);
    expect(await act("pause", { seen })).toEqual([200, ""]);
    expect((await act("resume", { seen }))[0]).toBe(409);
    await endBlock();
    expect(await act("resume", { seen })).toEqual([200, ""]);
  });

  it("that an Application of Argo CD keeps says so, and goes back by Argo CD's own sync of what was in force then", async () => {
    await stage.make("Deployment", "kept-api", { tag: "1.0.0" });
    await stage.patch("Deployment", "kept-api", { metadata: { annotations: { "argocd.argoproj.io/tracking-id": `kept:apps/Deployment:${namespace}/kept-api` } } });
    await ended("kept-api", 1);
    const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    const history = [{ id: 7, revision: "abc1234", deployedAt: new Date(Date.now() - 3_600_000).toISOString() }];
    const operationState = { phase: "Running", startedAt: new Date().toISOString(), operation: { initiatedBy: { username: "jisoo" } }, syncResult: { revision: "5d1c0ffee5d1c0ffee" } };
    await stage.api.must("POST", applications, { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "kept" }, spec: {}, status: { history, operationState } });
    await stage.change("Deployment", "kept-api", { tag: "2.0.0" }, "argocd-controller");
    expect(await ended("kept-api", 2)).toMatchObject({ actor: "jisoo", actorSource: "gitops", commit: "5d1c0ffee5d1c0ffee" });
    const preview = (await (await session("operator").get(`${path("Deployment", "kept-api")}/rollback-preview?revision=1`)).json()) as { seen: string; owner: { application: string; say: string; entry: unknown } };
    expect(preview.owner).toMatchObject({ application: "kept", entry: { id: 7, revision: "abc1234" }, say: expect.stringContaining("until Git follows") });
    const answer = await session("operator").post(`${path("Deployment", "kept-api")}/rollback`, { seen: preview.seen, revision: 1, way: "argocd", note: "2.0.0 is slow" });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("argocd")]);
    expect(await stage.api.must("GET", `${applications}/kept`)).toMatchObject({ operation: { sync: { revision: "abc1234", prune: false }, initiatedBy: { username: "operator" } } });
  });
});
