// Coming in and going out in a real browser: invitations, roles and sessions that end in other browsers, keys, passwords, the identity provider.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { session, sessionOf } from "./api";
import { consoleUrl, cookieOf, expectAccessible, launch, signIn, visit, type Visited } from "./browser";

let browser: Browser;
const opened: Visited[] = [];
const node = "/clusters/sesac-prod/placement?node=k8s-worker-2";
const password = "a long word for a browser!";
/** What the issue gives a stream, and a browser after it, to end. */
const endMs = 5000;

beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
afterEach(() => Promise.all(opened.splice(0).map(({ context }) => context.close())));

async function kept(made: Promise<Visited>): Promise<Visited> {
  const visited = await made;
  opened.push(visited);
  return visited;
}
const admin = async (): Promise<Page> => {
  const { page } = await kept(signIn(browser, { role: "admin" }));
  await page.goto("/access");
  await page.getByText("operator@example.test").waitFor();
  return page;
};
const row = (page: Page, words: string) => page.getByRole("row").filter({ hasText: words });
const secretOf = async (page: Page): Promise<string> => {
  const text = await page.getByTestId("secret").innerText();
  await page.getByRole("button", { name: "I have it" }).click();
  return text;
};

/** The link of an invitation, made by an administrator in their browser. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("dialog").getByLabel("Role").selectOption(role);
  await page.getByRole("button", { name: "Make the link" }).click();
  return secretOf(page);
}

/** Somebody who was invited, came by the link, and looks at a node. */
async function comeIn(link: string, name: string): Promise<Visited> {
  const visited = await kept(visit(browser));
  const { page } = visited;
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole("button", { name: "Come in" }).click();
  await page.getByRole("button", { name: `Signed in as ${name}` }).waitFor();
  return visited;
}

async function fillSignIn(page: Page, email: string, word: string): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.locator('input[name="password"]').fill(word);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

describe("an invitation", () => {
  it("leads by its link to an account with the role it names, once, and then by password to the page that was wanted", async () => {
    const page = await admin();
    const link = await invite(page, "ada@example.test", "operator");
    await row(page, "ada@example.test").getByText("invited", { exact: true }).waitFor();
    const { page: guest } = await kept(visit(browser));
    await guest.goto(link);
    await guest.getByText("You are invited as ada@example.test, with the role operator.").waitFor();
    await expectAccessible(guest);
    await guest.getByLabel("Your name").fill("Ada");
    await guest.locator('input[name="password"]').fill("short");
    await guest.getByRole("button", { name: "Come in" }).click();
    await guest.getByText("it needs at least 12").waitFor();
    await guest.locator('input[name="password"]').fill(password);
    await guest.getByRole("button", { name: "Come in" }).click();
    await guest.getByRole("button", { name: "Signed in as Ada, operator" }).waitFor();
    await page.reload();
    await row(page, "ada@example.test").getByText("1 signed in").waitFor();

    await guest.getByRole("button", { name: "Signed in as Ada, operator" }).click();
    await guest.getByRole("menuitem", { name: "Sign out" }).click();
    await guest.waitForURL("/sign-in");
    await guest.goto(link);
    await guest.getByText("This link has been used, withdrawn, or has run out.").waitFor();

    await guest.goto("/jobs");
    await guest.waitForURL(/\/sign-in\?then=%2Fjobs$/);
    await fillSignIn(guest, "ada@example.test", "not the password");
    await guest.getByText("The e-mail address or the password is wrong.").waitFor();
    await fillSignIn(guest, "ada@example.test", password);
    await guest.waitForURL("/jobs");
  });

  it("can be withdrawn before it is used", async () => {
    const page = await admin();
    const link = await invite(page, "late@example.test", "viewer");
    await page.getByRole("button", { name: "Withdraw the invitation of late@example.test" }).click();
    await row(page, "late@example.test").waitFor({ state: "detached" });
    const { page: guest } = await kept(visit(browser));
    await guest.goto(link);
    await guest.getByText("This link does not work").waitFor();
  });
});

describe("what an administrator does to a person", () => {
  it("ends their stream within 5 s of a changed role and takes the buttons that the new role has not", async () => {
    const page = await admin();
    const { page: theirs, context } = await comeIn(await invite(page, "bo@example.test", "operator"), "Bo");
    await theirs.goto(node);
    const cordon = theirs.getByRole("button", { name: "Cordon" });
    await expect.poll(() => cordon.isEnabled(), { timeout: 30_000 }).toBe(true);
    const stream = await sessionOf(await cookieOf(context)).stream("/api/live?topic=placement:sesac-prod");
    await page.reload();
    const from = Date.now();
    await page.getByLabel("Role of Bo").selectOption("viewer");
    await page.getByText("Bo is now viewer.").waitFor();
    await stream.ended;
    expect(Date.now() - from).toBeLessThan(endMs);
    await expect.poll(() => cordon.isDisabled(), { timeout: endMs }).toBe(true);
    await theirs.getByRole("button", { name: "Signed in as Bo, viewer" }).waitFor();
    expect(await cordon.getAttribute("title")).toBe("Cordoning needs the permission node.cordon.");
    await theirs.goto("/access");
    await theirs.getByText("For administrators").waitFor();
    await theirs.goto("/audit");
    await theirs.getByText("audit.read needs the permission audit.read").waitFor();
  });

  it("signs them out everywhere: their stream ends within 5 s and their browser is at the sign-in page", async () => {
    const page = await admin();
    const { page: theirs, context } = await comeIn(await invite(page, "cy@example.test", "viewer"), "Cy");
    await theirs.goto(node);
    await theirs.getByText(/^live$/).first().waitFor({ state: "attached" });
    const stream = await sessionOf(await cookieOf(context)).stream("/api/live?topic=placement:sesac-prod");
    await page.reload();
    await page.getByRole("button", { name: "Acts for Cy" }).click();
    const from = Date.now();
    await page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
    await page.getByText("Cy is signed out everywhere.").waitFor();
    await stream.ended;
    expect(Date.now() - from).toBeLessThan(endMs);
    await theirs.waitForURL(/\/sign-in\?then=/, { timeout: 2 * endMs });
  });

  it("cannot leave the console without an administrator, and says so", async () => {
    const page = await admin();
    await page.getByLabel("Role of admin").selectOption("viewer");
    await page.getByText("This is the last administrator who can sign in.").waitFor();
    expect(await page.getByLabel("Role of admin").inputValue()).toBe("admin");
  });
});

describe("one's own password", () => {
  it("is changed with the present one, and the old one is no longer good", async () => {
    const { page } = await comeIn(await invite(await admin(), "di@example.test", "viewer"), "Di");
    await page.goto("/access");
    await page.getByRole("button", { name: "Change my password" }).click();
    const change = async (present: string, next: string) => {
      await page.locator('input[name="currentPassword"]').fill(present);
      await page.locator('input[name="newPassword"]').fill(next);
      await page.getByRole("button", { name: "Change it" }).click();
    };
    await change("not the present one", "another long word, new");
    await page.getByText("The present password is wrong.").waitFor();
    await change(password, "another long word, new");
    await page.getByText("The password is changed; other sessions are ended.").waitFor();
    const { page: later } = await kept(visit(browser));
    await later.goto("/sign-in");
    await fillSignIn(later, "di@example.test", password);
    await later.getByText("The e-mail address or the password is wrong.").waitFor();
    await fillSignIn(later, "di@example.test", "another long word, new");
    await later.getByRole("button", { name: "Signed in as Di, viewer" }).waitFor();
  });
});

describe("an API key", () => {
  it("is shown once, works as a program's, and ends when it is revoked; the record names it both times", async () => {
    const page = await admin();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("What it is for").fill("nightly report");
    await page.getByRole("button", { name: "Make the key" }).click();
    const key = await secretOf(page);
    const ask = () => fetch(`${consoleUrl()}/api/clusters`, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
    expect(await ask()).toBe(200);
    expect(await page.content()).not.toContain(key);
    await page.getByRole("button", { name: "Revoke the key nightly report" }).click();
    await row(page, "nightly report").getByText("revoked", { exact: true }).waitFor();
    expect(await ask()).toBe(401);
    await page.goto("/audit?target=nightly");
    for (const action of ["key.create", "key.revoke"]) await row(page, action).getByText(`nightly report (${key.slice(0, 7)}…)`).waitFor();
  });
});

describe("the identity provider", () => {
  const choose = async (name: string): Promise<Page> => {
    const { page } = await kept(visit(browser));
    await page.goto("/sign-in?then=%2Fjobs");
    await page.getByRole("button", { name: "Sign in with your organisation" }).click();
    await page.getByRole("link", { name }).click();
    return page;
  };

  it("lets somebody in with the role of their groups, at the page that was wanted", async () => {
    const page = await choose("jisoo");
    await page.waitForURL("/jobs");
    await page.getByRole("button", { name: "Signed in as Jisoo Han, operator" }).waitFor();
  });

  it("leads whoever is in no group back to the sign-in page with the reason, which stands in the record", async () => {
    const page = await choose("guest");
    await page.getByText("None of your groups has a role in this console.").waitFor();
    await expectAccessible(page);
    const { entries } = await (await session("admin").get("/api/access/audit?outcome=denied&actor=guest")).json();
    expect(entries[0]).toMatchObject({ action: "session.start", actorName: "guest@example.org" });
    expect(inject("accounts").map(({ email }) => email)).not.toContain("guest@example.org");
  });
});
