// `npm run bench -- diagnosis`: how much of the catalogue is recognised, what is wrongly raised, and what a look at a cluster of 5,000 machines and 150,000 pods costs.
import { describe, it } from "vitest";
import type { EventObject, Kind, NodeObject, ObjectsByKind, PodObject } from "@/lib/adapters/kubernetes/objects";
import { createStores } from "@/lib/adapters/kubernetes/store";
import { diagnose } from "@/lib/diagnostics/diagnose";
import { noFacts, type Facts } from "@/lib/diagnostics/facts";
import { createGathering, saidOf } from "@/lib/diagnostics/gather";
import type { Picture } from "@/lib/placement/picture";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { lintRoutes } from "@/lib/routes/lint";
import { balancersOf } from "@/lib/routes/view";
import { scenarios, wellFacts } from "../fixtures/diagnosis";
import { node, pod } from "../unit/placement/made";
import { ingress, now, rule, service, world } from "../unit/routes/made";
import { createFigures, percentile } from "./figures";

const figures = createFigures();
const size = { nodes: 5_000, pods: 150_000, unwell: 3_000, events: 2_000, ingresses: 100 };
/** How often the loop looks, and how many pods change in that time. */
const everySeconds = 5;
const changesASecond = 200;
const labels = ["application", "async-workers", "database", "cache"];

/** Each object goes into the store of its own kind; the compiler loses the link between the two. */
function put(stores: ReturnType<typeof createStores>, object: ObjectsByKind[Kind]): void {
  (stores[object.kind] as { put(one: ObjectsByKind[Kind]): unknown }).put(object);
}

function site(): { picture: Picture; pods: PodObject[] } {
  const stores = createStores();
  const nodes = Array.from({ length: size.nodes }, (_, at): NodeObject => node(`n-${at}`, { labels: at < 3 ? { "node-role.kubernetes.io/control-plane": "" } : { workload: labels[at % 4] ?? "" }, providerId: `aws:///ap-northeast-2a/i-${String(at).padStart(8, "0")}` }));
  const shared = pod("shared").spec;
  const pods = Array.from({ length: size.pods }, (_, at): PodObject => {
    const ill = at % (size.pods / size.unwell) === 0;
    const placed = pod(`p-${at}`, { namespace: `ns-${at % 300}`, nodeName: ill && at % 3 === 0 ? "" : `n-${at % size.nodes}`, ready: !ill, ...(ill && at % 3 === 0 ? { unscheduled: { reason: "Unschedulable", at: now, message: `0/5000 nodes are available: ${at % 997} Insufficient cpu, 4003 node(s) didn't match Pod's node affinity/selector.` } } : {}) });
    return { ...placed, spec: shared };
  });
  const events = Array.from({ length: size.events }, (_, at): EventObject => ({ uid: `e-${at}`, name: `e-${at}`, namespace: "ns-0", resourceVersion: "1", labels: {}, createdAt: now, deletedAt: null, owner: null, broken: null, kind: "Event", type: at % 2 ? "Warning" : "Normal", reason: "Unhealthy", message: `Readiness probe failed: HTTP probe failed with statuscode: ${500 + (at % 4)} of pod number ${at}`, count: 1, firstAt: now, lastAt: now, regarding: { kind: "Pod", namespace: "ns-0", name: `p-${at * 300}`, uid: `u-${at}` }, source: "kubelet" }));
  for (const one of [...nodes, ...pods, ...events]) put(stores, one);
  for (let at = 0; at < size.ingresses; at += 1) for (const one of [...service(`shop/web-${at}`, 30_000 + at, { on: ["n-4", "n-8"] }), ingress(`shop/web-${at}`, [rule(`/web-${at}`, `web-${at}`)])]) put(stores, one);
  return { picture: { store: (kind) => stores[kind] }, pods };
}

describe("diagnosis", () => {
  it("recognises what happened and nothing else", () => {
    const found = scenarios.map(({ id, facts }) => ({ id, ids: [...new Set(diagnose(facts).map(({ failure }) => failure))] }));
    const recognised = new Set(found.filter(({ id, ids }) => id.startsWith("F-") && ids.includes(id)).map(({ id }) => id));
    figures.tell("diagnosis.recognised", recognised.size, "failures of 64 in the catalogue of 60 and more", { op: ">=", value: 55 });
    figures.tell("diagnosis.watches", new Set(found.filter(({ id, ids }) => id.startsWith("W-") && ids.includes(id)).map(({ id }) => id)).size, "of 14 watches beside it");
    figures.tell("diagnosis.wrong", found.reduce((sum, { id, ids }) => sum + ids.filter((each) => each !== id).length, 0) + diagnose(wellFacts).length, `wrong causes over ${scenarios.length} scenarios`, { op: "<=", value: 0 });
  });

  it("costs little at 5,000 machines and 150,000 pods", () => {
    const { picture, pods } = site();
    const gathering = createGathering();
    const whole = performance.now();
    gathering.rebuild(picture);
    figures.tell("diagnosis.gather.first", performance.now() - whole, "ms");
    const around = world();
    const look: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const begun = process.cpuUsage();
      for (let change = 0; change < changesASecond * everySeconds; change += 1) {
        const one = pods[(turn * 7919 + change * 131) % pods.length];
        if (one) gathering.touch([{ kind: "Pod", key: `${one.namespace}/${one.name}`, before: one, after: { ...one, ready: !one.ready } }]);
      }
      const routesLook = { picture, policy: defaultTierPolicy, world: around };
      const balancers = balancersOf(routesLook);
      const unwell = gathering.unwell();
      const facts: Facts = { ...noFacts, now: now + turn, picture, policy: defaultTierPolicy, unwell, said: saidOf(picture, unwell, now), routes: { at: now, balancers, findings: lintRoutes(routesLook, balancers, now), sources: [], network: [] }, world: around, lastSnapshotAt: now };
      diagnose(facts);
      const { user, system } = process.cpuUsage(begun);
      look.push((user + system) / 1000);
    }
    figures.tell("diagnosis.look.first", look[0] ?? Number.NaN, "ms");
    figures.tell("diagnosis.look.median", percentile(look, 0.5), "ms");
    figures.tell("diagnosis.cost", percentile(look, 0.95) / everySeconds, "ms of processor time per second", { op: "<=", value: 100 });
  });
});
