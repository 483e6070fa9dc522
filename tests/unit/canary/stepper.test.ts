// The rules of a stepped canary: which share so many pods make, when it goes on, and which canaries nobody steps any more.
import { describe, expect, it } from "vitest";
import { advance } from "@/lib/canary/stepper/advance";
import { podShare, routedShare, shareText, weighedShare } from "@/lib/canary/stepper/share";
import type { StepVerdict } from "@/lib/canary/step-analyst";

const said = (change: Partial<StepVerdict> = {}): StepVerdict => ({ word: "undecided", ill: false, ended: false, sentence: "Gathering.", at: 1, trouble: "", ...change });
const asked = (verdict: StepVerdict | null, more: { heldMs?: number; last?: boolean } = {}) => advance({ heldMs: 10_000, holdMs: 10_000, last: false, verdict, ...more });

describe("a step", () => {
  it("is left by time alone where nobody judges, and not before", () => {
    expect(asked(null).is).toBe("go");
    expect(asked(null, { heldMs: 9_000 })).toEqual({ is: "wait", say: expect.stringContaining("1 s more") });
  });

  it("goes back at once on FAIL, however short it was held", () => expect(asked(said({ word: "fail", sentence: "Worse." }), { heldMs: 0 })).toEqual({ is: "abort", say: "Worse." }));

  it("sends more without a verdict, as long as nothing speaks against it; only proof promotes", () => {
    expect(asked(said()).is).toBe("go");
    expect(asked(said(), { last: true }).is).toBe("wait");
    expect(asked(said({ word: "pass" }), { last: true }).is).toBe("go");
  });

  it("waits while the service is ill, proven or not, and while the judge has seen nothing", () => {
    expect(asked(said({ word: "pass", ill: true }), { last: true }).is).toBe("wait");
    expect(asked(said({ ill: true })).is).toBe("wait");
    expect(asked(said({ at: null })).is).toBe("wait");
    expect(asked(said({ trouble: "Prometheus is away" }))).toEqual({ is: "wait", say: expect.stringContaining("Prometheus is away") });
  });

  it("asks a person when the time is up without a verdict, also when nothing could be seen", () => {
    expect(asked(said({ ended: true })).is).toBe("ask");
    expect(asked(said({ ended: true, trouble: "The analysis is gone." })).is).toBe("ask");
  });
});

describe("a share", () => {
  it("of pods is the nearest that so many can make, and what it really is stands beside it", () => {
    expect(podShare({ replicas: 5, weight: 5, keepStable: false })).toEqual({ canary: 1, stable: 5, real: 1 / 6 });
    expect(podShare({ replicas: 10, weight: 18, keepStable: false })).toMatchObject({ canary: 2, stable: 9 });
    expect(shareText(5, 1 / 6, { canary: 1, stable: 5 })).toBe("wanted 5 %, really 16.7 %: 1 of 6 pods");
  });

  it("leaves the stable pods to an autoscaler and puts the canary beside them", () => {
    expect(podShare({ replicas: 4, weight: 50, keepStable: true })).toEqual({ canary: 4, stable: 4, real: 0.5 });
    expect(podShare({ replicas: 2, weight: 5, keepStable: true })).toMatchObject({ canary: 1, stable: 2 });
  });

  it("behind a router is the weight itself, with as many pods as it needs", () => {
    expect([0, 20, 25, 33, 99].map((weight) => routedShare({ replicas: 10, weight }).canary)).toEqual([1, 2, 3, 4, 10]);
    expect(shareText(5, 0.05, null)).toBe("wanted 5 %, by the load balancer's weights 5 %");
  });

  const base = { uid: "", namespace: "auth", resourceVersion: "", createdAt: 0, deletedAt: null, owner: null, broken: null };
  const service = { ...base, kind: "Service" as const, name: "auth-api-canary", labels: { "quarterdeck.dev/job": "job-0001" }, type: "ClusterIP", selector: { app: "auth-api", "pod-template-hash": "abc" }, clusterIp: "", ports: [], annotations: {} };
  const ingress = (weight: number) => ({ ...base, kind: "Ingress" as const, name: "i", labels: {}, className: "alb", rules: [], addresses: [], tls: false, annotations: { "alb.ingress.kubernetes.io/actions.auth-api": `{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"auth-api-canary","servicePort":"80","weight":${weight}},{"serviceName":"auth-api","servicePort":"80","weight":${100 - weight}}]}}` } });

  it("of a weighed canary is read off the load balancer's action, of this version alone", () => {
    expect(weighedShare("abc", { namespace: "auth", services: [service], ingresses: [ingress(5)] })).toBe(0.05);
    expect(weighedShare("other", { namespace: "auth", services: [service], ingresses: [ingress(5)] })).toBeNull();
    expect(weighedShare("abc", { namespace: "waste", services: [service], ingresses: [ingress(5)] })).toBeNull();
  });
});
