// The sandbox on the command line: runs a world until Ctrl-C, or gives an order to the one that runs.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { giveOrder } from "./give-order.ts";
import { ordersHelp } from "./orders.ts";
import { checkoutRoot } from "./programs.ts";
import { isScenario, scenarioNames, scenarioOf, type ScenarioName } from "./scenarios/index.ts";
import type { WorldOptions } from "./site.ts";
import { startWorld, type World } from "./world.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenario: { type: "string", default: "seven-node" },
    home: { type: "string" },
    kubeconfig: { type: "string" },
    "report-port": { type: "string" },
    "prometheus-port": { type: "string" },
    "alertmanager-port": { type: "string" },
    "aws-port": { type: "string" },
    "mirror-port": { type: "string" },
    nodes: { type: "string" },
    pods: { type: "string" },
    churn: { type: "string" },
    also: { type: "string", multiple: true, default: [] },
    "scrape-seconds": { type: "string" },
    fresh: { type: "boolean", default: false },
    gentle: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

function usage(): string {
  const scenarios = scenarioNames.map((name) => `  ${name.padEnd(16)} ${scenarioOf(name).say}`).join("\n");
  return `sandbox [--scenario <name>] [--home <folder>] [--kubeconfig <file>] [--report-port N] [--prometheus-port N] [--alertmanager-port N] [--aws-port N] [--mirror-port N] [--nodes N --pods N] [--churn N] [--also <scenario>] [--scrape-seconds N] [--fresh]\nsandbox do <order> …\n\nScenarios\n${scenarios}\n\nOrders\n${ordersHelp()}`;
}

function scenarioNamed(name: string): ScenarioName {
  if (isScenario(name)) return name;
  throw new Error(`There is no scenario ${name}. There are: ${scenarioNames.join(", ")}.`);
}

function scenario(): ScenarioName {
  return scenarioNamed(values.scenario);
}

/** Further clusters stand beside the first, each once and under a name of its own. */
function also(): ScenarioName[] {
  const names = values.also.map(scenarioNamed);
  const clusters = [scenario(), ...names].map((name) => scenarioOf(name).cluster);
  if (new Set(clusters).size < clusters.length) throw new Error(`Two of these scenarios are of the same cluster: ${[scenario(), ...names].join(", ")}.`);
  return names;
}

function homeFolder(): string {
  const name = scenario() === "seven-node" ? "world" : `world-${scenario()}`;
  return resolve(values.home ?? join(checkoutRoot, ".quarterdeck", name));
}

function whole(what: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= most) return number;
  throw new Error(`${text} is no ${what}.`);
}

function port(text: string | undefined): number | undefined {
  return whole("port", text, 65_535);
}

async function passOrder(): Promise<number> {
  const [, name = "", ...args] = positionals;
  const { ok, say } = await giveOrder(homeFolder(), name, args);
  console.log(say);
  return ok ? 0 : 1;
}

function showHowToUse(world: World): void {
  console.log(`\nThe world is up. Progress and orders: ${world.reportUrl}`);
  console.log(`  KUBECONFIG=${world.kubeconfigPath} kubectl get nodes`);
  const keys = world.awsCredential;
  if (world.awsUrl !== null && keys !== null) console.log(`  AWS_ENDPOINT_URL=${world.awsUrl} AWS_REGION=ap-northeast-2 AWS_ACCESS_KEY_ID=${keys.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey} aws ec2 describe-instances`);
  if (world.prometheusUrl !== null) console.log(`  curl '${world.prometheusUrl}/api/v1/query?query=up'`);
  if (world.alertmanagerUrl !== null) console.log(`  curl ${world.alertmanagerUrl}/api/v2/silences`);
  console.log("  sandbox do <order>: --help lists them. Ctrl-C ends everything.\n");
}

async function runWorld(): Promise<void> {
  const abort = new AbortController();
  const ended = new Promise<void>((done) => {
    const end = (): void => { abort.abort(new Error("The sandbox was told to stop.")); done(); };
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
  let last = "";
  const options: WorldOptions = {
    home: homeFolder(), scenario: scenario(), also: also(), gentle: values.gentle, fresh: values.fresh, signal: abort.signal,
    onPart: ({ title, state, say }) => {
      const line = `${title}: ${state === "ready" || state === "failed" ? `${state} — ` : ""}${say}`;
      if (line !== last) console.log(line);
      last = line;
    },
  };
  if (values.kubeconfig !== undefined) options.kubeconfigPath = resolve(values.kubeconfig);
  const sizes = { nodes: whole("number of nodes", values.nodes, 20_000), pods: whole("number of pods", values.pods, 500_000), churnPerSecond: whole("number of pods per second", values.churn, 2_000), scrapeSeconds: whole("number of seconds", values["scrape-seconds"], 60) };
  const ports = { ...sizes, reportPort: port(values["report-port"]), prometheusPort: port(values["prometheus-port"]), alertmanagerPort: port(values["alertmanager-port"]), awsPort: port(values["aws-port"]), mirrorPort: port(values["mirror-port"]) };
  if (process.env.SANDBOX_AWS_SECRET) options.awsSecret = process.env.SANDBOX_AWS_SECRET;
  const world = await startWorld({ ...options, ...Object.fromEntries(Object.entries(ports).filter(([, number]) => number !== undefined)) });
  showHowToUse(world);
  await ended;
  await world.stop();
}

try {
  if (values.help) console.log(usage());
  else if (positionals[0] === "do") process.exitCode = await passOrder();
  else if (positionals.length > 0) throw new Error(`${positionals.join(" ")} is not understood.\n\n${usage()}`);
  else await runWorld();
  process.exit();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
