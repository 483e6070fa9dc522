// One cluster in a real browser, from the wizard's first choice to nothing left of it: its machines boot by the real kubeadm on the imitation of AWS, and what its page shows is what stands.
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, EC2Client, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import type { Page } from "playwright-core";
import { describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { until } from "../fixtures/jobs/until";
import { session } from "./api";
import { expectAccessible, expectNoSidewaysScroll, type Visit } from "./browser";
import { drawn, oneVisit } from "./one-visit";

// Real programs on a machine that others use too: what is waited for is that it happens, not how soon.
vi.setConfig({ testTimeout: 900_000 });

const name = "stands-here";
const longMs = 600_000;
const { opened, problems } = oneVisit();

async function clusterPage(visit: Visit = {}): Promise<Page> {
  const page = await opened(`/provisioning/${name}`, visit);
  await page.getByText("shown by the API server in a handshake just now").waitFor();
  return page;
}

const ended = (id: string) => until(`${id} to end`, async () => {
  const { job } = z.object({ job: z.object({ status: z.string(), say: z.string() }) }).parse(await (await session("operator").get(`/api/jobs/${id}`)).json());
  return ["SUCCEEDED", "FAILED", "NEEDS_ATTENTION", "CANCELLED"].includes(job.status) ? job : null;
}, longMs);
const jobOn = (page: Page): string => new URL(page.url()).pathname.split("/").at(-1) ?? "";
const looks = [{ scheme: "dark", width: 1440 }, { scheme: "light", width: 1440 }, { scheme: "dark", width: 360 }, { scheme: "light", width: 360 }] as const;

describe("a cluster", () => {
  it("is drawn in the wizard, built by one button, and watched until its nodes are Ready", async () => {
    const page = await opened("/provisioning/new");
    await drawn(page, /^Four nodes/, name);
    await page.getByText("0 blocking").waitFor();
    await page.getByRole("button", { name: "Build cluster" }).click();
    await page.waitForURL(/\/jobs\/job-/);
    const log = page.getByRole("log", { name: "Log lines" });
    await expect.poll(() => log.innerText(), { timeout: longMs }).toMatch(/boot\//);
    await expectAccessible(page);
    const job = await ended(jobOn(page));
    expect(job).toMatchObject({ status: "SUCCEEDED", say: expect.stringContaining(`${name} is up and is connected.`) });
    await page.getByText(`${name} is up and is connected.`).first().waitFor();
    expect(problems()).toEqual([]);
  });

  it("opens in placement with every machine Ready in its tier", async () => {
    const page = await opened(`/clusters/${name}/placement`);
    for (const machine of ["k8s-master", "k8s-worker-1", "k8s-worker-2", "k8s-storage"]) await page.getByText(machine, { exact: true }).first().waitFor();
    await page.getByText(/^4 nodes, \d+ of \d+ pods placed/).waitFor();
    expect(problems()).toEqual([]);
  });
});

describe("its page", () => {
  it.each(looks)("is whole and accessible in $scheme at $width px, with machines, certificates, cost, history, and no drift", async ({ scheme, width }) => {
    const page = await clusterPage({ scheme, width });
    await page.getByText("k8s-master").first().waitFor();
    await page.getByText("Everything is as the blueprint says.").waitFor();
    await page.getByRole("region", { name: "Resources" }).getByText(/^vpc-[0-9a-f]+/).first().waitFor();
    await page.getByText(/^\$[\d.,]+/).first().waitFor();
    await page.getByText("revision 1 saved").waitFor();
    await page.getByRole("link", { name: new RegExp(`Build ${name}`) }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(problems()).toEqual([]);
  });

  it("shows as drift what somebody changed on AWS behind it, and no more once it is changed back", async () => {
    const { url, ...credentials } = inject("aws");
    const ec2 = new EC2Client({ endpoint: url, region: "ap-northeast-2", credentials });
    const { SecurityGroups: groups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: [`${name}*`] }] }));
    const byHand = { GroupId: groups[0]?.GroupId, IpPermissions: [{ IpProtocol: "tcp", FromPort: 2222, ToPort: 2222, IpRanges: [{ CidrIp: "203.0.113.0/24" }] }] };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(byHand));
    const page = await clusterPage();
    const drift = page.locator("section").filter({ has: page.getByRole("heading", { name: "Drift" }) });
    await drift.getByText(/2222/).first().waitFor();
    await expectAccessible(page);
    await ec2.send(new RevokeSecurityGroupIngressCommand(byHand));
    await page.reload();
    await page.getByText("Everything is as the blueprint says.").waitFor();
    ec2.destroy();
  });

  it("shows what a new node would be before it is made", async () => {
    const page = await clusterPage();
    await page.getByRole("button", { name: "Add node…" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/a month \(\+\$/).waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Leave it" }).click();
  });

  it("tells that the last machine of a pool cannot be removed, and shows whose pods move before one is replaced", async () => {
    const page = await clusterPage({ width: 360, scheme: "light" });
    await page.getByRole("button", { name: "What can be done with k8s-worker-1" }).click();
    await page.getByRole("menuitem", { name: "Remove…" }).click();
    await page.getByRole("dialog").getByText(/is the last machine of the pool/).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "What can be done with k8s-worker-1" }).click();
    await page.getByRole("menuitem", { name: "Replace…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("region", { name: "What happens to each pod" }).waitFor();
    expect(await dialog.getByRole("button", { name: "Replace k8s-worker-1" }).isDisabled()).toBe(true);
    await dialog.getByLabel(/^Type k8s-worker-1 to confirm/).fill("k8s-worker-1");
    await expect.poll(() => dialog.getByRole("button", { name: "Replace k8s-worker-1" }).isEnabled()).toBe(true);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });

  it("sets a label on the living nodes by a job, after the plan", async () => {
    const page = await clusterPage();
    await page.getByRole("button", { name: "Labels and taints…" }).last().click();
    const dialog = page.getByRole("dialog");
    const labels = dialog.getByLabel("Labels, one a line");
    const before = await labels.inputValue();
    await labels.fill(`${before}\nteam`);
    await dialog.getByText('"team" is no label; write key=value.').waitFor();
    await labels.fill(`${before}\nteam=sync`);
    await dialog.getByRole("button", { name: "Show what changes" }).click();
    await dialog.getByText(/team=sync/).last().waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Do it" }).click();
    await page.waitForURL(/\/jobs\/job-/);
    expect(await ended(jobOn(page))).toMatchObject({ status: "SUCCEEDED" });
  });

  it("hands a kubeconfig to an administrator as a file, and to an operator none", async () => {
    const operator = await clusterPage();
    expect(await operator.getByRole("button", { name: "Kubeconfig…" }).isDisabled()).toBe(true);
    await operator.context().close();
    const page = await clusterPage({ role: "admin" });
    await page.getByRole("button", { name: "Kubeconfig…" }).click();
    await expectAccessible(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("dialog").getByRole("button", { name: "Download" }).click()]);
    expect(file.suggestedFilename()).toBe(`${name}.kubeconfig`);
    await page.getByText(`Saved as ${name}.kubeconfig.`).waitFor();
    expect(problems()).toEqual([]);
  });
});

describe("its teardown", () => {
  it("is an administrator's", async () => {
    const page = await clusterPage();
    expect(await page.getByRole("button", { name: "Tear down…" }).isDisabled()).toBe(true);
  });

  it.each(looks)("names what dies with it and wants the name typed, in $scheme at $width px", async ({ scheme, width }) => {
    const page = await clusterPage({ role: "admin", scheme, width });
    await page.getByRole("button", { name: "Tear down…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/etcd on k8s-master/).waitFor();
    const button = dialog.getByRole("button", { name: `Tear down ${name}` });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByRole("radio", { name: /Delete them/ }).check();
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
    await expect.poll(() => button.isEnabled()).toBe(true);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });

  it("is done by a job that ends with what is left of it and what that costs", async () => {
    const page = await clusterPage({ role: "admin" });
    await page.getByRole("button", { name: "Tear down…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /Delete them/ }).check();
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
    await dialog.getByRole("button", { name: `Tear down ${name}` }).click();
    await page.waitForURL(/\/jobs\/job-/);
    const { status, say } = await ended(jobOn(page));
    expect([status, say]).toEqual(["SUCCEEDED", expect.stringMatching(/nothing/i)]);
    await page.getByText(say).first().waitFor();
    await page.goto(`/provisioning/${name}`);
    await page.getByText("Nothing is built").waitFor();
    expect(problems()).toEqual([]);
  });
});
