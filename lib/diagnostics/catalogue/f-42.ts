// F-42: a workload of the storage tier finds no room.
import { openPod, openWhatIf } from "../buttons";
import type { Failure } from "../failure";

const storage = new Set(["storage", "database", "cache", "message-queue"]);

export const f42: Failure = {
  id: "F-42", title: "A workload of the storage tier finds no room", area: "storage", severity: "critical",
  symptom: "PostgreSQL is Pending: Insufficient cpu on the one node that its selector allows.",
  says: [/\d+ Insufficient cpu/],
  means: ({ subject }, { picture }) => {
    const pod = picture.store("Pod").get(subject.key);
    return pod !== undefined && storage.has(pod.spec.nodeSelector.workload ?? "");
  },
  cause: "The storage node matches its label and is full; those counted under Insufficient did match.",
  fix: [
    { say: "Ask for less: 250m instead of 500m, or move a neighbour away.", button: openWhatIf },
    { say: "Or label another machine for it.", button: openPod },
  ],
  source: "domain.md 4.7, F-42",
};
