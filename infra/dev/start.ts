// `npm start`: the database, a world to serve and the console, each only where nothing real is given for it.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildConsole, generateClient } from "./build.ts";
import { freePort, home, isFree, root } from "./checkout.ts";
import { startConsole } from "./console.ts";
import { prepareEmbedded, prepareGiven, startEmbeddedPostgres } from "./database.ts";
import { giveOrder } from "../sandbox/give-order.ts";
import { supervise } from "../sandbox/process.ts";

const words = process.argv.slice(2);
/** `npm run dev`: from the sources, with what changes shown at once. */
const develop = words.includes("--dev");
const begun = Date.now();
const say = (text: string) => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const stops: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

/** Ends everything that was started, last first. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(String(error)));
  })();
  return stopping;
}

interface World { home?: string; environment: Record<string, string>; accounts: Account[] }
interface Account { email: string; name: string; role: "admin" | "operator" | "viewer"; password: string }

function readyAccounts(): Account[] {
  const file = path.join(home, "accounts.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const made = (["admin", "operator", "viewer"] as const).map((role) => ({
    email: `${role}@quarterdeck.local`,
    name: `${role[0]?.toUpperCase()}${role.slice(1)}`,
    role,
    password: randomBytes(12).toString("base64url"),
  }));
  writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 });
  return made;
}

/** Starts the sandbox beside us and tells the console by environment where its parts will be. */
async function startWorld(): Promise<World> {
  const [reportPort, prometheusPort, alertmanagerPort, awsPort, mirrorPort] = [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()];
  const worldHome = path.join(home, "world");
  const kubeconfig = path.join(worldHome, "kubeconfig");
  const args = ["infra/sandbox/main.ts", "--home", worldHome, "--kubeconfig", kubeconfig, "--report-port", String(reportPort), "--prometheus-port", String(prometheusPort), "--alertmanager-port", String(alertmanagerPort), "--aws-port", String(awsPort), "--mirror-port", String(mirrorPort), "--gentle", ...words.filter((word) => word !== "--dev")];
  const secret = randomBytes(30).toString("base64url");
  const child = supervise({ name: "sandbox", command: process.execPath, args, cwd: root, env: { SANDBOX_AWS_SECRET: secret }, logPath: path.join(home, "log/sandbox.log") });
  child.onFailure((text) => console.error(text));
  child.start();
  stops.push(() => child.stop());
  say(`sandbox: coming up, progress at http://127.0.0.1:${reportPort}/ and on the overview, log in ${path.relative(root, home)}/log/sandbox.log`);
  const environment: Record<string, string> = { KUBECONFIG: kubeconfig, QUARTERDECK_WORLD_URL: `http://127.0.0.1:${reportPort}/`, QUARTERDECK_DNS_SERVERS: "none" };
  if (!process.env.PROMETHEUS_URL) environment.PROMETHEUS_URL = `http://127.0.0.1:${prometheusPort}`;
  if (!process.env.ALERTMANAGER_URL) environment.ALERTMANAGER_URL = `http://127.0.0.1:${alertmanagerPort}`;
  if (!process.env.AWS_ACCESS_KEY_ID && !process.env.AWS_PROFILE) {
    Object.assign(environment, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`, QUARTERDECK_ADD_ON_MIRROR: `http://127.0.0.1:${mirrorPort}`, AWS_ACCESS_KEY_ID: "sandbox", AWS_SECRET_ACCESS_KEY: secret,
      AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
  }
  const accounts = readyAccounts();
  environment.QUARTERDECK_SEED_ACCOUNTS = path.join(home, "accounts.json");
  return { home: worldHome, environment, accounts };
}

async function givenWorld(): Promise<World> {
  if (process.env.KUBECONFIG) {
    say(`clusters: those of KUBECONFIG, ${process.env.KUBECONFIG}. Real ones; what you do in the console happens there.`);
  } else {
    say(`sandbox: it needs Linux and this is ${process.platform}; set KUBECONFIG, or add a cluster in the console.`);
  }
  return { environment: {}, accounts: [] };
}

async function prepareDatabase(): Promise<string> {
  const given = process.env.DATABASE_URL;
  if (given) {
    say("database: the one of DATABASE_URL; migrations are applied to it");
    const apart = await prepareGiven(given, process.env.QUARTERDECK_MIGRATION_URL);
    if (!apart) say("database: one role owns the tables and serves the console, so the record is guarded by its trigger alone; set QUARTERDECK_MIGRATION_URL to the owner's address for more");
    return given;
  }
  const postgres = await startEmbeddedPostgres({ home });
  stops.push(() => postgres.stop());
  const url = await prepareEmbedded(postgres, home);
  say("database: embedded PostgreSQL is up");
  return url;
}

async function main(): Promise<void> {
  mkdirSync(home, { recursive: true });
  for (const name of ["PROMETHEUS_URL", "ALERTMANAGER_URL", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"] as const) {
    if (process.env[name]) say(`${name} is set: the console uses what it names`);
  }
  const wanted = Number(process.env.PORT ?? 3000);
  const port = (await isFree(wanted)) ? wanted : await freePort();
  if (port !== wanted) say(`port ${wanted} is taken; using ${port}`);
  const world = process.env.KUBECONFIG || process.platform !== "linux" ? await givenWorld() : await startWorld();
  const [databaseUrl] = await Promise.all([prepareDatabase(), build()]);
  const url = process.env.QUARTERDECK_URL ?? `http://localhost:${port}`;
  const environment = { ...world.environment, DATABASE_URL: databaseUrl, QUARTERDECK_HOME: home, QUARTERDECK_URL: url, NODE_ENV: develop ? "development" : "production" };
  const served = await startConsole({ port, environment, logFile: path.join(home, "log/console.log"), develop, onLine: passOn });
  stops.push(() => served.stop());
  say(`console: ${url}`);
  // What the sandbox still compiles kept to one core until now.
  if (world.home !== undefined) await giveOrder(world.home, "hurry").catch((error: unknown) => say(`sandbox: ${String(error)}`));
  for (const { role, email, password } of world.accounts) console.log(`          ${role.padEnd(9)} ${email}  ${password}`);
  console.log("          Ctrl-C stops everything.");
  served.onFailure((text) => {
    console.error(text);
    void stopAll().then(() => process.exit(1));
  });
}

/** The set-up link is for the person at this terminal; everything else of the log stays in the file. */
function passOn(line: string): void {
  const link = /"setUpLink":"([^"]+)"/.exec(line)?.[1];
  if (link) console.log(`          First administrator: open ${link}`);
}

async function build(): Promise<void> {
  if (develop) return generateClient();
  say("console: building (about a minute when the sources changed) …");
  say((await buildConsole()) ? "console: built" : "console: the last build still fits");
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stopAll().then(() => process.exit(0)));
}
main().catch(async (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  await stopAll();
  process.exit(1);
});
