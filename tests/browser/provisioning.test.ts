// The wizard in a real browser, against the imitation of AWS: preset to review, form and YAML as one value, faults named, no findings of axe, down to 360 px.
import { beforeAll, describe, expect, inject, it } from "vitest";
import { presetBlueprint } from "../../lib/provisioning/presets";
import { consoleUrl, expectAccessible } from "./browser";
import { drawn, oneVisit } from "./one-visit";

const { opened, problems } = oneVisit();

describe("the wizard", () => {
  it("leads from a preset to a review that may be built, with plan, cost and checks", async () => {
    const page = await opened("/provisioning/new");
    await drawn(page, /^Seven nodes/, "drawn-here");
    expect(new URL(page.url()).pathname).toBe("/provisioning/drawn-here/review");
    await page.getByRole("button", { name: /^\+5 .*Control plane/ }).waitFor();
    await page.getByText("0 blocking").waitFor();
    await page.getByText(/steps, about \d+ min/).waitFor();
    expect(await page.getByRole("button", { name: "Build cluster" }).isEnabled()).toBe(true);
    await expectAccessible(page);
    expect(problems()).toEqual([]);
  });

  it("names what does not fit beside its field, and does not go on before it does", async () => {
    const page = await opened("/provisioning/new?step=shape");
    await page.getByLabel("Name", { exact: true }).fill("Not A Name");
    expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true);
    await page.getByText(/lower-case letters, digits and hyphens/).first().waitFor();
    await page.getByLabel("Name", { exact: true }).fill("a-name");
    await expect.poll(() => page.getByRole("button", { name: "Next" }).isEnabled()).toBe(true);
    await expectAccessible(page);
  });

  it("has its way on whole on a phone, whatever is told beside it", async () => {
    const page = await opened("/provisioning/new?step=shape", { width: 360, height: 740 });
    await page.locator("footer").getByText(/at most 63/).waitFor();
    const label = page.getByRole("button", { name: "Next" }).locator(".mantine-Button-label");
    expect(await label.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
  });

  it("shows one value as form and as YAML, and a fault in YAML with its line", async () => {
    const page = await opened("/provisioning/new?step=shape");
    await page.getByLabel("Name", { exact: true }).fill("as-text");
    await page.getByText("YAML", { exact: true }).click();
    const text = page.getByRole("textbox", { name: "Blueprint as YAML" });
    const written = await text.inputValue();
    expect(written).toContain("name: as-text");
    await text.fill(written.replace("podCidr: 192.168.0.0/16", "podCidr: 10.0.0.0/17"));
    await page.getByText(/^line \d+$/).first().waitFor();
    await text.fill(written.replace("name: as-text", "name: from-text"));
    await page.getByText("Form", { exact: true }).click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("from-text");
  });

  it("can be looked at and not changed by a viewer", async () => {
    const page = await opened("/provisioning/new?step=shape", { role: "viewer" });
    await page.getByText("You may look and not change").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
  });
});

describe("the review", () => {
  beforeAll(async () => {
    const blueprint = presetBlueprint("seven-node", { name: "kept-here", adminCidr: "127.0.0.1/32" });
    const answer = await fetch(`${consoleUrl()}/api/provisioning/blueprints/kept-here`, { method: "PUT", headers: { "content-type": "application/json", origin: consoleUrl(), cookie: inject("cookies").operator }, body: JSON.stringify({ blueprint, over: 0 }) });
    expect(answer.status).toBe(200);
  });

  it("is read by keys: rows, folding, filter", async () => {
    const page = await opened("/provisioning/kept-here/review");
    const network = page.getByRole("button", { name: /Network VPC/ });
    await network.focus();
    await page.keyboard.press("ArrowRight");
    expect(await network.getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("j");
    await page.keyboard.press("/");
    await page.keyboard.type("k8s-redis");
    await page.getByRole("button", { name: /EC2 instance k8s-redis/ }).waitFor();
    await expect.poll(() => page.url()).toContain("q=k8s-redis");
  });

  it.each([{ width: 360, height: 740, scheme: "light" }, { width: 1440, height: 900, scheme: "dark" }] as const)("fits $width × $height px in $scheme, with nothing for axe to find, nothing to scroll sideways and no empty room below", async (view) => {
    const page = await opened("/provisioning/kept-here/review", view);
    await page.getByRole("button", { name: "Build cluster" }).waitFor();
    await page.getByText(/longest path/).waitFor();
    expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual([view.width, view.height]);
    await expectAccessible(page);
  });

  it("says to a viewer who may build", async () => {
    const page = await opened("/provisioning/kept-here/review", { role: "viewer" });
    await page.getByText("Building needs the role operator").waitFor();
    expect(await page.getByRole("button", { name: "Build cluster" }).isDisabled()).toBe(true);
  });
});
