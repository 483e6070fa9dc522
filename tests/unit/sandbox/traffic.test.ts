// The sandbox's traffic model: who gets which part of what is asked, and what a version, a machine or an incident makes of it.
import { describe, expect, it } from "vitest";
import type { Json } from "../../../infra/sandbox/json";
import { servicePage } from "../../../infra/sandbox/traffic/pages/services";
import { partsOf, type Front } from "../../../infra/sandbox/traffic/front";
import { toIngress, toPod } from "../../../infra/sandbox/traffic/seen";
import { createSimulation, type Life } from "../../../infra/sandbox/traffic/simulation";
import { incidentFactor, noTurns, type Turns } from "../../../infra/sandbox/traffic/turns";
import { answeredBy } from "../../fixtures/answered";
import { pod } from "../../fixtures/api-reader";

const start = 1_800_000_000_000;
const minutes = (count: number) => count * 60_000;
const service = (name: string, selector: Record<string, string>) => [`auth/${name}`, { namespace: "auth", name, selector }] as const;
const one = (name: string, image: string, more: { node?: string } = {}) => toPod(pod({ namespace: "auth", name, app: "auth-api", node: more.node ?? "n", image }));
const plain: Front = { services: new Map([service("auth-api", { app: "auth-api" })]), ingresses: new Map() };
const totals = (life: Pick<Life, "requests" | "answered">) => ({ requests: life.requests, rate: answeredBy(life, "serverErrors") / life.requests });

function run(pods: ReturnType<typeof one>[], { turns = {}, front = plain, span = minutes(10) }: { turns?: Partial<Turns>; front?: Front; span?: number } = {}): (name: string) => { requests: number; rate: number } {
  const simulation = createSimulation(start, { turns: { ...noTurns(), rates: new Map([["auth-api", 200]]), ...turns }, front });
  simulation.adopt(pods, new Map(pods.map(({ node }) => [node, 64])));
  for (let at = start + 5_000; at <= start + span; at += 5_000) simulation.advance(at);
  return (name) => totals(simulation.lives.get(`uid-${name}`) ?? { requests: Number.NaN, answered: [] });
}

describe("the way of requests", () => {
  it("shares them evenly over the ready pods that the Service selects, whichever version they are", () => {
    const of = run([one("a", "x:1"), one("b", "x:1"), one("c", "x:2")]);
    expect(of("c").requests).toBeCloseTo(200 * 600 / 3, 3);
    expect(of("a").requests).toBeCloseTo(of("c").requests, 6);
  });

  it("sends none to a pod that the Service does not select, and none at all where there is no Service", () => {
    const of = run([one("a", "x:1")], { front: { services: new Map([service("auth-api", { app: "auth-api", track: "stable" })]), ingresses: new Map() } });
    expect(of("a").requests).toBe(0);
    expect(run([one("a", "x:1")], { front: { services: new Map(), ingresses: new Map() } })("a").requests).toBe(0);
  });

  const action = (groups: object[]): Json => ({
    metadata: { namespace: "auth", name: "auth-ingress", annotations: { "alb.ingress.kubernetes.io/actions.auth-api": JSON.stringify({ type: "forward", forwardConfig: { targetGroups: groups } }) } },
    spec: { rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "auth-api", port: { name: "use-annotation" } } } }] } }] },
  });
  const behindBalancer = (groups: object[]): Front => ({
    services: new Map([service("auth-api", { version: "1" }), service("auth-api-canary", { version: "2" })]), ingresses: new Map([["auth/auth-ingress", toIngress(action(groups))]]),
  });
  const labelled = (name: string, version: string) => ({ ...one(name, `x:${version}`), labels: { app: "auth-api", version } });

  it("follows the weights of the load balancer's action, not the number of pods", () => {
    const front = behindBalancer([{ serviceName: "auth-api", servicePort: "80", weight: 95 }, { serviceName: "auth-api-canary", servicePort: "80", weight: 5 }]);
    const of = run([labelled("a", "1"), labelled("b", "1"), labelled("c", "2")], { front });
    expect(of("c").requests / (200 * 600)).toBeCloseTo(0.05, 6);
    expect(of("a").requests / (200 * 600)).toBeCloseTo(0.475, 6);
  });

  it("reads the action as Argo Rollouts writes it, and loses what goes to a target group without a ready pod", () => {
    const written = { Type: "forward", ForwardConfig: { TargetGroups: [{ ServiceName: "auth-api-canary", ServicePort: "80", Weight: 25 }, { ServiceName: "auth-api", ServicePort: "80", Weight: 75 }] } };
    const ingress = toIngress({ metadata: { namespace: "auth", name: "i", annotations: { "alb.ingress.kubernetes.io/actions.auth-api": JSON.stringify(written) } }, spec: { rules: [{ http: { paths: [{ backend: { service: { name: "auth-api", port: { name: "use-annotation" } } } }] } }] } });
    const front = { services: behindBalancer([]).services, ingresses: new Map([["auth/i", ingress]]) };
    const life = { pod: labelled("a", "1") };
    expect(partsOf("auth-api", [life], front).get(life)).toBeCloseTo(0.75, 9);
  });

  it("takes an unreadable action for none", () => {
    const ingress = toIngress({ metadata: { namespace: "auth", name: "i", annotations: { "alb.ingress.kubernetes.io/actions.auth-api": "{not json" } }, spec: {} });
    const life = { pod: one("a", "x:1") };
    expect(partsOf("auth-api", [life], { services: plain.services, ingresses: new Map([["auth/i", ingress]]) }).get(life)).toBe(1);
  });
});

describe("a machine", () => {
  it("gives no more than it has, whatever its pods want, so that no counter of its idle time ever falls", () => {
    const simulation = createSimulation(start, { turns: { ...noTurns(), rates: new Map([["auth-api", 5_000]]) }, front: plain });
    simulation.adopt([one("a", "x:1"), one("b", "x:1")], new Map([["n", 2]]));
    let idle = 0;
    for (let at = start + 5_000; at <= start + minutes(2); at += 5_000) {
      simulation.advance(at);
      const { cpuSeconds, upSeconds } = simulation.machines.get("n") ?? { cpuSeconds: Number.NaN, upSeconds: Number.NaN };
      const now = 2 * upSeconds - cpuSeconds;
      expect(now).toBeGreaterThan(idle);
      idle = now;
    }
    expect([...simulation.lives.values()].reduce((sum, { cpuMillis }) => sum + cpuMillis, 0)).toBeGreaterThan(1_800);
  });
});

describe("a histogram", () => {
  it("grows by whole requests that every wider bucket counts as well, over any span", () => {
    const simulation = createSimulation(start, { turns: { ...noTurns(), rates: new Map([["auth-api", 7]]) }, front: plain });
    simulation.adopt([one("a", "x:1")], new Map([["n", 64]]));
    const life = simulation.lives.get("uid-a");
    let before: number[] = [];
    for (let at = start + 5_000; life && at <= start + minutes(3); at += 5_000) {
      simulation.advance(at);
      const buckets = servicePage(life).flatMap(({ samples }) => samples).filter(({ suffix, labels }) => suffix === "_bucket" && labels.includes("/login")).map(({ value }) => value);
      const grown = buckets.map((value, index) => value - (before[index] ?? 0));
      expect(grown).toEqual(grown.toSorted((a, b) => a - b));
      before = buckets;
    }
    expect(before.at(-1)).toBeGreaterThan(100);
    expect(before.every(Number.isInteger)).toBe(true);
  });
});

describe("what becomes of requests", () => {
  it("a bad version fails its factor times as often as the one beside it, by chance and not to the digit", () => {
    const of = run([one("a", "x:1"), one("b", "x:2")], { turns: { versions: new Map([["2", { errorFactor: 5 }]]) }, span: minutes(30) });
    expect(of("b").rate / of("a").rate).toBeGreaterThan(4);
    expect(of("b").rate / of("a").rate).toBeLessThan(6.2);
  });

  it("two versions that are alike differ by no more than chance", () => {
    const of = run([one("a", "x:1"), one("b", "x:2")], { span: minutes(60) });
    const [a, b] = [of("a"), of("b")];
    const deviation = Math.sqrt(a.rate * (1 - a.rate) * (1 / a.requests + 1 / b.requests));
    expect(Math.abs(a.rate - b.rate)).toBeLessThan(4 * deviation);
    expect(a.rate).not.toBe(b.rate);
  });

  it("an incident hits all versions alike, and only while it lasts", () => {
    const incident = { app: "auth-api", errorFactor: 20, fromMs: start + minutes(2), toMs: start + minutes(5) };
    const of = run([one("a", "x:1"), one("b", "x:2")], { turns: { incidents: [incident] } });
    const calm = run([one("a", "x:1"), one("b", "x:2")]);
    for (const name of ["a", "b"]) expect(of(name).rate / calm(name).rate).toBeGreaterThan(4);
    expect(incidentFactor([incident], "auth-api", { fromMs: start, toMs: start + minutes(2) })).toBe(1);
    expect(incidentFactor([incident], "auth-api", { fromMs: start + minutes(1), toMs: start + minutes(3) })).toBeCloseTo(10.5, 9);
    expect(incidentFactor([incident], "users-api", { fromMs: start + minutes(3), toMs: start + minutes(4) })).toBe(1);
  });

  it("a bad machine spoils whatever runs on it, of either version", () => {
    const of = run([one("a", "x:1", { node: "good" }), one("b", "x:1", { node: "bad" }), one("c", "x:2", { node: "good" })], { turns: { nodes: new Map([["bad", { errorFactor: 20 }]]) } });
    expect(of("b").rate / of("a").rate).toBeGreaterThan(8);
    expect(of("c").rate / of("a").rate).toBeLessThan(3);
  });

  it("without traffic nothing is counted", () => {
    expect(run([one("a", "x:1")], { turns: { rates: new Map([["auth-api", 0]]) } })("a").requests).toBe(0);
  });
});
