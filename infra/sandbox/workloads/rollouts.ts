// Argo Rollouts as it is: its own definitions, its own controller, and one service that it rolls out.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../control-plane/cluster.ts";
import { supervise, type Child } from "../process.ts";
import { definitionsFolder } from "../programs.ts";
import { Catalogue, ensureAll, waitServed } from "./apply.ts";
import { rolloutObjects } from "./services.ts";

export interface RolloutsInput {
  program: string;
  cluster: Cluster;
  dir: string;
  seed: boolean;
  /** The proxy by which its analyses reach Services by name; the API server, on loopback, is reached without it. */
  namesUrl: string;
}

const served = ["rollouts", "analysistemplates", "analysisruns", "experiments", "clusteranalysistemplates"].map((plural) => `/apis/argoproj.io/v1alpha1/${plural}?limit=1`);

async function ensureDefinitions(cluster: Cluster): Promise<void> {
  const folder = definitionsFolder();
  if (folder === null) throw new Error("The definitions of Argo Rollouts' kinds are not beside its controller.");
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  await Promise.all(files.map(async (file) => {
    const answer = await cluster.api.call({ method: "POST", path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", raw: readFileSync(join(folder, file), "utf8"), contentType: "application/yaml" });
    if (answer.status >= 300 && answer.status !== 409) throw new Error(`${file} was refused: ${answer.text.slice(0, 200)}`);
  }));
  await Promise.all(served.map((path) => waitServed(cluster.api, path)));
}

async function isThere(cluster: Cluster): Promise<boolean> {
  return (await cluster.api.call({ method: "GET", path: "/apis/argoproj.io/v1alpha1/namespaces/recycling/rollouts/recycling-api" })).status === 200;
}

export async function startRollouts(input: RolloutsInput): Promise<Child> {
  const { cluster } = input;
  await ensureDefinitions(cluster);
  const child = supervise({
    name: `rollouts-controller of ${cluster.name}`, command: input.program, logPath: join(input.dir, "rollouts-controller.log"), stopSignal: "SIGKILL", restarts: { limit: 5, withinMs: 60_000 },
    // It would listen on every address of the machine; given ports that cannot be, it says so in its log and works without.
    args: ["--kubeconfig", cluster.pki.conf("super-admin"), "--leader-elect=false", "--metricsPort", "70001", "--healthzPort", "70002", "--loglevel", "warn"],
    env: { HTTP_PROXY: input.namesUrl, NO_PROXY: "" },
  });
  child.start();
  if (input.seed && !(await isThere(cluster))) await ensureAll(cluster.api, new Catalogue(cluster.api), rolloutObjects());
  return child;
}
