// F-46: a tier has no machine.
import { openBuild, openJob } from "../buttons";
import { tiersThere } from "../facts";
import type { Failure } from "../failure";
import { tierOfNode } from "../../placement/tier-policy";

export const f46: Failure = {
  id: "F-46", title: "A tier has no machine", area: "storage", severity: "critical",
  symptom: "Pods of a tier are Pending because no node of the tier exists.",
  says: [/didn't match Pod's node affinity\/selector/],
  means: ({ subject }, facts) => {
    const pod = facts.picture.store("Pod").get(subject.key);
    const tier = pod ? tierOfNode(facts.policy, { labels: pod.spec.nodeSelector }) : null;
    return tier !== null && !tiersThere(facts).has(tier);
  },
  cause: "The machine never joined: it was left out of the join, or its join failed.",
  fix: [
    { say: "Join it, or look at the job that built the cluster.", button: openJob },
    { say: "Compare machines and nodes.", button: openBuild },
  ],
  source: "domain.md 4.7, F-46",
};
