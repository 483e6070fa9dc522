// The way of a request: rules in the order of the load balancer, a path followed to its pods, and each hop's health.
import { describe, expect, it } from "vitest";
import { follow, readAddress } from "@/lib/routes/follow";
import { matches, patternsOf, rulesInOrder, shadowing } from "@/lib/routes/rules";
import { told } from "@/lib/routes/world";
import { amazon, address, host, ingress, look, machines, rule, service, world } from "./made";

const paths = (...all: Parameters<typeof rulesInOrder>[0]) => rulesInOrder(all).rules.map(({ rule: one }) => one.path);

describe("the order of rules", () => {
  it("is by group order, then by namespace and name; an order that is not said is 0", () => {
    expect(paths(ingress("b/late", [rule("/b", "b")], { "group.order": "20" }), ingress("z/early", [rule("/z", "z")], { "group.order": null }), ingress("a/late", [rule("/a", "a")], { "group.order": "20" }))).toEqual(["/z", "/a", "/b"]);
  });

  it("inside one Ingress is exact paths, then prefixes from long to short, then the rest as written", () => {
    expect(paths(ingress("a/one", [rule("/img/*", "x", { pathType: "ImplementationSpecific" }), rule("/", "x"), rule("/api/v1", "x"), rule("/api", "x"), rule("/ping", "x", { pathType: "Exact" })]))).toEqual(["/ping", "/api/v1", "/api", "/", "/img/*"]);
  });

  it("keeps the default backend out of the rules and last", () => {
    const { rules, fallback } = rulesInOrder([ingress("a/one", [rule("/a", "a"), rule("", "rest", { pathType: "Default", host: "" })])]);
    expect([rules.length, fallback?.rule.service]).toEqual([1, "rest"]);
  });

  it("takes a prefix as itself and all beneath it, and no longer word", () => {
    const [own = "", beneath = ""] = patternsOf({ path: "/api/", pathType: "Prefix" });
    expect([own, beneath]).toEqual(["/api", "/api/*"]);
    expect(["/api", "/api/", "/api/v1"].every((path) => matches(own, path) || matches(beneath, path))).toBe(true);
    expect(matches(own, "/apis") || matches(beneath, "/apis")).toBe(false);
  });

  it("answers a pattern of many stars in no time", () => {
    const begun = performance.now();
    expect(matches(`${"*a".repeat(20)}b`, "a".repeat(5_000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it("finds the rule that hides another, and none where the later is wider", () => {
    const made = (path: string, pathType = "Prefix", at = host) => ({ rule: rule(path, "s", { pathType, host: at }), patterns: patternsOf({ path, pathType }) });
    expect(shadowing([made("/api"), made("/api/v1")], 1)?.rule.path).toBe("/api");
    expect(shadowing([made("/api/v1"), made("/api")], 1)).toBeNull();
    expect(shadowing([made("/", "Prefix", "other.app"), made("/api")], 1)).toBeNull();
    expect(shadowing([made("/", "Prefix", ""), made("/api")], 1)?.rule.host).toBe("");
    expect(shadowing([made("/api"), made("/api/v1", "Prefix", "")], 1)).toBeNull();
  });
});

const objects = [...machines, ...service("auth/auth-api", 31441), ...service("default/backend", 30082, { pods: 1 }), ingress("auth/auth-ingress", [rule("/api/v1/auth", "auth-api")], { "group.order": "21" }), ingress("default/api", [rule("/api/v1", "backend"), rule("/", "backend")], { "group.order": "30" })];
const services: [string, number][] = [["auth/auth-api", 31441], ["default/backend", 30082]];

describe("a path that is followed", () => {
  it("goes rule by rule to the pods, in one sentence and in steps", () => {
    const { balancers } = look(objects, world({ amazon: told(amazon(services)) }));
    const followed = follow(balancers, { host: "", path: "/api/v1/auth/login" });
    expect(followed.sentence).toBe("/api/v1/auth/login → rule 1 → auth-api:31441 → 2 of 2 pods");
    expect(followed.steps.map(({ hop, state }) => `${hop} ${state}`)).toEqual(["name unknown", "balancer well", "listener well", "listener well", "rule well", "service well", "node well", "pod well"]);
    expect(follow(balancers, { host, path: "/anything" }).sentence).toBe("/anything → rule 3 → backend:30082 → 1 of 1 pods");
  });

  it("ends in 404 where no rule matches, and says which host nobody serves", () => {
    const { balancers } = look([...machines, ...service("auth/auth-api", 31441), ingress("auth/one", [rule("/auth", "auth-api")])]);
    expect(follow(balancers, { host, path: "/else" }).sentence).toBe("/else → no rule → 404");
    expect(follow(balancers, { host: "other.app", path: "/auth" }).sentence).toBe("No load balancer has a rule for the host other.app.");
    expect(follow([], { host: "", path: "/" }).sentence).toBe("No Ingress leads into this cluster.");
  });

  it("is read from what people paste", () => {
    expect(readAddress("https://growbin.app:443/api/v1?x=1#y")).toEqual({ host: "growbin.app", path: "/api/v1" });
    expect(readAddress(" /api ")).toEqual({ host: "", path: "/api" });
    expect(readAddress("growbin.app")).toEqual({ host: "growbin.app", path: "/" });
    expect([readAddress(""), readAddress("a b")]).toEqual([null, null]);
  });
});

describe("each hop's health", () => {
  it("is the load balancer's own word where AWS was asked, and not known where it was not", () => {
    const sick = amazon(services);
    const [group] = sick.groups;
    const told1 = { ...sick, groups: group ? [{ ...group, targets: group.targets.map((one, index) => (index === 0 ? { ...one, state: "unhealthy", reason: "Target.FailedHealthChecks" } : one)) }, ...sick.groups.slice(1)] : [] };
    const rules = (around: ReturnType<typeof world>) => look(objects, around).balancers[0]?.rules ?? [];
    expect(rules(world({ amazon: told(told1) }))[0]).toMatchObject({ state: "warning", say: "1 of 2 targets are healthy.", nodes: [{ node: "w1", state: "unhealthy", reason: "Target.FailedHealthChecks", tier: 2 }, { node: "w2", state: "healthy", tier: 3 }] });
    expect(rules(world())[0]?.nodes.map(({ state }) => state)).toEqual(["unknown", "unknown"]);
  });

  it("F-28: a node without a whole providerID is no target", () => {
    const [first, second] = machines;
    const broken = first && second ? [{ ...first, providerId: "aws:///ap-northeast-2a/" }, second] : [];
    expect(look([...broken, ...objects.slice(2)], world({ amazon: told(amazon(services)) })).balancers[0]?.rules[0]?.nodes[0]).toMatchObject({ state: "no providerID" });
  });

  it("F-27: a name that leads to a machine is told from one that leads to the load balancer", () => {
    const names = (addresses: string[], aliases: string[] = []) => look(objects, world({ amazon: told(amazon(services)), names: new Map([[host, told({ addresses, aliases })], [address, told({ addresses: ["3.3.3.3", "4.4.4.4"], aliases: [] })]]) }));
    expect(names(["52.0.0.1"]).balancers[0]?.names[0]).toMatchObject({ state: "failed", say: "leads to the machine w1 and not to the load balancer" });
    expect(names(["3.3.3.3"]).balancers[0]?.names[0]?.state).toBe("well");
    expect(names([], [address]).balancers[0]?.names[0]?.state).toBe("well");
    expect(names([]).findings.map(({ check }) => check)).toContain("dns");
  });

  it("is broken where the Service is not there or lacks the port, and the rest stands all the same", () => {
    const { balancers, findings } = look([...machines, ...service("auth/auth-api", 31441), ingress("auth/one", [rule("/a", "gone"), rule("/b", "auth-api", { port: "81" }), rule("/c", "auth-api")])]);
    expect(balancers[0]?.rules.map(({ state }) => state)).toEqual(["failed", "failed", "well"]);
    expect(findings.filter(({ check }) => check === "no-service").length).toBe(2);
  });
});
