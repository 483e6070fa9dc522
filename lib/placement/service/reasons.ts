// Feeds that answer why and what if, from the live picture.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { machineTypes } from "@/lib/clusters/machine-types";
import { compare, explain, nearestNodes } from "../explain";
import { findDrift } from "../drift";
import { whatIfQuestion } from "../question";
import { remediesFor } from "../remedies";
import { whatIf } from "../what-if";
import { liveView } from "./live";
import { clusterInput } from "./snapshot";

/** Of thousands of nodes only the nearest are worth reading; the counts are still over all of them. */
const mostNodes = 200;

/** Why a pod is where it is or nowhere, held against the scheduler's own words, with what would let it run. */
export const explainPod = feed({
  name: "placement.explain",
  permission: "cluster.read",
  input: clusterInput.extend({ pod: z.string().min(3).max(320) }),
  run: async (_ctx, { cluster, pod: key }) => {
    const { picture } = await liveView(cluster);
    const pod = picture.store("Pod").get(key);
    if (!pod) throw new AppError("not-found", `There is no pod ${key} in ${cluster} now. It may have been replaced; look for it under its workload.`);
    const explanation = explain(picture, pod);
    const message = pod.unscheduled?.message ?? "";
    const spoken = [...picture.store("Event").by("namespace", pod.namespace)].filter((event) => event.reason === "FailedScheduling" && event.regarding.uid === pod.uid);
    const count = spoken.reduce((sum, event) => sum + event.count, 0);
    const remedies = pod.nodeName === "" ? remediesFor(picture, pod, machineTypes) : [];
    return {
      explanation: nearestNodes(explanation, mostNodes),
      scheduler: message === "" ? null : { message, at: Math.max(pod.unscheduled?.at ?? 0, ...spoken.map((event) => event.lastAt)), count },
      comparison: message === "" ? null : compare(explanation, message),
      remedies: remedies.map(({ id, title, works, say, change, monthlyUsd }) => ({
        id, title, works, monthlyUsd, outcome: say, tryWith: change ? `question=${encodeURIComponent(JSON.stringify({ kind: "change", pod: key, change }))}` : null,
      })),
    };
  },
});

export const driftFindings = feed({
  name: "placement.drift",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }) => {
    const { picture, policy, tables } = await liveView(cluster);
    return { findings: findDrift(picture, policy, tables()) };
  },
});

export const askWhatIf = feed({
  name: "placement.what-if",
  permission: "cluster.read",
  input: clusterInput.extend({ question: whatIfQuestion }),
  run: async (_ctx, { cluster, question }) => {
    const { picture, policy } = await liveView(cluster);
    const answer = whatIf(picture, question, { policy, machines: machineTypes });
    if (!answer) throw new AppError("not-found", "What the question names is not in the cluster now. Choose it anew from the lists.");
    return answer;
  },
});
