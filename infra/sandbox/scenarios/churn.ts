// Makes a cluster restless: so many pods a second lose and regain their readiness, and now and then one is deleted and made anew.
import type { ApiClient } from "../control-plane/api-client.ts";
import { at, listAt, textAt, type Json } from "../json.ts";

export interface Churn { perSecond(): number; /** Changes that the API server has taken. */ done(): number; set(perSecond: number): void; stop(): void }

const tickMs = 50;
/** Enough to look random, few enough to be listed at once also in a cluster of hundreds of thousands. */
const knownPods = 2_000;
const deleteEvery = 12;

interface Target { path: string; ready: boolean; owned: boolean }

async function listTargets(api: ApiClient): Promise<Target[]> {
  const namespaces = listAt(await api.get("/api/v1/namespaces?limit=200"), "items").map((namespace) => textAt(namespace, "metadata", "name"));
  const limit = Math.ceil(knownPods / Math.max(1, namespaces.length));
  const lists = await Promise.all(namespaces.map((namespace) => api.get(`/api/v1/namespaces/${namespace}/pods?limit=${limit}`)));
  return lists.flatMap((list) => listAt(list, "items")).filter((pod) => textAt(pod, "status", "phase") === "Running" && textAt(pod, "metadata", "deletionTimestamp") === "").map(toTarget);
}

function toTarget(pod: Json): Target {
  const ready = listAt(pod, "status", "conditions").some((condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True");
  const owner = textAt(pod, "metadata", "ownerReferences", 0, "kind");
  return { path: `/api/v1/namespaces/${textAt(pod, "metadata", "namespace")}/pods/${textAt(pod, "metadata", "name")}`, ready, owned: owner === "ReplicaSet" && at(pod, "metadata", "labels", "sandbox.quarterdeck.dev/behaviour") === undefined };
}

/** `remakes`: whether a deleted pod comes back, for which the controllers have to run. */
export function startChurn(input: { api: ApiClient; remakes: boolean; perSecond: number }): Churn {
  const { api } = input;
  let perSecond = input.perSecond;
  let targets: Target[] = [];
  let owed = 0;
  let done = 0;
  let turn = 0;
  let listing: Promise<void> | null = null;
  let listedAt = 0;
  const relist = (): void => {
    if (listing !== null || Date.now() - listedAt < 2_000) return;
    listing = listTargets(api).then((found) => { targets = found; }, () => undefined).finally(() => { listing = null; listedAt = Date.now(); });
  };
  const act = async (target: Target): Promise<void> => {
    turn += 1;
    if (input.remakes && target.owned && turn % deleteEvery === 0) {
      targets = targets.filter((other) => other !== target);
      if ((await api.call({ method: "DELETE", path: `${target.path}?gracePeriodSeconds=1` })).status < 300) done += 1;
    } else {
      target.ready = !target.ready;
      const status = target.ready ? "True" : "False";
      const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status, lastTransitionTime: new Date().toISOString().replace(/\.\d+/, "") }));
      const answer = await api.call({ method: "PATCH", path: `${target.path}/status`, body: { status: { conditions } }, contentType: "application/strategic-merge-patch+json" });
      if (answer.status === 404) targets = targets.filter((other) => other !== target);
      if (answer.status < 300) done += 1;
    }
  };
  const timer = setInterval(() => {
    if (perSecond === 0) return;
    if (targets.length === 0 || (input.remakes && Date.now() - listedAt > 10_000)) relist();
    // A stalled API is not paid back later with a burst.
    owed = Math.min(owed + perSecond * tickMs / 1000, perSecond);
    while (owed >= 1 && targets.length > 0) {
      owed -= 1;
      const target = targets[Math.floor(Math.random() * targets.length)];
      if (target !== undefined) act(target).catch(() => undefined);
    }
  }, tickMs);
  return { perSecond: () => perSecond, done: () => done, set: (wanted) => { perSecond = wanted; }, stop: () => clearInterval(timer) };
}
