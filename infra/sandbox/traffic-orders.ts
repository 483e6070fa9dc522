// Orders about the services' traffic: how versions and machines behave, how much is asked, incidents, and new versions on their way.
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "./control-plane/api-client.ts";
import { at, listAt, textAt, type Json } from "./json.ts";
import { durationMs, type Order } from "./order.ts";
import { mainCluster, type Site } from "./site.ts";
import { httpProfiles } from "./traffic/profiles.ts";
import { fraction } from "./traffic/rhythm.ts";
import type { Turns } from "./traffic/turns.ts";

const rolledOut = "recycling-api";

/** All clusters' services are turned alike: an order names no cluster. */
function turn(site: Site, change: (turns: Turns) => void): void {
  const all = site.clusters.flatMap(({ traffic }) => traffic ?? []);
  if (all.length === 0) throw new Error("This world runs without traffic.");
  for (const traffic of all) traffic.turn(change);
}

function knownService(name: string): string {
  if (name in httpProfiles) return name;
  throw new Error(`There is no service ${name}. There are ${Object.keys(httpProfiles).join(", ")}.`);
}

/** `x5`: five times as many, five times as long. */
function factorOf(text: string): number | null {
  const factor = /^x(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  return factor === undefined ? null : Number(factor);
}

interface Words { factor: number; service: string; others: string[] }

function wordsOf(args: readonly string[], usualFactor: number): Words {
  const factor = args.map(factorOf).find((one) => one !== null) ?? usualFactor;
  const service = args.find((word) => word in httpProfiles) ?? rolledOut;
  return { factor, service, others: args.filter((word) => factorOf(word) === null && !(word in httpProfiles)) };
}

const stableWithinMs = 120_000;

/** A Rollout that has not brought up its first version yet would take the new one for it, and go through no step. */
async function stableRollout(api: ApiClient, service: string): Promise<Json> {
  const deadline = Date.now() + stableWithinMs;
  for (;;) {
    const [rollout] = listAt(await api.get(`/apis/argoproj.io/v1alpha1/rollouts?fieldSelector=metadata.name=${service}`), "items");
    if (rollout === undefined) throw new Error(`${service} is no Rollout in this world; change its image, and give the tag an order of its own with version-behaves.`);
    if (textAt(rollout, "status", "phase") === "Healthy") return rollout;
    if (Date.now() > deadline) throw new Error(`${service} is ${textAt(rollout, "status", "phase") || "not looked at by its controller"}; a new version begins from a healthy one.`);
    await sleep(500);
  }
}

async function rollOut(site: Site, service: string, tag: string): Promise<void> {
  const { api } = mainCluster(site).cluster;
  const rollout = await stableRollout(api, service);
  const image = textAt(rollout, "spec", "template", "spec", "containers", 0, "image");
  const change = [
    { op: "replace", path: "/spec/template/spec/containers/0/image", value: `${image.slice(0, image.lastIndexOf(":"))}:${tag}` },
    ...(at(rollout, "spec", "template", "metadata", "labels", "version") === undefined ? [] : [{ op: "replace", path: "/spec/template/metadata/labels/version", value: tag }]),
  ];
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${textAt(rollout, "metadata", "namespace")}/rollouts/${service}`;
  const answer = await api.call({ method: "PATCH", path, body: change, contentType: "application/json-patch+json" });
  if (answer.status >= 300) throw new Error(`The new version was refused: ${textAt(answer.body, "message")}`);
}

/** Seven digits as a commit's, another at every call. */
const newTag = (): string => Math.floor(fraction(`${Date.now()}/${process.hrtime.bigint()}`) * 16 ** 7).toString(16).padStart(7, "0");

function canaryOrder(name: string, input: { say: string; usual: number; behaviour: (factor: number) => { errorFactor?: number; latencyFactor?: number } | null; told: (factor: number) => string }): Order {
  return {
    usage: `${name}${input.usual === 1 ? "" : " [x<factor>]"} [service] [tag]`, say: input.say,
    run: async (site, args) => {
      const { factor, service, others: [tag = newTag()] } = wordsOf(args, input.usual);
      const behaviour = input.behaviour(factor);
      turn(site, ({ versions }) => void (behaviour === null ? versions.delete(tag) : versions.set(tag, behaviour)));
      await rollOut(site, service, tag);
      return `${service} is rolled out with ${tag}, which ${input.told(factor)}.`;
    },
  };
}

const canaryOrders: Record<string, Order> = {
  "good-canary": canaryOrder("good-canary", { say: "a new version is rolled out, as good as the one before", usual: 1, behaviour: () => null, told: () => "is as good as the one before" }),
  "bad-canary": canaryOrder("bad-canary", { say: "a new version is rolled out that fails more often", usual: 5, behaviour: (errorFactor) => ({ errorFactor }), told: (factor) => `fails ${factor} times as often` }),
  "slow-canary": canaryOrder("slow-canary", { say: "a new version is rolled out that takes longer", usual: 3, behaviour: (latencyFactor) => ({ latencyFactor }), told: (factor) => `takes ${factor} times as long` }),
};

/** `after 1m for 5m`; at once and without an end when nothing is said. */
function spanOf(words: readonly string[]): { fromMs: number; toMs: number } {
  const said = (word: string): string | undefined => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const fromMs = Date.now() + durationMs(said("after"), 0);
  const lasts = said("for");
  return { fromMs, toMs: lasts === undefined ? Number.POSITIVE_INFINITY : fromMs + durationMs(lasts, 0) };
}

const moment = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

const lifeOrders: Record<string, Order> = {
  "shared-incident": {
    usage: "shared-incident [x<factor>|end] [service] [after <t>] [for <t>]", say: "all versions of a service fail alike, from when to when",
    run: async (site, args) => {
      const { factor, service, others } = wordsOf(args, 20);
      if (others[0] === "end") {
        turn(site, ({ incidents }) => { for (const one of incidents) if (one.app === service) one.toMs = Math.min(one.toMs, Date.now()); });
        return `The incident of ${service} is over.`;
      }
      const span = spanOf(others);
      turn(site, ({ incidents }) => void incidents.push({ app: service, errorFactor: factor, ...span }));
      return `All versions of ${service} fail ${factor} times as often from ${moment(span.fromMs)}${Number.isFinite(span.toMs) ? ` to ${moment(span.toMs)}` : " until it is ended"}.`;
    },
  },
  "no-traffic": {
    usage: "no-traffic [service]", say: "nobody asks a service any more",
    run: async (site, args) => {
      const { service } = wordsOf(args, 1);
      turn(site, ({ rates }) => void rates.set(service, 0));
      return `Nobody asks ${service}; requests-per-second ${service} usual ends it.`;
    },
  },
  "requests-per-second": {
    usage: "requests-per-second <service> <number|usual>", say: "how often a service is asked",
    run: async (site, [name = "", rate = ""]) => {
      const service = knownService(name);
      if (rate === "usual") {
        turn(site, ({ rates }) => void rates.delete(service));
        return `${service} is asked as it usually is.`;
      }
      const perSecond = Number(rate);
      if (rate === "" || !(perSecond >= 0 && perSecond <= 5_000)) throw new Error(`${rate || "Nothing"} is no number of requests per second between 0 and 5000.`);
      turn(site, ({ rates }) => void rates.set(service, perSecond));
      return `${service} is asked ${perSecond} times a second.`;
    },
  },
  "one-bad-node": {
    usage: "one-bad-node <name> [x<factor>|well]", say: "whatever runs on a machine fails more often",
    run: async (site, [name = "", how = "x20"]) => {
      const names = mainCluster(site).scenario.machines.map((machine) => machine.name);
      if (!names.includes(name)) throw new Error(`There is no machine called ${name || "nothing"}. There are ${names.join(", ")}.`);
      const errorFactor = factorOf(how);
      if (errorFactor === null && how !== "well") throw new Error(`${how} is no factor; say x20, or the word well.`);
      turn(site, ({ nodes }) => void (errorFactor === null ? nodes.delete(name) : nodes.set(name, { errorFactor })));
      return errorFactor === null ? `${name} is well again.` : `What runs on ${name} fails ${errorFactor} times as often.`;
    },
  },
  "version-behaves": {
    usage: "version-behaves <tag-or-hash> <error-rate|x<factor>|well> [latency-factor]", say: "a version errs or is slow from now on",
    run: async (site, [version = "", rate = "", slow = "1"]) => {
      if (version === "") throw new Error("Name the version: an image's tag or a template's hash.");
      const [errorFactor, errorRate, latencyFactor] = [factorOf(rate), Number(rate), Number(slow)];
      const errs = errorFactor !== null ? { errorFactor } : rate !== "" && errorRate >= 0 && errorRate <= 1 ? { errorRate } : null;
      if (rate === "well") turn(site, ({ versions }) => void versions.delete(version));
      else if (errs === null || !(latencyFactor > 0)) throw new Error("The error rate is a number from 0 to 1, a factor such as x5, or the word well.");
      else turn(site, ({ versions }) => void versions.set(version, { ...errs, latencyFactor }));
      return rate === "well" ? `${version} behaves well again.` : `${version} fails ${errorFactor === null ? `${(errorRate * 100).toFixed(1)} % of its requests` : `${errorFactor} times as often`} and takes ${latencyFactor} times as long.`;
    },
  },
  "answers-at": {
    usage: "answers-at <service.namespace> <url|itself>", say: "what works for the cluster finds that Service at this address",
    run: async (site, [name = "", url = ""]) => {
      const { names } = mainCluster(site);
      if (names === null) throw new Error("Nothing in this world asks Services by their names: Argo Rollouts does not run.");
      if (!name.includes(".")) throw new Error("Name the Service with its namespace, such as console.quarterdeck.");
      if (url !== "itself" && !URL.canParse(url)) throw new Error(`${url || "Nothing"} is no address; say http://127.0.0.1:3000, or the word itself.`);
      names.answer(name, url === "itself" ? null : url);
      return url === "itself" ? `${name} answers for itself again.` : `${name} answers at ${url}.`;
    },
  },
};

export const trafficOrders: Record<string, Order> = { ...canaryOrders, ...lifeOrders };
