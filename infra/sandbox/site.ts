// What a world is while it is being built: its options, its parts so far, and the acts that orders and parts share.
import type { Aws } from "./aws/server.ts";
import type { ClusterWorld } from "./cluster-world.ts";
import type { Etcd } from "./control-plane/etcd.ts";
import type { Home } from "./home.ts";
import type { Pace } from "./machines/stages.ts";
import type { Board, Part } from "./parts.ts";
import { ensurePrograms, type ProgramName, type Programs } from "./programs.ts";
import { startChurn, type Churn } from "./scenarios/churn.ts";
import type { ScenarioName } from "./scenarios/index.ts";
import type { Loaded } from "./scenarios/scale.ts";

export interface WorldOptions {
  home?: string;
  scenario?: ScenarioName;
  /** Forgets what an earlier run left of the scenario's cluster: it begins as on its first day. */
  fresh?: boolean;
  /** Further clusters on the same etcd. */
  also?: ScenarioName[];
  kubeconfigPath?: string;
  reportPort?: number;
  prometheusPort?: number;
  alertmanagerPort?: number;
  awsPort?: number;
  mirrorPort?: number;
  /** Of the account's own user; made anew when absent. */
  awsSecret?: string;
  prometheus?: boolean;
  traffic?: boolean;
  aws?: boolean;
  rollouts?: boolean;
  kwok?: boolean;
  workloads?: boolean;
  scheduler?: boolean;
  controllers?: boolean;
  /** Of the scenario `scale`. */
  nodes?: number;
  pods?: number;
  /** How often Prometheus looks; 10 when absent, and less for who wants evidence within seconds. */
  scrapeSeconds?: number;
  /** How many hours of past Prometheus is given; a day when absent. */
  historyHours?: number;
  /** Of the scenarios `busy` and `scale`; may be set on any by order. */
  churnPerSecond?: number;
  /** Fast for tests that only wait for pods. */
  pace?: Pace;
  /** Compile missing programs on one core only, until told to hurry. */
  gentle?: boolean;
  signal?: AbortSignal;
  onPart?: (part: Part) => void;
}

/** What is being built up; orders and parts work on it. */
export interface Site {
  home: Home;
  options: WorldOptions;
  board: Board;
  /** Aborts when nobody needs the other cores any more. */
  hurry: AbortController;
  etcd: Etcd;
  clusters: ClusterWorld[];
  kubeconfigPath: string;
  /** Where alerts of the first cluster are silenced. */
  alertmanagerUrl: string | null;
  aws: Aws | null;
  /** Where add-ons are mirrored. */
  mirrorUrl: string | null;
  churn: Churn | null;
  loaded: Loaded | null;
  /** Ended in the reverse of the order in which they were begun. */
  endings: (() => Promise<void>)[];
}

export function mainCluster(site: Site): ClusterWorld {
  const [first] = site.clusters;
  if (first === undefined) throw new Error("The control plane is not up yet.");
  return first;
}

/** Finds or makes programs, with the part showing how far the compiler is. */
export async function programsFor(site: Pick<Site, "board" | "hurry" | "options">, part: string, names: ProgramName[]): Promise<Partial<Programs>> {
  const { board, hurry, options } = site;
  return ensurePrograms({
    names, ...(options.gentle === true ? { gentleUntil: hurry.signal } : {}), ...(options.signal === undefined ? {} : { signal: options.signal }),
    onProgress: ({ say, progress, etaMs }) => board.set(part, { state: "building", say, progress, etaMs }),
  });
}

/** Thousands of machines are not run, only looked at: nothing may work through them that would take the whole computer. */
export function runs(options: WorldOptions, what: "controllers" | "scheduler" | "kwok" | "rollouts" | "workloads" | "traffic" | "prometheus" | "aws"): boolean {
  return options[what] ?? options.scenario !== "scale";
}

export function setChurn(site: Site, perSecond: number): void {
  if (site.churn === null) {
    const churn = startChurn({ api: mainCluster(site).cluster.api, remakes: runs(site.options, "controllers") && runs(site.options, "kwok"), perSecond });
    site.churn = churn;
    site.endings.push(async () => churn.stop());
  } else site.churn.set(perSecond);
}
