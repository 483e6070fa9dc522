// W-04: etcd changes its leader often.
import { openTierOne } from "../buttons";
import { clusterSubject, read } from "../facts";
import type { Failure } from "../failure";

export const w04: Failure = {
  id: "W-04", title: "etcd changes its leader often", area: "control plane", severity: "warning",
  symptom: "Three or more changes of leader within an hour.",
  look: (facts) => read(facts, "etcdLeaderChanges").flatMap(({ value }) => (value >= 3 ? [{ subject: clusterSubject, say: `${Math.round(value)} changes within the last hour.` }] : [])),
  cause: "Members lose each other: network, disk or processor.",
  fix: [{ say: "Look at the machines of the control plane.", button: openTierOne }],
  source: "domain.md 6.4 and 10",
};
