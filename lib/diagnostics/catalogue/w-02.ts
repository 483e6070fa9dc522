// W-02: etcd's database is nearly full.
import { openTierOne } from "../buttons";
import { clusterSubject, read } from "../facts";
import type { Failure } from "../failure";

/** etcd's own default. */
const quotaBytes = 2 * 2 ** 30;

export const w02: Failure = {
  id: "W-02", title: "etcd's database is nearly full", area: "control plane", severity: "critical",
  symptom: "The database file comes near its quota; beyond it etcd takes no writes.",
  look: (facts) => read(facts, "etcdSize").flatMap(({ value }) => (value > quotaBytes * 0.8 ? [{ subject: clusterSubject, say: `It has ${(value / 2 ** 30).toFixed(1)} GiB of ${quotaBytes / 2 ** 30} GiB.` }] : [])),
  cause: "History is not compacted, or something writes without end.",
  fix: [
    { say: "Compact and defragment, then look what writes.", command: "etcdctl defrag --cluster" },
    { say: "See its size.", button: openTierOne },
  ],
  source: "domain.md 6.4 and 10",
};
