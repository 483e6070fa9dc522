// W-03: etcd's disk is slow.
import { openTierOne } from "../buttons";
import { clusterSubject, read } from "../facts";
import type { Failure } from "../failure";

export const w03: Failure = {
  id: "W-03", title: "etcd's disk is slow", area: "control plane", severity: "warning",
  symptom: "99 % of etcd's log writes take longer than 10 ms.",
  look: (facts) => read(facts, "etcdFsync").flatMap(({ value }) => (value > 0.01 ? [{ subject: clusterSubject, say: `99 % of the writes come within ${(value * 1000).toFixed(0)} ms; up to 10 ms is well.` }] : [])),
  cause: "The disk is too slow or shared with too much.",
  fix: [{ say: "Give the control plane a faster disk, or move what writes on it away.", button: openTierOne }],
  source: "domain.md 6.4 and 10",
};
