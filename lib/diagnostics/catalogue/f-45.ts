// F-45: a selector that no machine matches.
import { openPod } from "../buttons";
import { tiersThere } from "../facts";
import type { Failure } from "../failure";
import { tierOfNode } from "../../placement/tier-policy";

export const f45: Failure = {
  id: "F-45", title: "A selector that no machine matches", area: "storage", severity: "critical",
  symptom: "Pending: node(s) didn't match Pod's node affinity/selector, on every node that is not tainted.",
  says: [/didn't match Pod's node affinity\/selector/],
  means: ({ text, subject }, facts) => {
    const pod = facts.picture.store("Pod").get(subject.key);
    if (!pod || /Insufficient|Too many pods|volume node affinity/.test(text)) return false;
    const tier = tierOfNode(facts.policy, { labels: pod.spec.nodeSelector });
    return tier === null || tiersThere(facts).has(tier);
  },
  cause: "The label was never set on the machine, or the selector names another one.",
  fix: [
    { say: "Label the machine.", command: "kubectl label node <node> workload=<value>" },
    { say: "See which filters refuse it.", button: openPod },
  ],
  source: "domain.md 4.7, F-45",
};
