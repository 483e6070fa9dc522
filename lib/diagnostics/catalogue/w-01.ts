// W-01: etcd has no fresh backup.
import { openJob } from "../buttons";
import { clusterSubject } from "../facts";
import type { Failure } from "../failure";

const dayMs = 86_400_000;

export const w01: Failure = {
  id: "W-01", title: "etcd has no fresh backup", area: "control plane", severity: "warning",
  symptom: "The last snapshot of etcd is older than a day, or there is none.",
  look: ({ lastSnapshotAt, now }) => {
    if (lastSnapshotAt === undefined || (lastSnapshotAt !== null && now - lastSnapshotAt < dayMs * 1.1)) return [];
    return [{ subject: clusterSubject, say: lastSnapshotAt === null ? "The console knows of no snapshot of this cluster." : `The last one is ${Math.round((now - lastSnapshotAt) / 3_600_000)} hours old.` }];
  },
  cause: "No job makes snapshots, or it fails.",
  fix: [
    { say: "Make one now, and let a schedule make them; keep them off the machine.", command: "etcdctl snapshot save /var/backups/etcd/$(date +%F).db" },
    { say: "See its jobs.", button: openJob },
  ],
  source: "domain.md 10, note on etcd backups",
};
