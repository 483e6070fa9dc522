// One world, one database and one built console for all browser tests; stopped when they are done.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { buildConsole } from "../../infra/dev/build";
import { freePort, withoutRealThings } from "../../infra/dev/checkout";
import { startConsole } from "../../infra/dev/console";
import { prepareEmbedded, startEmbeddedPostgres } from "../../infra/dev/database";
import { startWorld } from "../../infra/sandbox/world";
import { startIdentityProvider } from "../fixtures/identity-provider";
import { cookieFrom } from "../fixtures/sign-in";

export interface Account { email: string; name: string; role: "admin" | "operator" | "viewer"; password: string }

declare module "vitest" {
  interface ProvidedContext {
    consoleUrl: string;
    accounts: Account[];
    /** A session's cookie for each role, made once: sign-in is throttled for tests as for everyone. */
    cookies: Record<Account["role"], string>;
    worldOrders: { url: string; token: string };
    kubeconfigPath: string;
    /** The world's AWS, for who changes things there behind the console's back. */
    aws: { url: string; accessKeyId: string; secretAccessKey: string };
    /** The console's database, for what has to be put there from outside. */
    databaseUrl: string;
  }
}

/** What is not started cannot be stopped: each part is noted as it comes up, and the last is stopped first. */
const stops: (() => Promise<void> | void)[] = [];

async function stopAll(): Promise<void> {
  for (const stop of stops.reverse()) await stop();
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  try {
    await start(project);
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

async function start(project: TestProject): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-browser-"));
  const accounts = (["admin", "operator", "viewer"] as const).map((role) => ({ email: `${role}@example.test`, name: role, role, password: randomBytes(12).toString("base64url") }));
  const accountsPath = path.join(home, "accounts.json");
  writeFileSync(accountsPath, JSON.stringify(accounts), { mode: 0o600 });
  stops.push(() => rmSync(home, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ home });
  stops.push(() => postgres.stop());
  const [world] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "seven-node" }), buildConsole()]);
  stops.push(() => world.stop());
  const databaseUrl = await prepareEmbedded(postgres, home);
  const port = await freePort();
  const consoleUrl = `http://localhost:${port}`;
  const provider = await startIdentityProvider({
    redirectUri: `${consoleUrl}/api/auth/callback/oidc`,
    people: { jisoo: { email: "jisoo@example.org", name: "Jisoo Han", groups: ["oncall"] }, guest: { email: "guest@example.org", name: "Guest", groups: [] } },
  });
  stops.push(() => provider.stop());
  const served = await startConsole({
    port,
    environment: {
      ...withoutRealThings(process.env), NODE_ENV: "production",
      QUARTERDECK_HOME: home, QUARTERDECK_URL: consoleUrl, QUARTERDECK_SEED_ACCOUNTS: accountsPath, QUARTERDECK_WORLD_URL: world.reportUrl, QUARTERDECK_DNS_SERVERS: "none",
      DATABASE_URL: databaseUrl, KUBECONFIG: world.kubeconfigPath,
      ...(world.prometheusUrl ? { PROMETHEUS_URL: world.prometheusUrl } : {}), ...(world.alertmanagerUrl ? { ALERTMANAGER_URL: world.alertmanagerUrl } : {}),
      ...(world.awsUrl ? { AWS_ENDPOINT_URL: world.awsUrl } : {}), ...(world.mirrorUrl ? { QUARTERDECK_ADD_ON_MIRROR: world.mirrorUrl } : {}),
      QUARTERDECK_OIDC_ISSUER: provider.issuer, QUARTERDECK_OIDC_CLIENT_ID: provider.clientId, QUARTERDECK_OIDC_CLIENT_SECRET: provider.clientSecret, QUARTERDECK_OIDC_ROLES: "oncall=operator",
      AWS_ACCESS_KEY_ID: world.awsCredential?.accessKeyId ?? "", AWS_SECRET_ACCESS_KEY: world.awsCredential?.secretAccessKey ?? "",
    },
    logFile: path.join(home, "console.log"),
  });
  stops.push(() => served.stop());
  const orders: { port: number; token: string } = JSON.parse(readFileSync(path.join(world.home, "orders.json"), "utf8"));
  project.provide("consoleUrl", consoleUrl);
  project.provide("accounts", accounts);
  const cookies = await Promise.all(accounts.map(async (account) => [account.role, await cookieFrom(consoleUrl, account)] as const));
  project.provide("cookies", { admin: "", operator: "", viewer: "", ...Object.fromEntries(cookies) });
  project.provide("worldOrders", { url: `http://127.0.0.1:${orders.port}/orders`, token: orders.token });
  project.provide("kubeconfigPath", world.kubeconfigPath);
  project.provide("aws", { url: world.awsUrl ?? "", accessKeyId: world.awsCredential?.accessKeyId ?? "", secretAccessKey: world.awsCredential?.secretAccessKey ?? "" });
  project.provide("databaseUrl", postgres.url);
}
