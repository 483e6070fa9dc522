// Every page that no suite of its own looks at: shown whole, without axe findings, sideways scroll or errors, dark and light, wide and on a phone.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { session } from "./api";
import { consoleUrl, expectAccessible, expectNoSidewaysScroll, launch, signIn, visit, type Visited } from "./browser";

const cluster = "/clusters/sesac-prod";

interface Screen { name: string; path: string; shown: (page: Page) => Promise<unknown> }

const heading = (name: string) => (page: Page) => page.getByRole("heading", { name, exact: true }).first().waitFor();
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();
const dialog = (button: string, title: string) => async (page: Page) => {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("dialog", { name: title }).waitFor();
};

const open: Screen[] = [
  { name: "sign-in", path: "/sign-in", shown: heading("Sign in") },
  { name: "sign-in after a refusal", path: "/sign-in?refused=no_role", shown: text(/None of your groups has a role/) },
  { name: "set-up", path: "/set-up", shown: heading("First administrator") },
  { name: "invite, the link cut", path: "/invite", shown: text("The link is not whole") },
  { name: "invite, the link stale", path: `/invite#${"x".repeat(43)}`, shown: text("This link does not work") },
];
const administered: Screen[] = [
  { name: "access", path: "/access", shown: text("operator@example.test") },
  { name: "inviting", path: "/access", shown: dialog("Invite", "Invite someone") },
  { name: "a new key", path: "/access", shown: dialog("New key", "New API key") },
  { name: "own password", path: "/access", shown: dialog("Change my password", "Change my password") },
  { name: "audit", path: "/audit", shown: text("session.start") },
  { name: "audit, nothing found", path: "/audit?actor=nobody-at-all", shown: text("Nothing of that kind") },
  { name: "clusters", path: "/clusters", shown: text("KUBECONFIG") },
  { name: "adding a cluster", path: "/clusters", shown: dialog("Add a cluster", "Add a cluster") },
  { name: "jobs", path: "/jobs", shown: heading("Jobs") },
  { name: "a job that is not there", path: "/jobs/job-9999", shown: text("No such job") },
  { name: "overview", path: cluster, shown: text("Recent events") },
  { name: "drift", path: `${cluster}/placement/drift`, shown: text("Will break something") },
  { name: "what-if", path: `${cluster}/placement/what-if?ask=drain&node=k8s-worker-2`, shown: text(/stay|pending|place/) },
  { name: "policy", path: `${cluster}/placement/policy`, shown: text("Fill in the standard policy") },
  { name: "routes, a path followed", path: `${cluster}/routes?path=/api/v1/auth/login`, shown: text(/auth-api:31441/) },
  { name: "health", path: `${cluster}/health`, shown: text("The control plane has one member") },
  { name: "health, history", path: `${cluster}/health/history`, shown: heading("Health") },
  { name: "health, the catalogue searched", path: `${cluster}/health/catalogue?symptom=ImagePullBackOff`, shown: text("An image cannot be pulled") },
  { name: "status office", path: `${cluster}/status`, shown: text("What is published") },
  { name: "opening an incident", path: `${cluster}/status`, shown: dialog("Open an incident", "Open an incident") },
  { name: "no such page", path: "/nowhere", shown: text("There is no such page") },
];

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

/** One visit for both schemes: a page follows the system's wish while it stands. */
async function look({ page, problems }: Visited, { path, shown }: Screen): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(path);
  await shown(page);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: "attached" });
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  }
  expect(problems.splice(0).filter((one) => !/status of (404|410)/.test(one))).toEqual([]);
}

describe.each([1440, 360])("at %i px, dark and light", (width) => {
  let nobody: Visited;
  let admin: Visited;
  beforeAll(async () => {
    nobody = await visit(browser, { width });
    admin = await signIn(browser, { role: "admin", width });
  });
  afterAll(() => Promise.all([nobody.context.close(), admin.context.close()]));

  it.each(open)("$name is whole and accessible to somebody who is not signed in", (screen) => look(nobody, screen));
  it.each(administered)("$name is whole and accessible", (screen) => look(admin, screen));
});

describe("every answer", () => {
  it.each(["/sign-in", "/access", cluster, "/api/healthz", "/api/me", "/icon.svg"])("says at %s what may be loaded and who may frame it, and lets nothing be made from text", async (path) => {
    const { headers } = await session("admin").get(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'self'; script-src 'self' 'nonce-[\w+/=]{20,}' 'strict-dynamic';/);
    expect(policy).toMatch(/object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'/);
    expect(policy).not.toContain("unsafe-eval");
    expect(policy.split("; ").find((one) => one.startsWith("script-src"))).not.toContain("unsafe-inline");
    expect(Object.fromEntries(["x-content-type-options", "x-frame-options", "referrer-policy", "x-powered-by"].map((name) => [name, headers.get(name)]))).toEqual({ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin", "x-powered-by": null });
  });

  it("has a nonce of its own", async () => {
    const nonce = async () => /'nonce-([^']+)'/.exec((await session("admin").get("/sign-in")).headers.get("content-security-policy") ?? "")?.[1];
    expect(await nonce()).not.toBe(await nonce());
  });

  it("keeps the browser from running text as code", async () => {
    const { page, context } = await visit(browser);
    await page.goto("/sign-in");
    const ran = await page.evaluate(() => new Promise((resolve) => setTimeout(() => {
      try {
        resolve((0, eval)("'ran'"));
      } catch (error) {
        resolve(error instanceof Error ? error.name : "refused");
      }
    })));
    expect(ran).toBe("EvalError");
    await context.close();
  });

  it("to a request from another origin is a refusal, whatever its cookie", async () => {
    const answer = await session("admin").post("/api/clusters/test", { kubeconfig: "x" }, { origin: "https://evil.example" });
    expect(answer.status).toBe(403);
    const read = await session("admin").get("/api/me");
    expect(read.headers.get("access-control-allow-origin")).toBeNull();
    expect(read.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(consoleUrl()).toMatch(/^http:\/\/localhost/);
  });
});
