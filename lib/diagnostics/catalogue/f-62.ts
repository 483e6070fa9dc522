// F-62: etcd does not answer as it should.
import { openTierOne } from "../buttons";
import type { Failure } from "../failure";

export const f62: Failure = {
  id: "F-62", title: "etcd does not answer as it should", area: "control plane", severity: "critical",
  symptom: "etcdctl or the API server says connection refused, certificate verify failed, context deadline exceeded, or request timed out.",
  says: [/:2379[\s\S]*(connection refused|certificate verify failed|deadline exceeded)/, /etcdserver: (request timed out|no leader|leader changed|mvcc: database space exceeded)/],
  cause: "The paths of its certificates are wrong, it is down, or its disk is too slow.",
  fix: [
    { say: "Ask it with the right certificates.", command: "etcdctl --endpoints https://127.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key endpoint health" },
    { say: "Look at its disk.", button: openTierOne },
  ],
  source: "domain.md 4.7, F-62",
};
